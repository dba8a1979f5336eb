import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AttachmentId, ConversationId } from '@parley/protocol'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestApi, type Person, type TestApi } from '../../../../test/kit/api.ts'
import { useDatabase } from '../../../../test/kit/database.ts'
import { startS3, type TestS3 } from '../../../../test/kit/s3.ts'
import { begin, bytes, discard, idOf, send, upload } from '../../../../test/kit/tus.ts'
import { createDiskStore } from './disk-store.ts'
import type { FileStore } from './file-store.ts'
import { createS3Store } from './s3-store.ts'

const database = useDatabase()
const HOUR = 60 * 60 * 1000

let dataDir: string
let s3: TestS3
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'parley-test-sweep-'))
  s3 = await startS3()
})
afterAll(async () => {
  await s3.close()
  await rm(dataDir, { recursive: true })
})

interface Place {
  readonly api: TestApi
  readonly ana: Person
  readonly group: ConversationId
}

let people = 0
async function place(files?: FileStore): Promise<Place> {
  const api = createTestApi(database, { attachments: { dataDir, ...(files !== undefined && { files }) } })
  people += 1
  const ana = await api.signUp(`ana-${people}`)
  return { api, ana, group: await api.group(ana) }
}

const image = (): Promise<Buffer> =>
  sharp({ create: { width: 30, height: 20, channels: 3, background: 'red' } })
    .png()
    .toBuffer()
const isThere = async (ana: Person, id: AttachmentId): Promise<boolean> =>
  (await ana.ask('GET', `/api/attachments/${id}`)).status === 200
const rowsOf = async (table: string): Promise<number> =>
  Number(
    (await database.pool.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${table}`)).rows[0]
      ?.count,
  )
const keyOf = async (id: AttachmentId): Promise<string> =>
  (await database.pool.query<{ key: string }>('SELECT key FROM attachments WHERE id = $1', [id])).rows[0]
    ?.key ?? ''
const staged = (): Promise<string[]> => readdir(join(dataDir, 'uploads'))

describe.each([
  [
    'on disk',
    () => createDiskStore(join(dataDir, 'attachments')),
    async () =>
      (await readdir(join(dataDir, 'attachments'), { recursive: true })).map((name) => name.slice(3)),
  ],
  [
    'in an S3 store',
    () => createS3Store(s3.settings),
    async () => (await s3.names()).map((name) => name.split('/')[1]),
  ],
])('%s', (_where, open, names) => {
  test('what no message came to name is removed after a day, with its preview; what one names stays', async () => {
    const { api, ana, group } = await place(open())
    const [sent, unsent] = [await upload(ana, group, await image()), await upload(ana, group, await image())]
    await api.say(ana, group, '', { attachments: [sent.id] })
    const [kept, dropped] = [await keyOf(sent.id), await keyOf(unsent.id)]
    api.advance(23 * HOUR)
    await api.attachments.sweep()
    expect(await isThere(ana, unsent.id)).toBe(true)
    api.advance(2 * HOUR)
    await api.attachments.sweep()
    expect([await isThere(ana, sent.id), await isThere(ana, unsent.id)]).toEqual([true, false])
    const there = await names()
    expect(there).toEqual(expect.arrayContaining([kept, `${kept}.preview`]))
    expect(there).not.toContain(dropped)
    expect(there).not.toContain(`${dropped}.preview`)
    expect(await rowsOf('discarded_files')).toBe(0)
  })

  test('a conversation that is deleted takes its files along', async () => {
    const { api, ana, group } = await place(open())
    const { id } = await upload(ana, group, await image())
    await api.say(ana, group, '', { attachments: [id] })
    const key = await keyOf(id)
    await ana.ask('DELETE', `/api/conversations/${group}`)
    await api.attachments.sweep()
    expect((await names()).filter((name) => name?.startsWith(key))).toEqual([])
  })
})

test('what nothing arrives of for a day is removed, and its bytes too', async () => {
  const { api, ana, group } = await place()
  const id = idOf(await begin(ana, { conversation: group }, 10))
  await send(ana, id, 0, bytes('12345'))
  expect(await staged()).toHaveLength(1)
  api.advance(25 * HOUR)
  await api.attachments.sweep()
  expect([await staged(), await rowsOf('uploads')]).toEqual([[], 0])
})

test('[N1] bytes that a crash left without a row are removed, and other things in the folder are not touched', async () => {
  const { api, ana, group } = await place()
  const id = idOf(await begin(ana, { conversation: group }, 10))
  await send(ana, id, 0, bytes('12345'))
  const wanted = await staged()
  for (const name of [crypto.randomUUID(), `${crypto.randomUUID()}.preview`, 'lost+found'])
    await writeFile(join(dataDir, 'uploads', name), 'x')
  await api.attachments.sweep()
  expect((await staged()).toSorted()).toEqual([...wanted, 'lost+found'].toSorted())
  expect((await send(ana, id, 5, bytes('67890'))).status).toBe(204)
})

test('[N1] a store that is away keeps nothing for ever: what it should have removed it removes when it is back', async () => {
  const { api, ana, group } = await place(createS3Store(s3.settings))
  const ids = []
  for (let index = 0; index < 5; index += 1) ids.push((await upload(ana, group, bytes(`file ${index}`))).id)
  const keys = await Promise.all(ids.map(keyOf))
  api.advance(25 * HOUR)
  await s3.stop()
  await api.attachments.sweep()
  const waiting = `discarded_files WHERE key IN (${keys.map((key) => `'${key}'`).join()})`
  expect(await rowsOf(waiting)).toBe(5)
  await s3.start()
  expect(await s3.names()).toEqual(expect.arrayContaining(keys.map((key) => `attachments/${key}`)))
  api.advance(1000)
  await api.attachments.sweep()
  expect(await rowsOf(waiting)).toBe(0)
  const names = await s3.names()
  expect(names.filter((name) => keys.some((key) => name.includes(key)))).toEqual([])
})

test('a file that cannot be removed does not keep the others', async () => {
  const disk = createDiskStore(join(dataDir, 'attachments'))
  let stubborn = ''
  const { api, ana, group } = await place({
    ...disk,
    remove: (name) => (name === stubborn ? Promise.reject(new Error('held')) : disk.remove(name)),
  })
  const { id: first } = await upload(ana, group, bytes('first'))
  stubborn = await keyOf(first)
  for (let index = 0; index < 3; index += 1) await upload(ana, group, bytes(`file ${index}`))
  api.advance(25 * HOUR)
  await api.attachments.sweep()
  const { rows } = await database.pool.query<{ key: string }>('SELECT key FROM discarded_files')
  expect(rows).toEqual([{ key: stubborn }])
  stubborn = ''
  api.advance(1000)
  await api.attachments.sweep()
  expect(await rowsOf('discarded_files')).toBe(0)
})

test('an upload that is given up while it is being finished leaves no file behind, though a sweep came in between', async () => {
  const disk = createDiskStore(join(dataDir, 'attachments'))
  const [putting, mayPut, removed, mayForget] = [
    Promise.withResolvers<void>(),
    Promise.withResolvers<void>(),
    Promise.withResolvers<void>(),
    Promise.withResolvers<void>(),
  ]
  let key = ''
  const { api, ana, group } = await place({
    ...disk,
    // As a store far away: everything is on its way to it, and it has not answered yet.
    put: async (name, path, sha256) => {
      const onItsWay = join(dataDir, 'on-its-way')
      await copyFile(path, onItsWay)
      putting.resolve()
      await mayPut.promise
      await disk.put(name, onItsWay, sha256)
    },
    remove: async (name) => {
      await disk.remove(name)
      if (name !== key) return
      removed.resolve()
      await mayForget.promise
    },
  })
  const id = idOf(await begin(ana, { conversation: group }, 4))
  const { rows } = await database.pool.query<{ key: string }>('SELECT key FROM uploads WHERE id = $1', [id])
  key = rows[0]?.key ?? ''
  const sent = send(ana, id, 0, bytes('data'))
  await putting.promise
  await discard(ana, id)
  const swept = api.attachments.sweep()
  await removed.promise
  mayPut.resolve()
  expect((await sent).status).toBe(404)
  mayForget.resolve()
  await swept
  const files = async () =>
    (await readdir(join(dataDir, 'attachments'), { recursive: true })).filter((name) => name.includes(key))
  expect(await files()).toHaveLength(1)
  api.advance(1000)
  await api.attachments.sweep()
  expect(await files()).toEqual([])
  expect(await rowsOf('discarded_files')).toBe(0)
})

test('a message and a sweep that meet over one file: either it is sent and stays, or it is refused', async () => {
  const { api, ana, group } = await place()
  let [kept, refused] = [0, 0]
  for (let round = 0; round < 20; round += 1) {
    const { id } = await upload(ana, group, bytes(`round ${round}`))
    await database.pool.query('UPDATE attachments SET created_at = 0 WHERE id = $1', [id])
    const sweepAfter = async (queries: number): Promise<void> => {
      for (let query = 0; query < queries; query += 1) await database.pool.query('SELECT 1')
      await api.attachments.sweep()
    }
    const say = () =>
      ana.ask('POST', `/api/conversations/${group}/events`, { type: 'message', text: '', attachments: [id] })
    const [answer] = await Promise.all([say(), sweepAfter(round)])
    if (answer.status === 201) kept += 1
    else {
      expect([answer.status, answer.error.code]).toEqual([400, 'invalid'])
      refused += 1
    }
    await api.attachments.sweep()
    expect(await isThere(ana, id)).toBe(answer.status === 201)
  }
  expect(kept + refused).toBe(20)
  expect(kept).toBeGreaterThan(0)
  expect(refused).toBeGreaterThan(0)
})

test('a file that goes after the message was decided and before it is stored is missed: it is decided again', async () => {
  const { api, ana, group } = await place()
  const { id } = await upload(ana, group, bytes('data'))
  // Held by somebody who removes it, the row lets the message wait until it is gone.
  const client = await database.pool.connect()
  try {
    await client.query('BEGIN')
    await client.query('DELETE FROM attachments WHERE id = $1', [id])
    const said = ana.ask('POST', `/api/conversations/${group}/events`, {
      type: 'message',
      text: 'see',
      attachments: [id],
    })
    await expect
      .poll(
        async () => {
          const { rows } = await database.pool.query(
            `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
          )
          return rows.length
        },
        { timeout: 30_000 },
      )
      .toBe(1)
    await client.query('COMMIT')
    const answer = await said
    expect([answer.status, answer.error.code]).toEqual([400, 'invalid'])
  } finally {
    client.release()
  }
  expect(await rowsOf(`events WHERE conversation = '${group}' AND type = 'message'`)).toBe(0)
  // What was said before and after is not held up.
  await api.say(ana, group, 'next')
})
