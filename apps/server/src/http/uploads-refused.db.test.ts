import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AttachmentId, type ConversationId, directConversationId, newId } from '@parley/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  createTestApi,
  nobody,
  ORIGIN,
  type Answer,
  type Person,
  type TestApi,
} from '../../../../test/kit/api.ts'
import { useDatabase } from '../../../../test/kit/database.ts'
import { begin, bytes, discard, head, idOf, metadataOf, send, TUS, upload } from '../../../../test/kit/tus.ts'

const database = useDatabase()
let dataDir: string
let api: TestApi
let ana: Person
let ben: Person
let group: ConversationId

const LIMITS = { attachmentBytes: 10_000, pendingUploads: 5, pendingUploadBytes: 25_000 }

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'parley-test-uploads-'))
  api = createTestApi(database, { attachments: { dataDir, limits: LIMITS } })
  ;[ana, ben] = [await api.signUp('ana'), await api.signUp('ben')]
  group = await api.group(ana, ben)
})
afterAll(() => rm(dataDir, { recursive: true }))

const refusal = ({ status, error }: Answer): [number, string] => [status, error.code]
const offsetOf = ({ headers }: Answer): string | null => headers.get('Upload-Offset')
/** Somebody whose limits nobody else has used. */
const somebody = async (name: string): Promise<{ who: Person; conversation: ConversationId }> => {
  const who = await api.signUp(name)
  return { who, conversation: await api.group(who, ben) }
}

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
  expect(refusal(await send(who, open, 0, bytes('x'), { 'Upload-Length': '10001' }))).toEqual([
    413,
    'too_large',
  ])
})

test('[S5] who sends more than they said has sent no more than they said', async () => {
  const { who, conversation } = await somebody('liar')
  const id = idOf(await begin(who, { conversation }, 5))
  expect(refusal(await send(who, id, 0, bytes('123456789'), { 'Content-Length': '9' }))).toEqual([
    413,
    'too_large',
  ])
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
  for (const offset of [0, 4, 6, 10, 99])
    expect(refusal(await send(who, id, offset, bytes('x')))).toEqual([409, 'conflict'])
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

test.each([
  ['no conversation', { filename: 'a.txt' }, 'conversation'],
  ['a conversation that is none', { conversation: '../..' }, 'conversation'],
  ['an id that is a path', { conversation: nobody(), id: '../../etc/passwd' }, 'id'],
  ['an id that is derived', { conversation: nobody(), id: directConversationId(nobody(), nobody()) }, 'id'],
  ['an id in capitals', { conversation: nobody(), id: randomUUID().toUpperCase() }, 'id'],
  ['a type that no text can have', { conversation: nobody(), filetype: 'text/plain\u0000' }, 'filetype'],
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
    ...['Tus-Version', 'Tus-Resumable', 'Tus-Max-Size', 'Tus-Extension'].map((name) =>
      offered.headers.get(name),
    ),
  ]).toEqual([
    204,
    '1.0.0',
    '1.0.0',
    '10000',
    'creation,creation-with-upload,creation-defer-length,termination,expiration',
  ])
  const other = await begin(ana, { conversation: group }, 4, { 'Tus-Resumable': '2.0.0' })
  expect([other.status, other.error.code, other.headers.get('Tus-Version')]).toEqual([
    412,
    'invalid',
    '1.0.0',
  ])
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
