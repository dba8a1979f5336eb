import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Unavailable } from '../commands/outcome.ts'
import { createStaging, type Staging } from './staging.ts'

let directory: string
let staging: Staging
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'parley-test-staging-'))
  staging = createStaging(join(directory, 'uploads'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

const source = (...parts: string[]): Readable => Readable.from(parts.map((part) => Buffer.from(part)))
const content = (key: string): Promise<string> => readFile(staging.pathOf(key), 'utf8')

test('a file grows by what arrives, and says how much is there', async () => {
  const key = randomUUID()
  expect(await staging.sizeOf(key)).toBe(0)
  expect(await staging.append(key, 0, source('one ', 'two '))).toBe(8)
  expect(await staging.append(key, 8, source('three'))).toBe(13)
  expect(await staging.append(key, 13, source())).toBe(13)
  expect(await staging.sizeOf(key)).toBe(13)
  expect(await content(key)).toBe('one two three')
  expect(await staging.names()).toContain(key)
  await staging.remove(key)
  await staging.remove(key)
  expect(await staging.sizeOf(key)).toBe(0)
})

test('a connection that breaks costs what has not arrived, and nothing else', async () => {
  const key = randomUUID()
  const broken = Readable.from(
    (function* () {
      yield Buffer.from('arrived')
      throw new Error('the connection broke')
    })(),
  )
  await expect(staging.append(key, 0, broken)).rejects.toThrow('the connection broke')
  expect(await staging.sizeOf(key)).toBe(7)
  expect(await staging.append(key, 7, source(', and the rest'))).toBe(21)
  expect(await content(key)).toBe('arrived, and the rest')
})

test('[C4] a full disk is trouble, and takes nothing from what is there', async () => {
  const key = randomUUID()
  // The kernel's own full disk.
  await symlink('/dev/full', staging.pathOf(key))
  await expect(staging.append(key, 0, source('x'))).rejects.toThrow(Unavailable)
  await expect(staging.append(key, 0, source('x'))).rejects.toThrow(/ENOSPC/)
})

test('[C4] a folder that went away, or that is none, is trouble too', async () => {
  const file = join(directory, 'file')
  await writeFile(file, '')
  const nowhere = createStaging(join(file, 'uploads'))
  await expect(nowhere.append(randomUUID(), 0, source('x'))).rejects.toThrow(Unavailable)
  expect(await createStaging(join(directory, 'not there')).names()).toEqual([])
})
