import { createECDH } from 'node:crypto'
import { type AttachmentId, type EventId, newId, type UserId } from '@parley/protocol'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Description } from '../../apps/server/src/http/description/document.ts'
import type { Answer, Api } from '../../packages/client/src/connection/api.ts'
import { httpApi } from '../../packages/client/src/connection/http-api.ts'
import { openApi } from '../../packages/client/src/platform/system-api.ts'
import { systemClock } from '../../packages/client/src/platform/system.ts'
import type { Fetch } from '../../packages/client/src/ports.ts'
import { type Conform, createConform } from '../kit/conform.ts'
import { startTestServer, type TestServer } from '../kit/server.ts'

let server: TestServer
let description: Description
let conform: Conform
/** What was asked and answered well: method and path, as it was sent. */
const done = new Set<string>()

beforeAll(async () => {
  server = await startTestServer()
  description = (await (await fetch(`${server.url}/api/openapi.json`)).json()) as Description
  conform = createConform(description)
})
afterAll(() => server.close())

/** A fetch that keeps cookies as a browser does, and judges every answer by the description. */
function browserFetch(): Fetch {
  let cookie: string | undefined
  return async (url, { method, headers, body }) => {
    const answer = await fetch(url, {
      method,
      headers: { ...headers, ...(cookie !== undefined && { cookie, origin: server.url }) },
      ...(body !== undefined && { body: typeof body === 'string' ? body : await body.arrayBuffer() }),
    })
    cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? cookie
    const text = await answer.text()
    heard(method, url, answer, text, typeof body === 'string' ? body : undefined)
    return { status: answer.status, headers: answer.headers, text: async () => text }
  }
}

function heard(
  method: string,
  url: string,
  { status, headers }: Response,
  text: string,
  body?: string,
): void {
  const path = url.slice(server.url.length)
  const isJson = /^application\/json *(;|$)/.test(headers.get('Content-Type') ?? '')
  const sent: unknown = body === undefined ? undefined : JSON.parse(body)
  conform({ method, path, sent, status, headers, body: isJson ? JSON.parse(text) : text })
  if (status < 400) done.add(`${method} ${path.split('?')[0]}`)
}

const open = (): Api => httpApi({ url: server.url, fetch: browserFetch(), clock: systemClock })

async function ok<T>(asked: Promise<Answer<T>>): Promise<T> {
  const answer = await asked
  if (!answer.ok) throw new Error(`${answer.code}: ${answer.message}`)
  return answer.value
}

async function join(username: string): Promise<Api & { readonly id: UserId }> {
  const api = open()
  const account = {
    email: `${username}@example.org`,
    username,
    name: username,
    password: 'a long enough secret',
  }
  const { id } = await ok(api.signUp(account))
  return { ...api, id }
}

/** Which operations of the description these were. */
function operationsOf(asked: ReadonlySet<string>): string[] {
  const all = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => ({
      operationId,
      variables: path.split('{').length,
      pattern: new RegExp(`^${method.toUpperCase()} ${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
    })),
  )
  return [...asked].flatMap((each) => {
    const [found] = all
      .filter(({ pattern }) => pattern.test(each))
      .toSorted((a, b) => a.variables - b.variables)
    return found === undefined ? [] : [found.operationId]
  })
}

test('the client has a function for every operation of the API, and reads what it answers', async () => {
  const [ana, ben, eve] = [await join('ana'), await join('ben'), await join('eve')]

  // People.
  expect((await ok(ana.me())).email).toBe('ana@example.org')
  expect((await ok(ana.updateMe({ name: 'Ana B.' }))).name).toBe('Ana B.')
  expect((await ok(ben.user(ana.id))).name).toBe('Ana B.')
  expect((await ok(ben.users([ana.id, eve.id, newId()]))).map(({ id }) => id)).toEqual([ana.id, eve.id])
  expect((await ok(ben.searchUsers('an'))).map(({ id }) => id)).toEqual([ana.id])
  expect((await ok(ben.usersByEmail('ana@example.org'))).map(({ id }) => id)).toEqual([ana.id])

  // Logging in.
  const phone = open()
  await ok(phone.signIn({ login: 'ana', password: 'a long enough secret' }))
  const other = (await ok(ana.sessions())).find(({ current }) => !current)
  await ok(ana.endSession(other?.id ?? ''))
  expect(await phone.me()).toMatchObject({ ok: false, code: 'unauthenticated' })
  await ok(phone.signIn({ login: 'ana', password: 'a long enough secret' }))
  await ok(phone.signOut())
  const { id: tokenId, token } = await ok(ana.createToken('bot'))
  const bot = openApi({ url: server.url, token })
  expect((await ok(bot.me())).id).toBe(ana.id)
  expect((await ok(ana.tokens())).map(({ name }) => name)).toEqual(['bot'])
  await ok(ana.deleteToken(tokenId))

  // Friends.
  const key = newId<EventId>()
  const request = await ok(ana.requestFriend(ben.id, key))
  expect(await ok(ana.requestFriend(ben.id, key))).toEqual(request)
  expect((await ok(ben.friendRequests({ direction: 'incoming', status: 'PENDING' })))[0]?.id).toBe(request.id)
  expect((await ok(ben.answerFriendRequest(request.id, 'ACCEPTED'))).status).toBe('ACCEPTED')
  expect((await ok(ana.friends())).map(({ id }) => id)).toEqual([ben.id])
  await ok(ana.block(eve.id))
  expect((await ok(ana.blocks())).map(({ user }) => user.id)).toEqual([eve.id])
  expect((await ok(ana.blockOf(eve.id))).user.id).toBe(eve.id)
  await ok(ana.unblock(eve.id))
  expect(await ana.blockOf(eve.id)).toMatchObject({ ok: false, code: 'not_found' })

  // Conversations and members.
  const direct = await ok(ana.createConversation({ kind: 'direct', members: [ben.id] }))
  expect((await ok(ben.createConversation({ kind: 'direct', members: [ana.id] }))).id).toBe(direct.id)
  const { id: channel } = await ok(ana.createConversation({ kind: 'channel', title: 'Town' }))
  expect((await ok(eve.channels('to'))).items).toMatchObject([{ id: channel, isMember: false }])
  const group = await ok(ana.createConversation({ kind: 'group', title: 'Crew', members: [ben.id] }))
  expect((await ok(ana.updateConversation(group.id, { topic: 'Sailing' }))).topic).toBe('Sailing')
  expect((await ok(ana.conversation(group.id))).topic).toBe('Sailing')
  expect((await ok(ana.addMember(group.id, { user: eve.id }))).role).toBe('member')
  expect((await ok(ana.changeRole(group.id, eve.id, 'admin'))).role).toBe('admin')
  expect((await ok(ana.members(group.id))).length).toBe(3)
  await ok(eve.removeMember(group.id, eve.id))
  expect((await ok(ana.conversations())).length).toBe(3)

  // What is said and read.
  const said = await ok(ana.say(group.id, { type: 'message', text: '@ben, ahoy', mentions: [ben.id] }))
  if (said?.type !== 'message') throw new Error('a message was said')
  const thumb = { type: 'reaction', to: said.id, emoji: '👍', on: true } as const
  expect(await ok(ben.say(group.id, thumb))).toMatchObject(thumb)
  expect(await ok(ben.say(group.id, thumb))).toBeUndefined()
  expect((await ok(ben.events(group.id, { after: said.seq - 1 }))).map(({ type }) => type)).toEqual([
    'message',
    'reaction',
  ])
  expect(await ok(ben.events(group.id, { types: ['message'] }))).toEqual([said])
  expect(await ok(ben.messages(group.id, { limit: 1 }))).toEqual([said])
  // The words of a message are looked up behind the log: what was said a moment ago comes a little later.
  const found = () => ok(ben.search({ q: 'ahoy', conversation: group.id }))
  await vi.waitUntil(async () => (await found()).items.length > 0, { timeout: 20_000, interval: 100 })
  expect((await found()).items).toMatchObject([{ conversation: group.id, message: { id: said.id } }])
  const waiting = await ok(ben.notifications())
  expect(waiting.map(({ kind }) => kind)).toEqual(['added', 'mention'])
  const [first, last] = [waiting.at(0), waiting.at(-1)]
  if (first === undefined || last === undefined) throw new Error('something waits for who is away')
  await ok(ben.acknowledge(first.id))
  await ok(ben.acknowledgeUpTo(last.id))
  expect(await ok(ben.notifications())).toEqual([])
  await ok(ben.markRead(group.id, said.seq))
  expect((await ok(ana.readers(group.id, said.id))).map(({ user }) => user)).toContain(ben.id)

  expect(Buffer.from(await ok(ben.pushKey()), 'base64url')).toHaveLength(65)
  const keys = createECDH('prime256v1')
  await ok(
    ben.subscribePush({
      endpoint: 'https://fcm.googleapis.com/fcm/send/ben',
      keys: { p256dh: keys.generateKeys('base64url'), auth: Buffer.alloc(16).toString('base64url') },
    }),
  )
  await ok(ben.unsubscribePush())

  await files(ana, group.id)

  // And the end of it.
  await ok(ana.removeFriend(ben.id))
  await ok(ana.deleteConversation(group.id))
  await ok(eve.deleteMe())

  const operations = Object.values(description.paths).flatMap((methods) => Object.values(methods))
  expect(operationsOf(done).toSorted()).toEqual(operations.map(({ operationId }) => operationId).toSorted())
})

/** What the client leaves to whoever moves bytes, at the addresses that it knows. */
async function files(api: Api, conversation: string): Promise<void> {
  const { token } = await ok(api.createToken('files'))
  const ask = async (
    method: string,
    url: string,
    headers: Record<string, string> = {},
    body?: Uint8Array<ArrayBuffer>,
  ) => {
    const answer = await fetch(url, {
      method,
      headers: { authorization: `Bearer ${token}`, ...headers },
      ...(body !== undefined && { body }),
    })
    heard(method, answer.url, answer, await answer.text())
    return answer
  }
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  const begin = async (): Promise<string> => {
    const answer = await ask('POST', api.uploadsUrl(), {
      'tus-resumable': '1.0.0',
      'upload-length': String(PIXEL.length),
      'upload-metadata': `conversation ${base64(conversation)},filename ${base64('a.png')}`,
    })
    return new URL(answer.headers.get('Location') ?? '', server.url).href
  }
  const idOf = (location: string) => location.split('/').at(-1) as AttachmentId
  const location = await begin()
  const bytes = {
    'tus-resumable': '1.0.0',
    'upload-offset': '0',
    'content-type': 'application/offset+octet-stream',
  }
  await ask('PATCH', location, bytes, PIXEL)
  expect(await ok(api.upload(idOf(location)))).toMatchObject({
    attachment: { mediaType: 'image/png', width: 1 },
  })
  await ask('GET', api.attachmentUrl(idOf(location)))
  await ask('GET', api.previewUrl(idOf(location)))
  await ok(api.discardUpload(idOf(await begin())))
  await ask('GET', api.exportUrl(conversation as never))

  expect((await ok(api.setAvatar(new Blob([PIXEL]), 'image/png'))).avatar).toMatch(/^\/api\/avatars\//)
  const { avatar } = await ok(api.addAvatar(new Blob([PIXEL]), 'image/png'))
  await ask('GET', new URL(avatar, server.url).href)
}

const PIXEL = Uint8Array.from(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
)
