import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AttachmentId, type ConversationId, directConversationId, newId, rest } from '@parley/protocol'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApi, nobody, type Answer, type Person, type TestApi } from '../../../../test/kit/api.ts'
import { useDatabase } from '../../../../test/kit/database.ts'
import {
  begin,
  bytes,
  BYTES,
  discard,
  head,
  idOf,
  metadataOf,
  send,
  upload,
} from '../../../../test/kit/tus.ts'
import { createDiskStore } from '../attachments/disk-store.ts'

const database = useDatabase()
let dataDir: string
let api: TestApi
let ana: Person
let ben: Person
let stranger: Person
let group: ConversationId

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'parley-test-uploads-'))
  api = createTestApi(database, { attachments: { dataDir } })
  ;[ana, ben, stranger] = [await api.signUp('ana'), await api.signUp('ben'), await api.signUp('stranger')]
  group = await api.group(ana, ben)
})
afterAll(() => rm(dataDir, { recursive: true }))

const refusal = ({ status, error }: Answer): [number, string] => [status, error.code]
const offsetOf = ({ headers }: Answer): string | null => headers.get('Upload-Offset')
const staged = () => readdir(join(dataDir, 'uploads')).catch(() => [])
/** Somebody whose limits nobody else has used. */
const somebody = async (name: string): Promise<{ who: Person; conversation: ConversationId }> => {
  const who = await api.signUp(name)
  return { who, conversation: await api.group(who, ben) }
}

test('[C1] a file is uploaded, becomes an attachment with the last byte, and is part of a message', async () => {
  const begun = await begin(ana, { conversation: group, filename: 'notes.txt' }, 11)
  expect([begun.status, offsetOf(begun)]).toEqual([201, null])
  const id = idOf(begun)
  const part = await send(ana, id, 0, bytes('hello '))
  expect([part.status, offsetOf(part)]).toEqual([204, '6'])
  expect(part.headers.get('Upload-Expires')).toMatch(/GMT$/)
  expect((await ana.ask('GET', `/api/uploads/${id}`)).as(rest.upload)).toEqual({
    id,
    conversation: group,
    name: 'notes.txt',
    offset: 6,
    length: 11,
    expiresAt: expect.any(Number) as number,
  })
  const last = await send(ana, id, 6, bytes('world'))
  expect([last.status, offsetOf(last), last.headers.get('Upload-Expires')]).toEqual([204, '11', null])
  const attachment = { id, name: 'notes.txt', mediaType: 'text/plain', bytes: 11 }
  expect((await ana.ask('GET', `/api/uploads/${id}`)).as(rest.upload)).toEqual({
    id,
    conversation: group,
    name: 'notes.txt',
    offset: 11,
    length: 11,
    attachment,
  })
  expect((await api.say(ana, group, 'see', { attachments: [id] })).attachments).toEqual([attachment])
  expect((await ben.ask('GET', `/api/attachments/${id}`)).body).toBe('hello world')
  expect(await staged()).toEqual([])
})

test('an image is measured as it is shown', async () => {
  const image = await sharp({ create: { width: 90, height: 60, channels: 3, background: 'red' } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer()
  expect(await upload(ana, group, image, { filename: 'photo.jpg' })).toMatchObject({
    mediaType: 'image/jpeg',
    width: 60,
    height: 90,
  })
})

test('what is known of a file before it comes can come with it, and an empty one is at once', async () => {
  const { who, conversation } = await somebody('quick')
  const all = await who.ask('POST', '/api/uploads', bytes('at once'), {
    ...BYTES,
    'Upload-Length': '7',
    'Upload-Metadata': metadataOf({ conversation }),
  })
  expect([all.status, offsetOf(all)]).toEqual([201, '7'])
  expect((await who.ask('GET', `/api/uploads/${idOf(all)}`)).as(rest.upload).attachment?.bytes).toBe(7)
  const empty = await begin(who, { conversation, filename: 'empty' }, 0)
  expect((await who.ask('GET', `/api/uploads/${idOf(empty)}`)).as(rest.upload).attachment).toEqual({
    id: idOf(empty),
    name: 'empty',
    mediaType: 'application/octet-stream',
    bytes: 0,
  })
})

test('a length may be left open, and be said with the last part', async () => {
  const { who, conversation } = await somebody('vague')
  const id = idOf(await begin(who, { conversation }, undefined))
  expect((await send(who, id, 0, bytes('some'))).status).toBe(204)
  const standing = await head(who, id)
  expect([offsetOf(standing), standing.headers.get('Upload-Defer-Length')]).toEqual(['4', '1'])
  expect((await send(who, id, 4, bytes(' more'), { 'Upload-Length': '9' })).status).toBe(204)
  expect((await who.ask('GET', `/api/uploads/${id}`)).as(rest.upload).attachment?.bytes).toBe(9)
})

test('[C1] begun again under the same id it is the same upload, and nothing that arrived is lost', async () => {
  const { who, conversation } = await somebody('again')
  const wish = { conversation, id: newId<AttachmentId>(), filename: 'first.txt' }
  expect((await begin(who, wish, 10)).status).toBe(201)
  await send(who, wish.id, 0, bytes('12345'))
  const repeat = await begin(who, { ...wish, filename: 'second.txt' }, 10)
  expect([repeat.status, idOf(repeat), offsetOf(repeat)]).toEqual([201, wish.id, '5'])
  // What comes with the repeat is not taken for more.
  const withBytes = await who.ask('POST', '/api/uploads', bytes('1234567890'), {
    ...BYTES,
    'Upload-Length': '10',
    'Upload-Metadata': metadataOf(wish),
  })
  expect([withBytes.status, offsetOf(withBytes)]).toEqual([201, '5'])
  await send(who, wish.id, 5, bytes('67890'))
  const finished = await begin(who, wish, 10)
  expect([finished.status, offsetOf(finished)]).toEqual([201, '10'])
  await api.say(who, conversation, '', { attachments: [wish.id] })
  expect(offsetOf(await begin(who, wish, 10))).toBe('10')
  const { body, headers } = await who.ask('GET', `/api/attachments/${wish.id}`)
  expect([body, headers.get('Content-Disposition')]).toEqual([
    '1234567890',
    expect.stringContaining('first.txt'),
  ])
})

test('an id that stands for something else, or for somebody else’s file, is taken', async () => {
  const { who, conversation } = await somebody('first')
  const id = newId<AttachmentId>()
  await begin(who, { conversation, id }, 4)
  const others = async () => [
    await begin(ben, { conversation, id }, 4),
    await begin(who, { conversation: await api.group(who), id }, 4),
    await begin(who, { conversation, id }, 5),
  ]
  for (const answer of await others()) expect(refusal(answer)).toEqual([409, 'conflict'])
  await send(who, id, 0, bytes('data'))
  for (const answer of await others()) expect(refusal(answer)).toEqual([409, 'conflict'])
  expect((await api.say(who, conversation, '', { attachments: [id] })).attachments?.[0]?.bytes).toBe(4)
})

test('what is uploaded can be named by the key of the request, as with every other', async () => {
  const { who, conversation } = await somebody('keyed')
  const key = newId<AttachmentId>()
  const ids = [1, 2].map(async () => idOf(await begin(who, { conversation }, 4, { 'Idempotency-Key': key })))
  expect(await Promise.all(ids)).toEqual([key, key])
})

test('two at once with one id: one upload', async () => {
  const { who, conversation } = await somebody('twice')
  const id = newId<AttachmentId>()
  const answers = await Promise.all([1, 2, 3, 4].map(() => begin(who, { conversation, id }, 4)))
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201])
  const { rows } = await database.pool.query('SELECT FROM uploads WHERE id = $1', [id])
  expect(rows).toHaveLength(1)
})

test('[S2] only who may send there may upload, and it is the same answer where nothing is', async () => {
  const there = await begin(stranger, { conversation: group }, 4)
  const nowhere = await begin(stranger, { conversation: nobody() }, 4)
  expect(refusal(there)).toEqual([403, 'forbidden'])
  expect(there.body).toEqual(nowhere.body)

  const channel = (
    await ana.ask('POST', '/api/conversations', { kind: 'channel', title: 'News', members: [ben.id] })
  ).as(rest.conversationSummary).id
  await ana.ask('PATCH', `/api/conversations/${channel}`, { posting: 'admins' })
  expect(refusal(await begin(ben, { conversation: channel }, 4))).toEqual([403, 'forbidden'])

  const archived = await api.group(ana, ben)
  await ana.ask('PATCH', `/api/conversations/${archived}`, { archived: true })
  expect(refusal(await begin(ben, { conversation: archived }, 4))).toEqual([409, 'archived'])
})

test('in a direct conversation only friends may, and no longer once one has blocked the other', async () => {
  const [one, other] = [await api.signUp('one'), await api.signUp('other')]
  await api.befriend(one, other)
  const conversation = directConversationId(one.id, other.id)
  await one.ask('POST', '/api/conversations', { kind: 'direct', id: conversation, members: [other.id] })
  const id = idOf(await begin(one, { conversation }, 8))
  expect((await send(one, id, 0, bytes('1234'))).status).toBe(204)
  await other.ask('PUT', `/api/blocks/${one.id}`)
  expect(refusal(await begin(one, { conversation }, 4))).toEqual([403, 'not_friends'])
  expect(refusal(await send(one, id, 4, bytes('5678')))).toEqual([403, 'not_friends'])
})

test('who leaves while their file is on its way cannot finish it; who comes back can', async () => {
  const { who, conversation } = await somebody('leaver')
  await who.ask('PATCH', `/api/conversations/${conversation}/members/${ben.id}`, { role: 'owner' })
  const id = idOf(await begin(who, { conversation }, 8))
  await send(who, id, 0, bytes('1234'))
  await who.ask('DELETE', `/api/conversations/${conversation}/members/${who.id}`)
  expect(refusal(await send(who, id, 4, bytes('5678')))).toEqual([403, 'forbidden'])
  expect(offsetOf(await head(who, id))).toBe('4')
  await ben.ask('POST', `/api/conversations/${conversation}/members`, { user: who.id })
  expect((await send(who, id, 4, bytes('5678'))).status).toBe(204)
})

test('[S2] an upload is nobody else’s to see, to continue or to end', async () => {
  const { who, conversation } = await somebody('owner')
  const unfinished = idOf(await begin(who, { conversation }, 8))
  const { id: finished } = await upload(who, conversation, bytes('data'))
  const none = nobody() as unknown as AttachmentId
  for (const id of [unfinished, finished, none]) {
    for (const answer of [
      await ben.ask('GET', `/api/uploads/${id}`),
      await send(ben, id, 0, bytes('1234')),
      await discard(ben, id),
    ])
      expect(refusal(answer)).toEqual([404, 'not_found'])
    expect((await head(ben, id)).status).toBe(404)
  }
  expect(offsetOf(await head(who, unfinished))).toBe('0')
  expect(offsetOf(await head(who, finished))).toBe('4')
})

test('an upload can be given up, as long as no message names it', async () => {
  const { who, conversation } = await somebody('undecided')
  const before = await staged()
  const id = idOf(await begin(who, { conversation }, 10))
  await send(who, id, 0, bytes('12345'))
  expect((await discard(who, id)).status).toBe(204)
  expect((await head(who, id)).status).toBe(404)
  expect(refusal(await discard(who, id))).toEqual([404, 'not_found'])
  expect(await staged()).toEqual(before)
  const finished = await upload(who, conversation, bytes('done'))
  expect((await discard(who, finished.id)).status).toBe(204)
  expect(refusal(await who.ask('GET', `/api/attachments/${finished.id}`))).toEqual([403, 'forbidden'])
  const sent = await upload(who, conversation, bytes('sent'))
  await api.say(who, conversation, '', { attachments: [sent.id] })
  expect(refusal(await discard(who, sent.id))).toEqual([409, 'conflict'])
  expect((await ben.ask('GET', `/api/attachments/${sent.id}`)).body).toBe('sent')
})

test('an id whose file was thrown away can be used again, by anybody, and never shows the old one', async () => {
  const { who, conversation } = await somebody('reuse')
  const id = newId<AttachmentId>()
  await upload(who, conversation, bytes('old'), { id })
  await discard(who, id)
  await upload(ben, conversation, bytes('new'), { id })
  await api.attachments.sweep()
  expect((await ben.ask('GET', `/api/attachments/${id}`)).body).toBe('new')
})

test('what nothing arrives of for a day is given up; what goes on slowly is not', async () => {
  const own = createTestApi(database, { attachments: { dataDir } })
  const who = await own.signUp('slow')
  const conversation = await own.group(who)
  const [slow, dead] = [
    idOf(await begin(who, { conversation }, 3)),
    idOf(await begin(who, { conversation }, 3)),
  ]
  const HOURS = 60 * 60 * 1000
  for (const part of ['a', 'b']) {
    own.advance(20 * HOURS)
    expect((await send(who, slow, part === 'a' ? 0 : 1, bytes(part))).status).toBe(204)
  }
  expect((await head(who, dead)).status).toBe(404)
  expect(refusal(await send(who, dead, 0, bytes('x')))).toEqual([404, 'not_found'])
  expect((await send(who, slow, 2, bytes('c'))).status).toBe(204)
})

test('[C4] a full disk is no refusal, and once there is room the upload goes on', async () => {
  const { who, conversation } = await somebody('full')
  const id = idOf(await begin(who, { conversation }, 4))
  const { rows } = await database.pool.query<{ key: string }>('SELECT key FROM uploads WHERE id = $1', [id])
  const path = join(dataDir, 'uploads', rows[0]?.key ?? '')
  // The kernel's own full disk.
  await symlink('/dev/full', path)
  const full = await send(who, id, 0, bytes('data'))
  expect([full.status, full.error.code, full.headers.get('Retry-After')]).toEqual([503, 'unavailable', '1'])
  expect(full.headers.get('Tus-Resumable')).toBe('1.0.0')
  await rm(path)
  expect((await send(who, id, 0, bytes('data'))).status).toBe(204)
})

test('a crash between the last byte and the attachment: asking again finishes it', async () => {
  const { who, conversation } = await somebody('crash')
  /** All bytes are there, and nothing was made of them. */
  const interrupted = async (): Promise<AttachmentId> => {
    const id = idOf(await begin(who, { conversation }, 8))
    await send(who, id, 0, bytes('all '))
    const { rows } = await database.pool.query<{ key: string }>('SELECT key FROM uploads WHERE id = $1', [id])
    await writeFile(join(dataDir, 'uploads', rows[0]?.key ?? ''), 'all here')
    return id
  }
  const byHead = await interrupted()
  expect([(await head(who, byHead)).status, offsetOf(await head(who, byHead))]).toEqual([200, '8'])
  const byPatch = await interrupted()
  expect((await send(who, byPatch, 8, bytes(''))).status).toBe(204)
  const byPost = await interrupted()
  const repeat = await begin(who, { conversation, id: byPost }, 8)
  expect([repeat.status, offsetOf(repeat)]).toEqual([201, '8'])
  const { attachments } = await api.say(who, conversation, '', { attachments: [byHead, byPatch, byPost] })
  expect(attachments?.map((each) => each.bytes)).toEqual([8, 8, 8])
  for (const id of [byHead, byPatch, byPost])
    expect((await ben.ask('GET', `/api/attachments/${id}`)).body).toBe('all here')
})

test('[N2] on several servers with one store: an upload that comes to another one starts again there, and is one file', async () => {
  const files = createDiskStore(join(dataDir, 'shared'))
  const [here, there] = ['here', 'there'].map((name) =>
    createTestApi(database, { attachments: { dataDir: join(dataDir, name), files } }),
  ) as [TestApi, TestApi]
  const { who, conversation } = await somebody('traveller')
  const [atHere, atThere] = [here, there].map((each) => ({ ...who, ask: each.as(who.cookie) })) as [
    Person,
    Person,
  ]
  const id = idOf(await begin(atHere, { conversation }, 8))
  await send(atHere, id, 0, bytes('1234'))
  expect(offsetOf(await head(atThere, id))).toBe('0')
  expect((await send(atThere, id, 0, bytes('12345678'))).status).toBe(204)
  await api.say(who, conversation, '', { attachments: [id] })
  expect((await atHere.ask('GET', `/api/attachments/${id}`)).body).toBe('12345678')
  await here.attachments.sweep()
  expect(await readdir(join(dataDir, 'here', 'uploads'))).toEqual([])
})

test('a program uploads with its token', async () => {
  const { who, conversation } = await somebody('robot')
  const { token } = (await who.ask('POST', '/api/tokens', { name: 'robot' })).as(rest.createdToken)
  const Authorization = `Bearer ${token}`
  const program: Person = {
    ...who,
    ask: (method, path, body, headers) => api.ask(method, path, body, { Authorization, ...headers }),
  }
  expect((await upload(program, conversation, bytes('beep'))).bytes).toBe(4)
  expect(refusal(await begin({ ...who, ask: api.ask }, { conversation }, 1))).toEqual([
    401,
    'unauthenticated',
  ])
})
