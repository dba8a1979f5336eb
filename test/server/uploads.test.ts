import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, readlink, rm } from 'node:fs/promises'
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type AttachmentId, type ConversationId, newId, rest } from '@parley/protocol'
import pg from 'pg'
import { type DetailedError, Upload, type UploadOptions } from 'tus-js-client'
import { afterEach, expect, test } from 'vitest'
import { addAccounts, type TestAccount } from '../kit/accounts.ts'
import { random } from '../kit/random.ts'
import { startS3 } from '../kit/s3.ts'
import { startTestServer } from '../kit/server.ts'
import { startServerProcess } from '../kit/server-process.ts'
import { startTcpProxy } from '../kit/tcp-proxy.ts'
import { BYTES, metadataOf, TUS } from '../kit/tus.ts'

/** Uploads and downloads over real connections, with the client that web apps use. */

/** The machine may do other things too. */
const PATIENT = { timeout: 30_000 }

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

interface Place {
  readonly url: string
  readonly ana: TestAccount
  readonly ben: TestAccount
  readonly group: ConversationId
}

const auth = ({ token }: TestAccount) => ({ Authorization: `Bearer ${token}` })

/** Two people in a group on this server. */
async function settle(url: string, databaseUrl: string): Promise<Place> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const [ana, ben] = (await addAccounts(client, ['Ana', 'Ben'])) as [TestAccount, TestAccount]
  await client.end()
  const answer = await fetch(`${url}/api/conversations`, {
    method: 'POST',
    headers: { ...auth(ana), 'Content-Type': 'application/json' },
    body: JSON.stringify({ kind: 'group', title: 'Group', members: [ben.id] }),
  })
  return { url, ana, ben, group: rest.conversationSummary.parse(await answer.json()).id }
}

async function onThisProcess(options: Parameters<typeof startTestServer>[0] = {}): Promise<Place> {
  const server = await startTestServer(options)
  cleanups.push(() => server.close())
  return settle(server.url, server.databaseUrl)
}

interface Uploading {
  readonly id: AttachmentId
  /** Where it went on, each time that it did. */
  readonly resumedAt: number[]
  readonly done: Promise<void>
}

/** Uploads as a browser does: as one stream, and again from where it stands when that breaks. */
function uploadTo(
  url: string,
  { ana, group }: Place,
  content: Buffer,
  options: Partial<UploadOptions> = {},
  onAnswer: (status: number) => void = () => undefined,
): Uploading {
  const id = newId<AttachmentId>()
  const resumedAt: number[] = []
  const done = new Promise<void>((resolve, reject) => {
    new Upload(content, {
      endpoint: `${url}/api/uploads`,
      headers: auth(ana),
      metadata: { id, conversation: group, filename: 'film.bin', filetype: 'video/mp4' },
      retryDelays: Array.from({ length: 40 }, (_, attempt) => Math.min(attempt * 50, 500)),
      onAfterResponse: (sent, answer) => {
        onAnswer(answer.getStatus())
        if (sent.getMethod() === 'HEAD' && answer.getStatus() === 200)
          resumedAt.push(Number(answer.getHeader('Upload-Offset')))
      },
      onSuccess: () => resolve(),
      onError: reject,
      ...options,
    }).start()
  })
  return { id, resumedAt, done }
}

async function download(url: string, who: TestAccount, id: AttachmentId): Promise<Buffer> {
  const answer = await fetch(`${url}/api/attachments/${id}`, { headers: auth(who) })
  return Buffer.from(await answer.arrayBuffer())
}

async function sendMessage({ url, ana, group }: Place, id: AttachmentId): Promise<void> {
  const answer = await fetch(`${url}/api/conversations/${group}/events`, {
    method: 'POST',
    headers: { ...auth(ana), 'Content-Type': 'application/json' },
    body: JSON.stringify({ type: 'message', text: '', attachments: [id] }),
  })
  expect([answer.status, await answer.text()]).toEqual([201, expect.any(String)])
}

const MEBIBYTE = 2 ** 20

test('an upload whose connection breaks goes on from where it was, and arrives whole', async () => {
  const place = await onThisProcess()
  const proxy = await startTcpProxy(Number(new URL(place.url).port), random(1))
  cleanups.push(() => proxy.close())
  const content = randomBytes(24 * MEBIBYTE)
  proxy.tear(content.length)
  const { id, resumedAt, done } = uploadTo(`http://127.0.0.1:${proxy.port}`, place, content)
  await done
  expect(resumedAt.at(-1)).toBeGreaterThan(0)
  expect(resumedAt.at(-1)).toBeLessThan(content.length)
  await sendMessage(place, id)
  expect((await download(place.url, place.ben, id)).equals(content)).toBe(true)
})

test('[N1] an upload goes on where it was after the server was killed and started again', async () => {
  const server = await startServerProcess()
  cleanups.push(() => server.dispose())
  const place = await settle(server.url, server.databaseUrl ?? '')
  const content = randomBytes(16 * MEBIBYTE)
  const restarted = Promise.withResolvers<void>()
  const { id, resumedAt, done } = uploadTo(server.url, place, content, {
    chunkSize: 4 * MEBIBYTE,
    onChunkComplete: (_size, accepted) => {
      if (accepted !== 8 * MEBIBYTE) return
      server
        .kill()
        .then(() => server.start())
        .then(restarted.resolve, restarted.reject)
    },
  })
  await done
  await restarted.promise
  // The client heard that these were safe.
  expect(resumedAt[0]).toBeGreaterThanOrEqual(8 * MEBIBYTE)
  await sendMessage(place, id)
  expect((await download(server.url, place.ben, id)).equals(content)).toBe(true)
})

test('[C4] with an S3 store that goes away nothing that arrived is lost, and it is finished when the store is back', async () => {
  const s3 = await startS3()
  cleanups.push(() => s3.close())
  const place = await onThisProcess({ s3: s3.settings, logLevel: 'silent' })
  const content = randomBytes(6 * MEBIBYTE)
  const statuses: number[] = []
  await s3.stop()
  const { id, resumedAt, done } = uploadTo(place.url, place, content, {}, (status) => {
    if (status === 503 && !statuses.includes(503)) void s3.start()
    statuses.push(status)
  })
  await done
  expect(statuses).toContain(503)
  // It was not sent a second time.
  expect(resumedAt.every((offset) => offset === content.length)).toBe(true)
  await sendMessage(place, id)
  expect((await download(place.url, place.ben, id)).equals(content)).toBe(true)
  expect((await s3.names()).filter((name) => name.startsWith('attachments/'))).toHaveLength(1)
})

test('a film can be uploaded without anybody knowing how long it will be', async () => {
  const place = await onThisProcess()
  const content = randomBytes(3 * MEBIBYTE)
  const { id, done } = uploadTo(place.url, place, content, {
    uploadLengthDeferred: true,
    chunkSize: MEBIBYTE,
  })
  await done
  expect((await download(place.url, place.ana, id)).equals(content)).toBe(true)
})

test('what is refused is told to the client in our words, and it does not try again', async () => {
  const place = await onThisProcess({ limits: { attachmentBytes: 1000 } })
  const { done } = uploadTo(place.url, place, randomBytes(2000))
  const error = await done.then(
    () => undefined,
    (thrown: DetailedError) => thrown,
  )
  const body = JSON.parse(error?.originalResponse?.getBody() ?? '') as unknown
  expect(error?.originalResponse?.getStatus()).toBe(413)
  expect(rest.errorAnswer.parse(body).error).toMatchObject({
    code: 'too_large',
    message: expect.stringContaining('LIMIT_ATTACHMENT_BYTES') as string,
  })
})

/** A request whose body the test sends piece by piece. */
function open(url: string, method: string, headers: Record<string, string>): ClientRequest {
  const sent = request(url, { method, headers })
  // What a server does that answers before it has read everything.
  sent.on('error', () => undefined)
  return sent
}
const answerTo = async (sent: ClientRequest): Promise<IncomingMessage> => {
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  return response
}
const textOf = async (response: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = []
  for await (const part of response) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}

async function begin({ url, ana, group }: Place, length: number): Promise<string> {
  const answer = await fetch(`${url}/api/uploads`, {
    method: 'POST',
    headers: {
      ...auth(ana),
      ...TUS,
      'Upload-Length': String(length),
      'Upload-Metadata': metadataOf({ conversation: group }),
    },
  })
  return `${url}${answer.headers.get('Location')}`
}

const offsetAt = async (upload: string, { ana }: Place): Promise<number> => {
  const answer = await fetch(upload, { method: 'HEAD', headers: { ...auth(ana), ...TUS } })
  return Number(answer.headers.get('Upload-Offset'))
}

test('what is too large is refused before it is sent', async () => {
  const place = await onThisProcess({ limits: { attachmentBytes: 1000 } })
  const sent = open(`${place.url}/api/uploads`, 'POST', {
    ...auth(place.ana),
    ...BYTES,
    'Content-Length': '1000000000',
    'Upload-Length': '1000000000',
    'Upload-Metadata': metadataOf({ conversation: place.group }),
  })
  sent.write('the first bytes')
  const answer = await answerTo(sent)
  expect([answer.statusCode, answer.headers['tus-resumable']]).toEqual([413, '1.0.0'])
  expect(await textOf(answer)).toContain('LIMIT_ATTACHMENT_BYTES')
  sent.destroy()
})

test('who is removed while their file is on its way has sent nothing', async () => {
  const place = await onThisProcess()
  const { url, ana, ben, group } = place
  const upload = await begin({ ...place, ana: ben }, 10)
  const sent = open(upload, 'PATCH', { ...auth(ben), ...BYTES, 'Upload-Offset': '0', 'Content-Length': '10' })
  sent.write('12345')
  await expect.poll(() => offsetWithoutStopping(upload, ben), PATIENT).toBe(5)
  const removed = await fetch(`${url}/api/conversations/${group}/members/${ben.id}`, {
    method: 'DELETE',
    headers: auth(ana),
  })
  expect(removed.status).toBe(204)
  sent.end('67890')
  const answer = await answerTo(sent)
  expect([answer.statusCode, JSON.parse(await textOf(answer))]).toMatchObject([
    403,
    { error: { code: 'forbidden' } },
  ])
  expect((await fetch(upload, { headers: auth(ben) })).status).toBe(403)
})

/** GET only looks; HEAD would end what is under way. */
async function offsetWithoutStopping(upload: string, who: TestAccount): Promise<number> {
  const answer = await fetch(upload, { headers: auth(who) })
  return rest.upload.parse(await answer.json()).offset
}

test('a connection that hangs does not keep its upload: who asks where it stands can go on', async () => {
  const place = await onThisProcess()
  const upload = await begin(place, 10)
  const hanging = open(upload, 'PATCH', {
    ...auth(place.ana),
    ...BYTES,
    'Upload-Offset': '0',
    'Content-Length': '10',
  })
  hanging.write('12345')
  await expect.poll(() => offsetWithoutStopping(upload, place.ana), PATIENT).toBe(5)
  expect(await offsetAt(upload, place)).toBe(5)
  const rest = await fetch(upload, {
    method: 'PATCH',
    headers: { ...auth(place.ana), ...BYTES, 'Upload-Offset': '5' },
    body: '67890',
  })
  expect([rest.status, rest.headers.get('Upload-Offset')]).toEqual([204, '10'])
  hanging.destroy()
})

test('[S5] an upload passes through memory, and is not gathered in it', async () => {
  const place = await onThisProcess({ limits: { attachmentBytes: 2 ** 30 } })
  const size = 128 * MEBIBYTE
  const upload = await begin(place, size)
  const sent = open(upload, 'PATCH', {
    ...auth(place.ana),
    ...BYTES,
    'Upload-Offset': '0',
    'Content-Length': String(size),
  })
  const piece = Buffer.alloc(MEBIBYTE, 'x')
  const before = heldBytes()
  let most = 0
  for (let part = 0; part < size; part += piece.length) {
    if (!sent.write(piece)) await once(sent, 'drain')
    if (part % (8 * MEBIBYTE) === 0) most = Math.max(most, heldBytes() - before)
  }
  sent.end()
  expect((await answerTo(sent)).statusCode).toBe(204)
  expect(most).toBeLessThan(size / 2)
})

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** What is kept in buffers, and not what only waits to be collected. */
const heldBytes = (): number => {
  collectGarbage()
  return process.memoryUsage().arrayBuffers
}

/** Files below `directory` that this process has open. */
async function openFilesIn(directory: string): Promise<string[]> {
  const fds = await readdir('/proc/self/fd')
  const paths = await Promise.all(fds.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')))
  return paths.filter((path) => path.startsWith(directory))
}

test('[S5] who reads slowly costs one open file and a little memory; who leaves costs nothing', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-test-download-'))
  cleanups.push(() => rm(dataDir, { recursive: true, force: true }))
  const place = await onThisProcess({ dataDir })
  const content = randomBytes(48 * MEBIBYTE)
  const { id, done } = uploadTo(place.url, place, content)
  await done
  const before = heldBytes()
  const asked = request(`${place.url}/api/attachments/${id}`, { headers: auth(place.ana) }).end()
  const answer = await answerTo(asked)
  await once(answer, 'readable')
  answer.read()
  // As much as the kernel takes is sent; then nothing moves, and nothing grows.
  await expect.poll(() => openFilesIn(dataDir), PATIENT).toHaveLength(1)
  expect(heldBytes() - before).toBeLessThan(content.length / 2)
  asked.destroy()
  await expect.poll(() => openFilesIn(dataDir), PATIENT).toEqual([])
})

test('what a browser is told about a file is stricter than about anything else here', async () => {
  const place = await onThisProcess()
  const { id, done } = uploadTo(place.url, place, Buffer.from('<script>alert(1)</script>'))
  await done
  const head = await fetch(`${place.url}/api/attachments/${id}`, { method: 'HEAD', headers: auth(place.ana) })
  expect(Object.fromEntries(head.headers)).toMatchObject({
    'content-length': '25',
    'content-type': 'text/plain; charset=utf-8',
    'content-disposition': `attachment; filename="film.bin"; filename*=UTF-8''film.bin`,
    'content-security-policy': expect.stringMatching(/^sandbox; default-src 'none'/) as string,
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'private, max-age=31536000, immutable',
  })
  const part = await fetch(`${place.url}/api/attachments/${id}`, {
    headers: { ...auth(place.ana), Range: 'bytes=1-6' },
  })
  expect([part.status, await part.text()]).toEqual([206, 'script'])
  const elsewhere = await fetch(`${place.url}/api/users/me`, { headers: auth(place.ana) })
  expect(elsewhere.headers.get('Content-Security-Policy')).toMatch(/^default-src 'self'/)
})
