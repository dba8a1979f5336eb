import { type Account, type DeviceStorage, memoryStorage, openClient } from '@parley/client'
import { systemClock, systemFetch } from '@parley/client/system'
import { conversationDocument, type ConversationId, newId } from '@parley/protocol'
import { createDecoder, readVarString, readVarUint } from 'lib0/decoding'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { seedMessages, seedWorld } from '../../bench/seed.ts'
import { newWorldOfOne, type World } from '../../bench/world.ts'
import { ATTENDED } from '../../packages/client/src/conversations/attendance.ts'
import { becomes } from '../kit/client.ts'
import { startTestServer, type TestServer } from '../kit/server.ts'

const CONVERSATIONS = 4 * ATTENDED
/** The provider's word that it lets go of a document. */
const CLOSE = 7

let server: TestServer
let world: World
const ends: (() => void)[] = []

beforeAll(async () => {
  server = await startTestServer()
  world = newWorldOfOne(CONVERSATIONS, 2)
  const client = new pg.Client(server.databaseUrl)
  await client.connect()
  await seedWorld(client, world)
  // One that is longer than what a document shows.
  await seedMessages(client, at(0), 300)
  await client.end()
})
afterEach(() => {
  for (const end of ends.splice(0)) end()
})
afterAll(() => server.close())

const at = (index: number) => {
  const group = world.groups[index]
  if (group === undefined) throw new Error(`no conversation ${index}`)
  return group
}
const me = () => {
  const [first] = at(0).members
  if (first === undefined) throw new Error('nobody')
  return first
}

interface Watched {
  readonly account: Account
  /** Conversations whose documents are attached at this moment. */
  readonly attached: ReadonlySet<string>
  /** The most that ever were. */
  most(): number
  /** Keeps back what the server says, until the answer is called. */
  hold(): () => void
}

/** A device whose frames are read on their way. */
async function startWatched(storage: DeviceStorage): Promise<Watched> {
  const attached = new Set<string>()
  let most = 0
  let held: Promise<void> | undefined
  class WatchedSocket extends WebSocket {
    override addEventListener(type: string, listener: EventListenerOrEventListenerObject) {
      if (type !== 'message' || typeof listener !== 'function') return super.addEventListener(type, listener)
      super.addEventListener(type, (event) => {
        if (held === undefined) listener(event)
        else void held.then(() => listener(event))
      })
    }
    override send(data: Parameters<WebSocket['send']>[0]) {
      // A sign of life, which is about no document, is shorter than any name.
      if (data instanceof Uint8Array && data.length > conversationDocument(at(0).id).length) {
        const decoder = createDecoder(data)
        const name = readVarString(decoder)
        if (name.startsWith('conversation/')) {
          if (readVarUint(decoder) === CLOSE) attached.delete(name)
          else attached.add(name)
          most = Math.max(most, attached.size)
        }
      }
      super.send(data)
    }
  }
  const client = await openClient({
    url: server.url,
    token: me().token,
    storage,
    clock: systemClock,
    fetch: systemFetch,
    WebSocket: WatchedSocket,
  })
  ends.push(() => client.close())
  const session = client.session.get()
  if (session.state === 'signed-out') throw new Error('the token signs nobody in')
  const hold = () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    held = promise
    return () => {
      held = undefined
      resolve()
    }
  }
  return { account: session.account, attached, most: () => most, hold }
}

async function says(conversation: ConversationId, token: string, text: string): Promise<void> {
  const answer = await fetch(`${server.url}/api/conversations/${conversation}/events`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': newId(),
    },
    body: JSON.stringify({ type: 'message', text }),
  })
  expect(answer.status).toBe(201)
}

test('[R4] of hundreds of conversations a bounded number is attached, and every word of all arrives', async () => {
  const storage = memoryStorage()
  const { account, attached, most } = await startWatched(storage)
  const { conversations } = await becomes(account.history, ({ isComplete }) => isComplete)
  expect(conversations).toEqual({ complete: CONVERSATIONS, total: CONVERSATIONS })
  await expect.poll(() => attached.size).toBe(ATTENDED)

  const store = await storage.open(me().id, () => undefined)
  const idle = world.groups.find(({ id }) => !attached.has(conversationDocument(id)))
  const other = idle?.members[1]
  if (idle === undefined || other === undefined) throw new Error('one that is not attached expected')
  await says(idle.id, other.token, 'are you there?')
  // It is the newest now, so it takes another's place.
  await expect.poll(() => attached.has(conversationDocument(idle.id))).toBe(true)
  await expect
    .poll(async () => (await store.events(idle.id, { limit: 1, from: 'newest' }))[0])
    .toMatchObject({ type: 'message', text: 'are you there?' })

  const far = world.groups.filter(({ id }) => !attached.has(conversationDocument(id))).slice(0, 3)
  const closings = far.map(({ id }) => account.timeline(id).subscribe(() => undefined))
  await expect.poll(() => far.every(({ id }) => attached.has(conversationDocument(id)))).toBe(true)
  for (const close of closings) close()
  await expect.poll(() => attached.size).toBe(ATTENDED)
  // Those that go and those that come may pass each other on the way.
  expect(most()).toBeLessThanOrEqual(ATTENDED + far.length)
})

test('[R4] a document that is let go of before the server has let it in is not served on, and can be had again', async () => {
  const { account, attached, hold } = await startWatched(memoryStorage())
  await expect.poll(() => attached.size).toBe(ATTENDED)
  const far = world.groups.find(({ id }) => !attached.has(conversationDocument(id)))
  if (far === undefined) throw new Error('one that is not attached expected')
  const name = conversationDocument(far.id)
  const look = () => account.timeline(far.id).subscribe(() => undefined)

  const release = hold()
  const close = look()
  await expect.poll(() => attached.has(name)).toBe(true)
  close()
  // What is attended to is looked at anew in the next microtask.
  await new Promise((resolve) => setImmediate(resolve))
  release()
  // Its place is free at once; whose it was comes back when the disk has given it.
  await expect.poll(() => [attached.size, attached.has(name)]).toEqual([ATTENDED, false])

  const last = look()
  await expect.poll(() => attached.has(name)).toBe(true)
  const [, other] = far.members
  if (other === undefined) throw new Error('somebody else expected')
  await says(far.id, other.token, 'and again')
  await expect.poll(() => JSON.stringify(account.timeline(far.id).get().items)).toContain('and again')
  last()
})

test('[R4] documents of conversations that are no longer attended to leave the disk', async () => {
  const storage = memoryStorage()
  const store = await storage.open(me().id, () => undefined)
  const ids = world.groups.map(({ id }) => id)
  // As an app that attended to all of them would have left it.
  for (const id of ids) await store.putSnapshot(id, new Uint8Array([0, 0]))
  const { attached } = await startWatched(storage)
  await expect.poll(() => attached.size).toBe(ATTENDED)
  const kept = async () => {
    const snapshots = await Promise.all(ids.map((id) => store.snapshot(id)))
    return ids.filter((_, index) => snapshots[index] !== undefined)
  }
  await expect.poll(async () => (await kept()).length).toBeLessThanOrEqual(ATTENDED)
  for (const id of await kept()) expect(attached.has(conversationDocument(id))).toBe(true)
})
