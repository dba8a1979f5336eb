import { newId } from '@parley/protocol'
import { afterEach, expect, test } from 'vitest'
import { type Client, openClient } from './client.ts'
import { memoryStorage } from './store/memory-store.ts'
import type { Channel, Fetch, FetchAnswer, Locks } from './ports.ts'
import type { DeviceStorage } from './store/store.ts'
import { testChannels } from './testing/channels.ts'
import { testClock } from './testing/clock.ts'
import { ana } from './testing/logs.ts'
import { testSockets } from './testing/sockets.ts'
import { testTabs } from './testing/tabs.ts'

const me = { id: ana, username: 'ana', name: 'Ana', email: 'ana@example.org' }
const clients: Client[] = []
afterEach(() => {
  for (const client of clients.splice(0)) client.close()
})

async function signedIn(): Promise<DeviceStorage> {
  const storage = memoryStorage()
  await storage.setIdentity({ state: 'signed-in', me })
  return storage
}

async function openTab(
  storage: DeviceStorage,
  fetch: Fetch,
  channel?: Channel,
  locks?: Locks,
): Promise<Client> {
  const client = await openClient({
    url: 'https://x',
    clock: testClock(),
    fetch,
    WebSocket: testSockets().WebSocket,
    storage,
    ...(channel === undefined ? {} : { channel }),
    ...(locks === undefined ? {} : { locks }),
  })
  clients.push(client)
  return client
}

const noServer: Fetch = () => Promise.reject(new TypeError('no network'))
const answer = (status: number, body?: unknown): FetchAnswer => ({
  status,
  headers: { get: () => null },
  text: async () => (body === undefined ? '' : JSON.stringify(body)),
})

/** A server whose answers to calls such as `DELETE /sessions/current` the test gives when it wants. */
function heldServer() {
  const asked: { readonly call: string; readonly give: (answer: FetchAnswer) => void }[] = []
  const fetch: Fetch = (url, { method }) =>
    new Promise((give) => {
      asked.push({ call: `${method} ${url.replace('https://x/api', '')}`, give })
    })
  const next = async (call: string): Promise<(answer: FetchAnswer) => void> => {
    await expect.poll(() => asked.some((each) => each.call === call)).toBe(true)
    const index = asked.findIndex((each) => each.call === call)
    const [found] = asked.splice(index, 1)
    if (found === undefined) throw new Error(`${call} was not asked`)
    return found.give
  }
  return { fetch, next, calls: () => asked.map(({ call }) => call) }
}

const settle = () => new Promise((resolve) => setImmediate(resolve))

test('[S4] who signs in while the server is being told that they left gets a session that stays', async () => {
  const server = heldServer()
  const storage = await signedIn()
  const client = await openTab(storage, server.fetch)
  const leaving = client.signOut({ discardUnsent: true })
  const left = await server.next('DELETE /sessions/current')
  const entering = client.signIn('ana', 'secret')
  await settle()
  expect(server.calls()).not.toContain('POST /sessions')
  left(answer(204))
  await leaving
  const entered = await server.next('POST /sessions')
  entered(answer(201))
  const known = await server.next('GET /users/me')
  known(answer(200, me))
  expect(await entering).toMatchObject({ ok: true })
  expect(client.session.get()).toMatchObject({ state: 'signed-in', user: ana })
  expect(await storage.identity()).toMatchObject({ state: 'signed-in' })
})

test('[S4] the server is not told of a leaving that signing in has overtaken', async () => {
  const server = heldServer()
  const storage = await signedIn()
  await storage.setIdentity({ state: 'leaving' })
  const client = await openTab(storage, server.fetch)
  const unheard = await server.next('DELETE /sessions/current')
  const entering = client.signIn('ana', 'secret')
  const again = client.signOut({ discardUnsent: true })
  unheard(answer(503))
  const entered = await server.next('POST /sessions')
  entered(answer(201))
  const known = await server.next('GET /users/me')
  known(answer(200, me))
  await entering
  await again
  expect(server.calls()).not.toContain('DELETE /sessions/current')
  expect(client.session.get()).toMatchObject({ state: 'signed-in' })
})

test('[S4] signing out in one tab signs the others out, and nothing is left of what they were writing', async () => {
  const [storage, channelOf] = [await signedIn(), testChannels()]
  const one = await openTab(storage, noServer, channelOf())
  const two = await openTab(storage, noServer, channelOf())
  const other = two.session.get()
  if (other.state === 'signed-out') throw new Error('Ana is signed in')
  const { saved } = other.account.send(newId(), { text: 'being written' })
  expect(await one.signOut({ discardUnsent: true })).toEqual({ done: true })
  await saved
  await settle()
  expect(two.session.get()).toEqual({ state: 'signed-out' })
  other.account.send(newId(), { text: 'too late' })
  await settle()
  const store = await storage.open(ana, () => undefined)
  expect(await store.loadAccount()).toEqual([])
  expect(await storage.identity()).toEqual({ state: 'leaving' })
})

test('[S4] a tab that was just being opened hears of it too', async () => {
  const [storage, channelOf] = [await signedIn(), testChannels()]
  const one = await openTab(storage, noServer, channelOf())
  const opening = openTab(storage, noServer, channelOf())
  await one.signOut({ discardUnsent: true })
  expect((await opening).session.get()).toEqual({ state: 'signed-out' })
})

test('[C6] a tab that hears of it late takes nothing from who has signed in again', async () => {
  const [storage, channelOf] = [await signedIn(), testChannels()]
  const two = await openTab(storage, noServer, channelOf())
  const store = await storage.open(ana, () => undefined)
  await store.appendAccount(new Uint8Array([0, 0]))
  channelOf().post({ left: ana })
  await settle()
  expect(two.session.get()).toEqual({ state: 'signed-out' })
  expect(await store.loadAccount()).toHaveLength(1)
})

test('[S4] signing in in one tab waits while another tells the server of a leaving, and reaches that one too', async () => {
  const [storage, server, tabOf] = [await signedIn(), heldServer(), testTabs()]
  const open = () => {
    const { channel, locks } = tabOf()
    return openTab(storage, server.fetch, channel, locks)
  }
  const [one, two] = [await open(), await open()]
  const leaving = one.signOut({ discardUnsent: true })
  const left = await server.next('DELETE /sessions/current')
  await expect.poll(() => two.session.get().state === 'signed-out').toBe(true)
  const entering = two.signIn('ana', 'secret')
  await settle()
  expect(server.calls()).not.toContain('POST /sessions')
  left(answer(204))
  await leaving
  const entered = await server.next('POST /sessions')
  entered(answer(201))
  const known = await server.next('GET /users/me')
  known(answer(200, me))
  expect(await entering).toMatchObject({ ok: true })
  await expect.poll(() => one.session.get().state === 'signed-in').toBe(true)
  expect(await storage.identity()).toMatchObject({ state: 'signed-in' })
})

test('[S4] a tab that dies while it tells the server of a leaving keeps nobody from signing in', async () => {
  const [storage, server, tabOf] = [await signedIn(), heldServer(), testTabs()]
  const tab = tabOf()
  const one = await openTab(storage, server.fetch, tab.channel, tab.locks)
  const { channel, locks } = tabOf()
  const two = await openTab(storage, server.fetch, channel, locks)
  void one.signOut({ discardUnsent: true })
  await server.next('DELETE /sessions/current')
  tab.crash()
  const entering = two.signIn('ana', 'secret')
  const entered = await server.next('POST /sessions')
  entered(answer(401, { error: { code: 'unauthenticated', message: '' } }))
  expect(await entering).toMatchObject({ ok: false })
})

test('what the device holds is shown before anything is connected, in a tab that leads and in one that follows', async () => {
  const tabOf = testTabs()
  const storage = await signedIn()
  const open = async () => {
    const sockets = testSockets()
    const shown = Promise.withResolvers<void>()
    const { channel, locks } = tabOf()
    const client = await openClient({
      url: 'https://x',
      clock: testClock(),
      fetch: noServer,
      WebSocket: sockets.WebSocket,
      storage,
      channel,
      locks,
      firstShown: shown.promise,
    })
    clients.push(client)
    const said: unknown[] = []
    channel.subscribe((message) => said.push(message))
    return { client, sockets, shown, said }
  }
  const first = await open()
  expect(first.client.session.get().state).toBe('signed-in')
  await settle()
  expect(first.sockets.made).toEqual([])
  first.shown.resolve()
  await expect.poll(() => first.sockets.made.length).toBe(1)

  const second = await open()
  await settle()
  const welcomes = () => second.said.filter((message) => JSON.stringify(message).includes('"welcome"'))
  expect(welcomes()).toEqual([])
  second.shown.resolve()
  await expect.poll(welcomes).not.toEqual([])
  expect(second.sockets.made).toEqual([])
})

test('a tab that is closed before its first screen was shown connects no more', async () => {
  const sockets = testSockets()
  const { channel, locks } = testTabs()()
  const shown = Promise.withResolvers<void>()
  const client = await openClient({
    url: 'https://x',
    clock: testClock(),
    fetch: noServer,
    WebSocket: sockets.WebSocket,
    storage: await signedIn(),
    channel,
    locks,
    firstShown: shown.promise,
  })
  client.close()
  shown.resolve()
  await settle()
  expect(sockets.made).toEqual([])
})

test('[C6] what another window sets aside while one opens is told in both', async () => {
  const storage = await signedIn()
  const disk = await storage.open(ana, () => undefined)
  await disk.appendAccount(new Uint8Array([250, 1, 99, 7]))
  const aside = ({ session }: Client) => {
    const now = session.get()
    return now.state === 'signed-out' ? undefined : now.account.mishaps.get().aside
  }
  const others: Client[] = []
  const late: DeviceStorage = {
    ...storage,
    open: async () => ({
      ...disk,
      loadAccount: async () => {
        if (others.length === 0) others.push(await openTab(storage, noServer))
        return await disk.loadAccount()
      },
    }),
  }
  const one = await openTab(late, noServer)
  expect(others.map(aside)).toEqual([1])
  expect(aside(one)).toBe(1)
})
