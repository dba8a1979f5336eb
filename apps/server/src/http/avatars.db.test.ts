import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rest } from '@parley/protocol'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Answer, createTestApi, type Person, type TestApi } from '../../../../test/kit/api.ts'
import { useDatabase } from '../../../../test/kit/database.ts'
import { startS3 } from '../../../../test/kit/s3.ts'
import { createS3Store } from '../attachments/s3-store.ts'

const database = useDatabase()
const DAY = 24 * 60 * 60 * 1000

let dataDir: string
let api: TestApi
let ana: Person
let ben: Person

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'parley-test-avatars-'))
  api = createTestApi(database, { attachments: { dataDir } })
  ;[ana, ben] = [await api.signUp('ana'), await api.signUp('ben')]
})
afterAll(() => rm(dataDir, { recursive: true }))

const image = (background: string, width = 900, height = 600) =>
  sharp({ create: { width, height, channels: 3, background } })
const send = (who: Person, method: string, path: string, body: Uint8Array, type = 'image/png') =>
  who.ask(method, path, new Uint8Array(body), { 'Content-Type': type })
const setOwn = (who: Person, body: Uint8Array, type?: string) =>
  send(who, 'PUT', '/api/users/me/avatar', body, type)
const add = async (who: Person, body: Uint8Array): Promise<string> =>
  (await send(who, 'POST', '/api/avatars', body)).as(rest.addedAvatar).avatar
const refusal = ({ status, error }: Answer): [number, string] => [status, error.code]
const filesIn = async (folder: string): Promise<number> =>
  (await readdir(join(dataDir, folder), { recursive: true, withFileTypes: true }).catch(() => [])).filter(
    (each) => each.isFile(),
  ).length

test('a picture becomes a square, without what the camera noted, and everybody who is logged in sees it', async () => {
  const photo = await image('red')
    .withExif({ IFD0: { Copyright: 'somewhere secret' } })
    .jpeg()
    .toBuffer()
  const { avatar = '' } = (await setOwn(ana, photo, 'image/jpeg')).as(rest.me)
  expect(avatar).toMatch(/^\/api\/avatars\/[0-9a-f]{64}$/)
  expect((await ben.ask('GET', `/api/users/${ana.id}`)).as(rest.user).avatar).toBe(avatar)
  const got = await ben.ask('GET', avatar)
  expect([got.status, got.headers.get('Content-Type'), got.headers.get('Cache-Control')]).toEqual([
    200,
    'image/webp',
    'private, max-age=31536000, immutable',
  ])
  expect(got.headers.get('Content-Security-Policy')).toContain('sandbox')
  expect(got.headers.get('X-Content-Type-Options')).toBe('nosniff')
  const { width, height, exif, format } = await sharp(got.bytes).metadata()
  expect({ width, height, exif, format }).toEqual({
    width: 256,
    height: 256,
    exif: undefined,
    format: 'webp',
  })
  const tag = got.headers.get('ETag') ?? ''
  expect((await ben.ask('GET', avatar, undefined, { 'If-None-Match': tag })).status).toBe(304)
  expect((await api.ask('GET', avatar)).status).toBe(401)
})

test('what has holes in it is filled, so that nothing behind it is seen', async () => {
  const clear = await sharp({
    create: { width: 300, height: 300, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
  })
    .png()
    .toBuffer()
  const { avatar = '' } = (await setOwn(ana, clear)).as(rest.me)
  expect((await sharp((await ana.ask('GET', avatar)).bytes).metadata()).hasAlpha).toBe(false)
})

test('the same picture is kept once, whoever brings it, also at the same moment', async () => {
  const before = await filesIn('attachments')
  const blue = await image('blue').png().toBuffer()
  const [one, two] = await Promise.all([add(ana, blue), add(ben, blue)])
  expect(two).toBe(one)
  expect(await add(ben, blue)).toBe(one)
  // Of two at once the one that came too late is removed when the time that was kept for it is over.
  api.advance(DAY / 12)
  await api.attachments.sweep()
  expect([await filesIn('attachments'), await filesIn('uploads')]).toEqual([before + 1, 0])
})

test('the picture of a group is set by who may change it, and its string is data like any other', async () => {
  const group = await api.group(ana, ben)
  const avatar = await add(ben, await image('green').png().toBuffer())
  const change = (who: Person, value: string) =>
    who.ask('PATCH', `/api/conversations/${group}`, { avatar: value })
  expect(refusal(await change(ben, avatar))).toEqual([403, 'forbidden'])
  expect((await change(ana, avatar)).as(rest.conversationSummary).avatar).toBe(avatar)
  expect((await change(ana, 'a word of old')).as(rest.conversationSummary).avatar).toBe('a word of old')
})

describe('[S1] what is hostile is refused, and nothing of it is kept:', () => {
  const hostile: readonly [string, () => Promise<Uint8Array>, (string | undefined)?][] = [
    ['a page', () => Promise.resolve(Buffer.from('<html><script>alert(1)</script>'))],
    [
      'an SVG that calls itself a PNG',
      () => Promise.resolve(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>')),
    ],
    ['nothing', () => Promise.resolve(new Uint8Array())],
    ['a picture that stops in the middle', async () => (await noise(400)).subarray(0, 2000)],
    // 144 megapixels of one colour fit in a few kilobytes.
    ['a picture that unfolds to gigabytes', () => image('black', 12_000, 12_000).png().toBuffer()],
    ['a picture under another type', () => image('red').png().toBuffer(), 'application/json'],
    ['a picture under no type', () => image('red').png().toBuffer(), ''],
  ]
  test.each(hostile)('%s', async (_, make, type) => {
    const before = await filesIn('attachments')
    const was = (await ben.ask('GET', '/api/users/me')).as(rest.me).avatar
    const body = await make()
    for (const [method, path] of [
      ['PUT', '/api/users/me/avatar'],
      ['POST', '/api/avatars'],
    ] as const)
      expect(refusal(await send(ben, method, path, body, type))).toEqual([400, 'invalid'])
    expect(await filesIn('attachments')).toBe(before)
    expect(await filesIn('uploads')).toBe(0)
    expect((await ben.ask('GET', '/api/users/me')).as(rest.me).avatar).toBe(was)
  })

  test('more bytes than a picture may have', async () => {
    const body = new Uint8Array(8 * 1024 * 1024 + 1)
    expect(refusal(await setOwn(ben, body))).toEqual([413, 'too_large'])
  })

  test('names that are no hash', async () => {
    for (const name of ['..%2f..%2fsecret', 'AB'.repeat(32), 'ab'.repeat(33), `${'ab'.repeat(31)}zz`])
      expect(refusal(await ben.ask('GET', `/api/avatars/${name}`))).toEqual([400, 'invalid'])
    expect(refusal(await ben.ask('GET', `/api/avatars/${'ab'.repeat(32)}`))).toEqual([404, 'not_found'])
  })
})

test('a picture costs as much as twenty requests', async () => {
  const hurried = createTestApi(database, {
    attachments: { dataDir },
    limits: { requestsBurst: 50, requestsPerSecond: 0.001 },
  })
  const who = await hurried.signUp('hurried')
  const body = await image('pink', 20, 20).png().toBuffer()
  const answers = [await setOwn(who, body), await setOwn(who, body), await setOwn(who, body)]
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 429])
})

test('a picture that nobody shows goes after a week, with its file; one that somebody shows stays', async () => {
  const conversation = await api.group(ana)
  const [own, group, old] = [
    (await setOwn(ben, await image('cyan').png().toBuffer())).as(rest.me).avatar ?? '',
    await add(ana, await image('gold').png().toBuffer()),
    await add(ana, await image('teal').png().toBuffer()),
  ]
  await ana.ask('PATCH', `/api/conversations/${conversation}`, { avatar: group })
  const before = await filesIn('attachments')
  api.advance(6 * DAY)
  await api.attachments.sweep()
  expect((await ana.ask('GET', old)).status).toBe(200)
  api.advance(1.1 * DAY)
  await api.attachments.sweep()
  expect((await ana.ask('GET', old)).status).toBe(404)
  expect([(await ana.ask('GET', own)).status, (await ana.ask('GET', group)).status]).toEqual([200, 200])
  expect(await filesIn('attachments')).toBeLessThan(before)
  // Brought again it is as if it had never gone.
  expect(await add(ana, await image('teal').png().toBuffer())).toBe(old)
  await api.attachments.sweep()
  expect((await ana.ask('GET', old)).status).toBe(200)
})

test('who deletes their account takes their picture along', async () => {
  const gone = await api.signUp('gone')
  const avatar = (await setOwn(gone, await image('brown').png().toBuffer())).as(rest.me).avatar ?? ''
  expect((await gone.ask('DELETE', '/api/users/me')).status).toBe(204)
  api.advance(8 * DAY)
  await api.attachments.sweep()
  expect((await ben.ask('GET', avatar)).status).toBe(404)
})

test('pictures are kept in a bucket as they are on a disk', async () => {
  const s3 = await startS3()
  try {
    const there = createTestApi(database, {
      attachments: { dataDir, files: createS3Store(s3.settings) },
    })
    const cleo = await there.signUp('cleo')
    const { avatar = '' } = (await setOwn(cleo, await image('plum').png().toBuffer())).as(rest.me)
    expect((await sharp((await cleo.ask('GET', avatar)).bytes).metadata()).width).toBe(256)
  } finally {
    await s3.close()
  }
})

/** Something that does not compress to nothing. */
const noise = (edge: number): Promise<Buffer> =>
  sharp({
    create: {
      width: edge,
      height: edge,
      channels: 3,
      background: 'white',
      noise: { type: 'gaussian', mean: 128, sigma: 60 },
    },
  })
    .png()
    .toBuffer()
