import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AttachmentId, type ConversationId, newId, rest } from '@parley/protocol'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Answer, createTestApi, nobody, type Person, type TestApi } from '../../../../test/kit/api.ts'
import { useDatabase } from '../../../../test/kit/database.ts'
import { bytes, upload } from '../../../../test/kit/tus.ts'

const database = useDatabase()
let dataDir: string
let api: TestApi
let ana: Person
let ben: Person
let stranger: Person
let group: ConversationId
/** Ten letters, sent. */
let letters: AttachmentId

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'parley-test-attachments-'))
  api = createTestApi(database, { attachments: { dataDir } })
  ;[ana, ben, stranger] = [await api.signUp('ana'), await api.signUp('ben'), await api.signUp('stranger')]
  group = await api.group(ana, ben)
  letters = await sent('abcdefghij', 'letters.txt')
})
afterAll(() => rm(dataDir, { recursive: true }))

async function sent(
  content: string | Uint8Array,
  filename: string,
  filetype?: string,
): Promise<AttachmentId> {
  const data = typeof content === 'string' ? bytes(content) : content
  const { id } = await upload(ana, group, data, { filename, ...(filetype !== undefined && { filetype }) })
  await api.say(ana, group, '', { attachments: [id] })
  return id
}

const download = (who: Person, id: AttachmentId, headers: Record<string, string> = {}, method = 'GET') =>
  who.ask(method, `/api/attachments/${id}`, undefined, headers)
const tagOf = ({ headers }: Answer): string => headers.get('ETag') ?? ''
const blank = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: 'red' } })

test('[S2] a file is for the members of its conversation, from the message on; all else answers alike', async () => {
  const { id: unsent } = await upload(ana, group, bytes('draft'))
  const refused = await download(stranger, letters)
  expect([refused.status, refused.error.code]).toEqual([403, 'forbidden'])
  expect((await download(stranger, nobody() as unknown as AttachmentId)).body).toEqual(refused.body)
  // Another member's, which they have not sent yet.
  expect((await download(ben, unsent)).body).toEqual(refused.body)
  expect((await download(ana, unsent)).body).toBe('draft')
  expect((await download(ben, letters)).body).toBe('abcdefghij')
  expect((await ben.ask('GET', `/api/attachments/${unsent}/preview`)).status).toBe(403)
})

test('[S4] who was removed gets no file any more, and who joins gets those of before', async () => {
  const conversation = await api.group(ana, ben)
  const { id } = await upload(ana, conversation, bytes('data'))
  await api.say(ana, conversation, '', { attachments: [id] })
  expect((await download(ben, id)).status).toBe(200)
  await ana.ask('DELETE', `/api/conversations/${conversation}/members/${ben.id}`)
  expect((await download(ben, id)).status).toBe(403)
  await ana.ask('POST', `/api/conversations/${conversation}/members`, { user: stranger.id })
  expect((await download(stranger, id)).status).toBe(200)
  await ana.ask('DELETE', `/api/conversations/${conversation}`)
  for (const who of [ana, ben, stranger]) expect((await download(who, id)).status).toBe(403)
})

test('a file cannot be sent to another conversation, nor by another, nor before it is there', async () => {
  const elsewhere = await api.group(ana, ben)
  const { id } = await upload(ana, group, bytes('data'))
  const say = (who: Person, conversation: ConversationId, attachment: AttachmentId) =>
    who.ask('POST', `/api/conversations/${conversation}/events`, {
      type: 'message',
      text: '',
      attachments: [attachment],
    })
  for (const answer of [
    await say(ana, elsewhere, id),
    await say(ben, group, id),
    await say(ana, group, newId<AttachmentId>()),
  ])
    expect([answer.status, answer.error.code]).toEqual([400, 'invalid'])
  expect((await say(ana, group, id)).status).toBe(201)
  // It may be sent twice.
  expect((await say(ana, group, id)).status).toBe(201)
})

test('a file never changes, and the answer says so to the browser that has it', async () => {
  const first = await download(ben, letters)
  expect(first.headers.get('Cache-Control')).toBe('private, max-age=31536000, immutable')
  expect(first.headers.get('Vary')).toBe('Cookie, Authorization')
  expect(tagOf(first)).toBe('"72399361da6a7754fec986dca5b7cbaf1c810a28ded4abaf56b2106d06cb78b0"')
  for (const condition of [tagOf(first), `W/${tagOf(first)}`, `"other", ${tagOf(first)}`, '*']) {
    const again = await download(ben, letters, { 'If-None-Match': condition })
    expect([again.status, again.body, tagOf(again)]).toEqual([304, '', tagOf(first)])
    expect(again.headers.get('Cache-Control')).toContain('immutable')
  }
  expect((await download(ben, letters, { 'If-None-Match': '"other"' })).status).toBe(200)
  // Who may not have it does not learn that they had it.
  expect((await download(stranger, letters, { 'If-None-Match': '*' })).status).toBe(403)
})

test.each([
  ['bytes=2-4', 206, 'cde', 'bytes 2-4/10'],
  ['bytes=0-0', 206, 'a', 'bytes 0-0/10'],
  ['bytes=7-', 206, 'hij', 'bytes 7-9/10'],
  ['bytes=-2', 206, 'ij', 'bytes 8-9/10'],
  ['bytes=8-99', 206, 'ij', 'bytes 8-9/10'],
  ['bytes=0-1,4-5', 200, 'abcdefghij', null],
  ['lines=1-2', 200, 'abcdefghij', null],
  ['bytes=5-2', 200, 'abcdefghij', null],
])('asked for %s it answers %i', async (range, status, body, contentRange) => {
  const answer = await download(ben, letters, { Range: range })
  expect([answer.status, answer.body, answer.headers.get('Content-Range')]).toEqual([
    status,
    body,
    contentRange,
  ])
  expect(answer.headers.get('Content-Length')).toBe(String(body.length))
  expect(answer.headers.get('Accept-Ranges')).toBe('bytes')
})

test('a part that is not there is said with how much there is', async () => {
  for (const range of ['bytes=10-', 'bytes=-0']) {
    const answer = await download(ben, letters, { Range: range })
    expect([answer.status, answer.headers.get('Content-Range'), answer.error.code]).toEqual([
      416,
      'bytes */10',
      'invalid',
    ])
    expect(answer.headers.get('Cache-Control')).toBe('no-store')
  }
})

test('a part is given only of what the asker has the rest of', async () => {
  const tag = tagOf(await download(ben, letters))
  const part = (condition: string) => download(ben, letters, { Range: 'bytes=0-1', 'If-Range': condition })
  expect((await part(tag)).body).toBe('ab')
  for (const other of ['"other"', `W/${tag}`, 'Sat, 21 Nov 2026 00:00:00 GMT'])
    expect([(await part(other)).status, (await part(other)).body]).toEqual([200, 'abcdefghij'])
})

test('HEAD answers what GET would, without the file', async () => {
  const get = await download(ben, letters)
  const head = await download(ben, letters, { Range: 'bytes=0-1' }, 'HEAD')
  expect([head.status, head.body]).toEqual([200, ''])
  expect([...head.headers]).toEqual([...get.headers])
})

test('an empty file is a file', async () => {
  const id = await sent('', 'empty')
  const answer = await download(ben, id)
  expect([answer.status, answer.body, answer.headers.get('Content-Length')]).toEqual([200, '', '0'])
  expect((await download(ben, id, { Range: 'bytes=0-' })).status).toBe(416)
})

const PDF = '%PDF-1.7\n<script>alert(1)</script>'
test.each([
  ['text', 'a.txt', 'just text', undefined, 'text/plain; charset=utf-8'],
  ['a table', 'a.csv', 'a,b', 'text/csv', 'text/csv; charset=utf-8'],
  ['a page', 'a.html', '<!doctype html><script>alert(1)</script>', 'text/html', 'text/plain; charset=utf-8'],
  ['a drawing', 'a.svg', '<svg onload="alert(1)"/>', 'image/svg+xml', 'text/plain; charset=utf-8'],
  [
    'an XML drawing',
    'a.svg',
    '<?xml version="1.0"?><svg onload="a()"/>',
    'image/svg+xml',
    'application/octet-stream',
  ],
  ['a PDF', 'a.pdf', PDF, 'application/pdf', 'application/octet-stream'],
  ['anything', 'a.bin', '\u0002\u0003\u0004', 'image/png', 'application/octet-stream'],
])('[S5] %s is only saved, and does nothing', async (_what, name, content, claimed, type) => {
  const { headers } = await download(ben, await sent(content, name, claimed))
  expect(headers.get('Content-Type')).toBe(type)
  expect(headers.get('Content-Disposition')).toBe(`attachment; filename="${name}"; filename*=UTF-8''${name}`)
  expect(headers.get('X-Content-Type-Options')).toBe('nosniff')
  expect(headers.get('Content-Security-Policy')).toMatch(/^sandbox; default-src 'none'/)
})

test.each(['png', 'jpeg', 'gif', 'webp', 'avif'] as const)(
  'a %s may be shown, and still does nothing',
  async (format) => {
    const image = await blank(30, 20).toFormat(format).toBuffer()
    const polyglot = Buffer.concat([image, bytes('<script>alert(1)</script>')])
    const answer = await download(ben, await sent(polyglot, `a.${format}`, 'text/html'))
    expect(answer.headers.get('Content-Type')).toBe(`image/${format}`)
    expect(answer.headers.get('Content-Disposition')).toMatch(/^inline; /)
    expect(answer.headers.get('X-Content-Type-Options')).toBe('nosniff')
    expect(answer.headers.get('Content-Security-Policy')).toMatch(/^sandbox; default-src 'none'/)
    expect(Buffer.from(answer.bytes)).toEqual(polyglot)
  },
)

test('any name arrives as it is, and none breaks the header', async () => {
  const id = await sent('x', 'Grüße "日本" 😀.txt')
  expect((await download(ben, id)).headers.get('Content-Disposition')).toBe(
    `attachment; filename="Gr__e ____ __.txt"; filename*=UTF-8''Gr%C3%BC%C3%9Fe%20%22%E6%97%A5%E6%9C%AC%22%20%F0%9F%98%80.txt`,
  )
})

test('an image has a preview for the same people, which never changes either; other files have none', async () => {
  const id = await sent(await blank(1000, 500).jpeg().toBuffer(), 'photo.jpg')
  const preview = (who: Person, headers: Record<string, string> = {}, of = id) =>
    who.ask('GET', `/api/attachments/${of}/preview`, undefined, headers)
  const answer = await preview(ben)
  const { width, height, format } = await sharp(answer.bytes).metadata()
  expect([format, width, height]).toEqual(['webp', 480, 240])
  expect(answer.headers.get('Content-Type')).toBe('image/webp')
  expect(answer.headers.get('Content-Length')).toBe(String(answer.bytes.length))
  expect(answer.headers.get('Cache-Control')).toContain('immutable')
  expect(tagOf(answer)).not.toBe(tagOf(await download(ben, id)))
  expect((await preview(ben, { 'If-None-Match': tagOf(answer) })).status).toBe(304)
  expect((await preview(stranger)).status).toBe(403)
  const none = await preview(ben, {}, letters)
  expect([none.status, none.error.code]).toEqual([404, 'not_found'])
})

test('a file that is not where it should be is the server’s mistake, and nobody’s refusal', async () => {
  const id = await sent('precious', 'a.txt')
  const { rows } = await database.pool.query<{ key: string }>('SELECT key FROM attachments WHERE id = $1', [
    id,
  ])
  const key = rows[0]?.key ?? ''
  await rm(join(dataDir, 'attachments', key.slice(0, 2), key))
  const answer = await download(ben, id)
  expect([answer.status, answer.error.code]).toEqual([500, 'internal'])
})

test('whoever deletes their account leaves what they sent, and takes along what they did not', async () => {
  const leaver = await api.signUp('leaver')
  const conversation = await api.group(ana, leaver)
  const kept = await upload(leaver, conversation, bytes('sent'))
  await upload(leaver, conversation, bytes('not sent'))
  await api.say(leaver, conversation, '', { attachments: [kept.id] })
  await leaver.ask('DELETE', '/api/users/me')
  await api.attachments.sweep()
  expect((await download(ana, kept.id)).body).toBe('sent')
  const { rows } = await database.pool.query<{ id: string; key: string }>(
    'SELECT id, key FROM attachments WHERE uploader = $1',
    [leaver.id],
  )
  expect(rows.map(({ id }) => id)).toEqual([kept.id])
  const { rows: all } = await database.pool.query<{ key: string; preview_bytes: number | null }>(
    'SELECT key, preview_bytes FROM attachments',
  )
  const names = all.flatMap(({ key, preview_bytes }) =>
    preview_bytes === null ? [key] : [key, `${key}.preview`],
  )
  const files = (await readdir(join(dataDir, 'attachments'), { recursive: true })).filter((name) =>
    name.includes('/'),
  )
  const found = files.map((name) => name.slice(3)).toSorted()
  // One of them was taken away by a test above.
  expect(names.filter((name) => !found.includes(name))).toHaveLength(1)
  expect(found.filter((name) => !names.includes(name))).toEqual([])
})

test('a conversation says of its last message what it has attached', async () => {
  const conversation = await api.group(ana, ben)
  const { id } = await upload(ana, conversation, bytes('data'), { filename: 'a.txt' })
  await api.say(ana, conversation, '', { attachments: [id] })
  const { lastEvent } = (await ben.ask('GET', `/api/conversations/${conversation}`)).as(
    rest.conversationSummary,
  )
  expect(lastEvent).toMatchObject({ attachments: [{ id, name: 'a.txt', mediaType: 'text/plain', bytes: 4 }] })
})
