import { randomUUID } from 'node:crypto'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AttachmentId, type ConversationId, directConversationId, newId, rest } from '@parley/protocol'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApi, nobody, ORIGIN, type Answer, type Person, type TestApi } from '../../../../test/kit/api.ts'
import { useDatabase } from '../../../../test/kit/database.ts'
import { begin, bytes, BYTES, discard, head, idOf, metadataOf, send, TUS, upload } from '../../../../test/kit/tus.ts'

const database = useDatabase()
let dataDir: string
let api: TestApi
let ana: Person
let ben: Person
let stranger: Person
let group: ConversationId

const LIMITS = { attachmentBytes: 10_000, pendingUploads: 5, pendingUploadBytes: 25_000 }

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'parley-test-uploads-'))
  api = createTestApi(database, { attachments: { dataDir, limits: LIMITS } })
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

test('[S5] what only looks like an image, or unfolds to too much, is a file like any other', async () => {
  const { who, conversation } = await somebody('artist')
  const broken = Buffer.concat([Buffer.from('GIF89a'), bytes('<script>alert(1)</script>')])
  expect(await upload(who, conversation, broken, { filetype: 'image/gif' })).toEqual({
    id: expect.any(String) as string,
    name: 'file',
    mediaType: 'application/octet-stream',
    bytes: broken.length,
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
  expect([body, headers.get('Content-Disposition')]).toEqual(['1234567890', expect.stringContaining('first.txt')])
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

test('[S5] what is too large is refused before it comes, by the name of the limit', async () => {
  const { who, conversation } = await somebody('large')
  const declared = await begin(who, { conversation }, LIMITS.attachmentBytes + 1)
  expect(refusal(declared)).toEqual([413, 'too_large'])
  expect(declared.error.message).toContain(`${LIMITS.attachmentBytes} bytes (LIMIT_ATTACHMENT_BYTES)`)
  expect((await begin(who, { conversation }, LIMITS.attachmentBytes)).status).toBe(201)

  const open = idOf(await begin(who, { conversation }, undefined))
  const tooMuch = Buffer.alloc(LIMITS.attachmentBytes + 1)
  const length = { 'Content-Length': String(tooMuch.length) }
  expect(refusal(await send(who, open, 0, tooMuch, length))).toEqual([413, 'too_large'])
  expect(offsetOf(await head(who, open))).toBe('0')
  expect(refusal(await send(who, open, 0, bytes('x'), { 'Upload-Length': '10001' }))).toEqual([413, 'too_large'])
})

test('[S5] who sends more than they said has sent no more than they said', async () => {
  const { who, conversation } = await somebody('liar')
  const id = idOf(await begin(who, { conversation }, 5))
  expect(refusal(await send(who, id, 0, bytes('123456789'), { 'Content-Length': '9' }))).toEqual([413, 'too_large'])
  // Without a length that could be believed it is counted as it comes.
  expect(refusal(await send(who, id, 0, bytes('123456789')))).toEqual([413, 'too_large'])
  const offset = Number(offsetOf(await head(who, id)))
  expect(offset).toBeLessThanOrEqual(5)
  expect((await send(who, id, offset, bytes('12345'.slice(offset)))).status).toBe(204)
  expect((await who.ask('GET', `/api/attachments/${id}`)).body).toBe('12345')
})

test('[S5] what waits for a message is bounded, in number and in bytes, by the name of the limit', async () => {
  const { who, conversation } = await somebody('hoarder')
  const ids = []
  for (let index = 0; index < LIMITS.pendingUploads; index += 1)
    ids.push((await upload(who, conversation, bytes('x'))).id)
  const full = await begin(who, { conversation }, 1)
  expect([...refusal(full), full.error.message]).toEqual([
    413,
    'too_large',
    'At most 5 uploads may wait for a message that names them (LIMIT_PENDING_UPLOADS).',
  ])
  await api.say(who, conversation, '', { attachments: ids.slice(0, 3) })
  expect((await discard(who, ids[3] as AttachmentId)).status).toBe(204)
  // One waits. Another of the largest kind, and one whose length is open, leave no room for a third.
  const large = { conversation, id: newId<AttachmentId>() }
  expect((await begin(who, large, 10_000)).status).toBe(201)
  expect((await begin(who, { conversation }, undefined)).status).toBe(201)
  const tooMuch = await begin(who, { conversation }, 5_000)
  expect([...refusal(tooMuch), tooMuch.error.message]).toEqual([
    413,
    'too_large',
    'Uploads that wait for a message that names them have at most 25000 bytes together (LIMIT_PENDING_UPLOAD_BYTES).',
  ])
  // A repeat needs no further room.
  expect((await begin(who, large, 10_000)).status).toBe(201)
  expect((await begin(who, { conversation }, 4_999)).status).toBe(201)
})

test('[S5] many at once do not get past the bound', async () => {
  const { who, conversation } = await somebody('rusher')
  const answers = await Promise.all(Array.from({ length: 12 }, () => begin(who, { conversation }, 1)))
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(LIMITS.pendingUploads)
})

test('bytes go where they belong, and nowhere else', async () => {
  const { who, conversation } = await somebody('offset')
  const id = idOf(await begin(who, { conversation }, 10))
  await send(who, id, 0, bytes('12345'))
  for (const offset of [0, 4, 6, 10, 99]) expect(refusal(await send(who, id, offset, bytes('x')))).toEqual([409, 'conflict'])
  for (const offset of ['-1', '1.5', 'x', '', '1e3', '9'.repeat(20)])
    expect(refusal(await send(who, id, 0, bytes('x'), { 'Upload-Offset': offset }))).toEqual([400, 'invalid'])
  expect(offsetOf(await head(who, id))).toBe('5')
  await send(who, id, 5, bytes('67890'))
  expect((await send(who, id, 10, bytes(''))).status).toBe(204)
  expect(refusal(await send(who, id, 0, bytes('again')))).toEqual([409, 'conflict'])
})

test('two that continue one upload at once: the first bytes count, and none are mixed', async () => {
  const { who, conversation } = await somebody('parallel')
  const id = idOf(await begin(who, { conversation }, 8))
  const answers = await Promise.all(['aaaa', 'bbbb'].map((part) => send(who, id, 0, bytes(part))))
  expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 409])
  await send(who, id, 4, bytes('cccc'))
  expect((await who.ask('GET', `/api/attachments/${id}`)).body).toMatch(/^(aaaa|bbbb)cccc$/)
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
  const [slow, dead] = [idOf(await begin(who, { conversation }, 3)), idOf(await begin(who, { conversation }, 3))]
  const HOURS = 60 * 60 * 1000
  for (const part of ['a', 'b']) {
    own.advance(20 * HOURS)
    expect((await send(who, slow, part === 'a' ? 0 : 1, bytes(part))).status).toBe(204)
  }
  expect((await head(who, dead)).status).toBe(404)
  expect(refusal(await send(who, dead, 0, bytes('x')))).toEqual([404, 'not_found'])
  expect((await send(who, slow, 2, bytes('c'))).status).toBe(204)
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

test.each([
  ['no conversation', { filename: 'a.txt' }, 'conversation'],
  ['a conversation that is none', { conversation: '../..' }, 'conversation'],
  ['an id that is a path', { conversation: nobody(), id: '../../etc/passwd' }, 'id'],
  ['an id that is derived', { conversation: nobody(), id: directConversationId(nobody(), nobody()) }, 'id'],
  ['an id in capitals', { conversation: nobody(), id: randomUUID().toUpperCase() }, 'id'],
  ['a type without an end', { conversation: nobody(), filetype: 'x'.repeat(256) }, 'filetype'],
])('metadata with %s is refused with the name of the field', async (_what, fields, field) => {
  const answer = await ana.ask('POST', '/api/uploads', undefined, {
    ...TUS,
    'Upload-Length': '4',
    'Upload-Metadata': metadataOf(fields),
  })
  expect(refusal(answer)).toEqual([400, 'invalid'])
  expect(answer.error.details).toContainEqual(expect.objectContaining({ path: field }))
})

test.each([
  ['no metadata', { 'Upload-Length': '4' }],
  ['metadata that is none', { 'Upload-Length': '4', 'Upload-Metadata': 'conversation %%%' }],
  ['metadata twice', { 'Upload-Length': '4', 'Upload-Metadata': 'a YQ==,a YQ==' }],
  ['metadata without an end', { 'Upload-Length': '4', 'Upload-Metadata': `a ${'A'.repeat(9000)}` }],
  ['no length', {}],
  ['two lengths', { 'Upload-Length': '4', 'Upload-Defer-Length': '1' }],
  ['a length that is none', { 'Upload-Length': '-4' }],
  ['a length beyond counting', { 'Upload-Length': '9'.repeat(30) }],
  ['an open length that is not', { 'Upload-Defer-Length': '2' }],
])('a creation with %s is refused and leaves nothing', async (_what, headers) => {
  const given = { 'Upload-Metadata': metadataOf({ conversation: group }), ...TUS, ...headers }
  const { 'Upload-Metadata': sent, ...rest } = given
  const answer = await ana.ask('POST', '/api/uploads', undefined, {
    ...rest,
    ...(_what !== 'no metadata' && { 'Upload-Metadata': sent }),
  })
  expect(refusal(answer)).toEqual([400, 'invalid'])
})

test('a name keeps what can be shown and saved of it', async () => {
  const { who, conversation } = await somebody('names')
  const { name } = await upload(who, conversation, bytes('x'), { filename: '../a\u0000b"\r\nc\u202e.txt' })
  expect(name).toBe('ab"c.txt')
})

test('it is said which version of the protocol is spoken, and no other is', async () => {
  const offered = await api.ask('OPTIONS', '/api/uploads')
  expect([
    offered.status,
    ...['Tus-Version', 'Tus-Resumable', 'Tus-Max-Size', 'Tus-Extension'].map((name) => offered.headers.get(name)),
  ]).toEqual([
    204,
    '1.0.0',
    '1.0.0',
    '10000',
    'creation,creation-with-upload,creation-defer-length,termination,expiration',
  ])
  const other = await begin(ana, { conversation: group }, 4, { 'Tus-Resumable': '2.0.0' })
  expect([other.status, other.error.code, other.headers.get('Tus-Version')]).toEqual([412, 'invalid', '1.0.0'])
  const silent = await ana.ask('POST', '/api/uploads', undefined, {
    'Upload-Length': '4',
    'Upload-Metadata': metadataOf({ conversation: group }),
  })
  expect([silent.status, silent.headers.get('Tus-Resumable')]).toEqual([400, '1.0.0'])
  // No other site is told anything: the library would let all of them.
  for (const answer of [offered, silent])
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
})

test('bytes come as bytes: neither as JSON, nor from another site', async () => {
  const { who, conversation } = await somebody('strict')
  const id = idOf(await begin(who, { conversation }, 2))
  expect(refusal(await send(who, id, 0, bytes('{}'), { 'Content-Type': 'application/json' }))).toEqual([
    400,
    'invalid',
  ])
  expect(refusal(await send(who, id, 0, bytes('{}'), { Origin: 'https://evil.example' }))).toEqual([
    403,
    'forbidden',
  ])
  expect(refusal(await begin(who, { conversation }, 2, { Origin: 'https://evil.example' }))).toEqual([
    403,
    'forbidden',
  ])
  expect((await send(who, id, 0, bytes('{}'), { Origin: ORIGIN })).status).toBe(204)
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
  expect(refusal(await begin({ ...who, ask: api.ask }, { conversation }, 1))).toEqual([401, 'unauthenticated'])
})
