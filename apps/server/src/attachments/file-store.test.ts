import { createHash, randomUUID } from 'node:crypto'
import { mkdtemp, readdir, readlink, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startS3, type TestS3 } from '../../../../test/kit/s3.ts'
import { Unavailable } from '../commands/outcome.ts'
import { createLogger } from '../logger.ts'
import { OperatorError } from '../operator-error.ts'
import { createDiskStore } from './disk-store.ts'
import { FileMissing, type FileStore } from './file-store.ts'
import { openFiles } from './open-files.ts'
import { createS3Store } from './s3-store.ts'

/** The machine may do other things too. */
const PATIENT = { timeout: 30_000 }

let directory: string
let s3: TestS3

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'parley-test-store-'))
  s3 = await startS3()
})
afterAll(async () => {
  await s3.close()
  await rm(directory, { recursive: true, force: true })
})

const sha256 = (content: Uint8Array): Buffer => createHash('sha256').update(content).digest()

async function put(store: FileStore, name: string, content: Uint8Array): Promise<void> {
  const path = join(directory, randomUUID())
  await writeFile(path, content)
  await store.put(name, path, sha256(content))
  await rm(path)
}

const read = async (store: FileStore, name: string, start: number, end: number): Promise<Buffer> =>
  Buffer.from(await new Response((await store.read(name, { start, end })) as ReadableStream).arrayBuffer())

/** What is not text, and longer than any buffer on its way. */
const CONTENT = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7 + (index >> 8)) & 0xff))

describe.each([
  ['on disk', () => createDiskStore(join(directory, 'disk'))],
  ['in an S3 store', () => createS3Store(s3.settings)],
])('%s', (_where, open) => {
  test('what was put is read again byte for byte, also from where its source is gone', async () => {
    const store = open()
    const name = randomUUID()
    await put(store, name, CONTENT)
    expect(await read(store, name, 0, CONTENT.length - 1)).toEqual(CONTENT)
  })

  test('any part of it can be read by itself', async () => {
    const store = open()
    const name = randomUUID()
    await put(store, name, CONTENT)
    // Not a part that ends with byte 0: s3rver 5.0.0 takes that 0 for none.
    for (const [start, end] of [
      [0, 1],
      [1, 1],
      [65_535, 65_536],
      [100_000, 299_999],
      [299_999, 299_999],
    ] as const)
      expect(await read(store, name, start, end)).toEqual(CONTENT.subarray(start, end + 1))
  })

  test('the same name again replaces what it named; two names do not meet', async () => {
    const store = open()
    const [one, other] = [randomUUID(), randomUUID()]
    await put(store, one, Buffer.from('before'))
    await put(store, other, Buffer.from('other'))
    await put(store, one, Buffer.from('after!'))
    expect((await read(store, one, 0, 5)).toString()).toBe('after!')
    expect((await read(store, other, 0, 4)).toString()).toBe('other')
  })

  test('what was removed is not there, and removing it again is nothing', async () => {
    const store = open()
    const name = randomUUID()
    await put(store, name, CONTENT)
    await store.remove(name)
    await store.remove(name)
    await store.remove(randomUUID())
    await expect(store.read(name, { start: 0, end: 1 })).rejects.toThrow(FileMissing)
  })

  test('a file of nothing can be put and removed', async () => {
    const store = open()
    const name = randomUUID()
    await put(store, name, Buffer.alloc(0))
    await store.remove(name)
  })

  test('a part that is not there is no shorter part: somebody has been at the store', async () => {
    const store = open()
    const name = randomUUID()
    await put(store, name, Buffer.from('12345'))
    await expect(store.read(name, { start: 0, end: 5 })).rejects.toThrow(FileMissing)
    await expect(store.read(name, { start: 7, end: 8 })).rejects.toThrow()
  })

  test('a source that is not there is trouble, and nothing is put', async () => {
    const store = open()
    const name = randomUUID()
    const missing = join(directory, randomUUID())
    await expect(store.put(name, missing, sha256(Buffer.alloc(0)))).rejects.toThrow(Unavailable)
    await expect(store.read(name, { start: 0, end: 1 })).rejects.toThrow(FileMissing)
  })

  test('it can be checked, and leaves nothing of that', async () => {
    await open().check()
    expect((await s3.names()).filter((name) => name.includes('check'))).toEqual([])
  })
})

/** Paths of the files that this process has open. */
async function openFilePaths(): Promise<string[]> {
  const fds = await readdir('/proc/self/fd')
  const paths = await Promise.all(fds.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')))
  return paths.filter((path) => path.startsWith(directory))
}

describe('on disk', () => {
  test('a reader that leaves in the middle leaves no open file', async () => {
    const store = createDiskStore(join(directory, 'disk'))
    const name = randomUUID()
    await put(store, name, CONTENT)
    const reader = (await store.read(name, { start: 0, end: CONTENT.length - 1 })).getReader()
    await reader.read()
    expect(await openFilePaths()).toHaveLength(1)
    await reader.cancel()
    await expect.poll(openFilePaths, PATIENT).toEqual([])
    await expect(store.read(name, { start: 0, end: CONTENT.length })).rejects.toThrow(FileMissing)
    expect(await openFilePaths()).toEqual([])
  })

  test('what comes later to a staged file does not reach the one that was kept, once it was staged anew', async () => {
    const store = createDiskStore(join(directory, 'disk'))
    const name = randomUUID()
    const path = join(directory, randomUUID())
    await writeFile(path, 'first')
    await store.put(name, path, sha256(Buffer.from('first')))
    await rm(path)
    await writeFile(path, 'other')
    expect((await read(store, name, 0, 4)).toString()).toBe('first')
  })

  test('only this user may read what is kept', async () => {
    const base = join(directory, 'private')
    const store = createDiskStore(base)
    await store.check()
    await put(store, randomUUID(), CONTENT)
    expect((await stat(base)).mode & 0o077).toBe(0)
  })

  test('a folder that cannot be used is said with its name before anything is started', async () => {
    const file = join(directory, 'file')
    await writeFile(file, '')
    await expect(openFiles({ s3: undefined, dataDir: file }, createLogger('silent'))).rejects.toThrow(
      new OperatorError(
        `the folder ${file}/attachments cannot be used for attachments (ENOTDIR): change DATA_DIR or its owner`,
      ),
    )
  })

  test('from another file system, where a file can have no second name, it is copied', async () => {
    const elsewhere = await mkdtemp('/dev/shm/parley-test-store-')
    try {
      expect((await stat(elsewhere)).dev).not.toBe((await stat(directory)).dev)
      const path = join(elsewhere, 'staged')
      await writeFile(path, 'content')
      const store = createDiskStore(join(directory, 'disk'))
      const name = randomUUID()
      await store.put(name, path, sha256(Buffer.from('content')))
      await writeFile(path, 'changed')
      expect((await read(store, name, 0, 6)).toString()).toBe('content')
    } finally {
      await rm(elsewhere, { recursive: true })
    }
  })
})

describe('in an S3 store', () => {
  test('wrong keys and a bucket that is not there are said before anybody sends a picture', async () => {
    const logger = createLogger('silent')
    const open = (settings: object) =>
      openFiles({ s3: { ...s3.settings, ...settings }, dataDir: directory }, logger)
    await expect(open({ secretAccessKey: 'wrong' })).rejects.toThrow(
      /SignatureDoesNotMatch.*S3_ACCESS_KEY_ID/,
    )
    await expect(open({ bucket: 'elsewhere' })).rejects.toThrow(/404 NoSuchBucket/)
    await expect(open({ accessKeyId: 'nobody' })).rejects.toThrow(OperatorError)
  })

  test('a store that is away is trouble, not a refusal; the server starts, and uses it when it is back', async () => {
    const name = randomUUID()
    await s3.stop()
    const store = await openFiles({ s3: s3.settings, dataDir: directory }, createLogger('silent'))
    await expect(put(store, name, CONTENT)).rejects.toThrow(Unavailable)
    await expect(store.read(name, { start: 0, end: 1 })).rejects.toThrow(Unavailable)
    await expect(store.remove(name)).rejects.toThrow(Unavailable)
    await s3.start()
    await put(store, name, CONTENT)
    expect(await read(store, name, 0, CONTENT.length - 1)).toEqual(CONTENT)
  })
})
