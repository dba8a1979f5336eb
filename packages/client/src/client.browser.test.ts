import { type ConversationId, newId } from '@parley/protocol'
import { afterEach, expect, test } from 'vitest'
import { type Client, openClient } from './client.ts'
import type { Account } from './account.ts'
import type { TimelineView } from './timeline/timeline-types.ts'
import type { Channel } from './ports.ts'
import type { Observable } from './observable.ts'
import { indexedDbStorage } from './platform/indexeddb-storage.ts'
import { systemClock } from './platform/system.ts'
import { browserChannel } from './platform/tabs.ts'
import type { DeviceStorage } from './store/store.ts'
import { ana, ben, conversation, logOf } from './testing/logs.ts'

const clients: Client[] = []
afterEach(() => {
  for (const client of clients.splice(0)) client.close()
})

/** A tab of Ana's in a browser that has no network at all. */
async function openTab(storage: DeviceStorage): Promise<Account> {
  return (await openClientOf(storage)).account
}

async function openClientOf(storage: DeviceStorage, channel?: Channel) {
  const client = await openClient({
    url: 'http://parley.invalid',
    clock: systemClock,
    fetch: () => Promise.reject(new TypeError('no network')),
    WebSocket,
    network: { isOnline: () => false, subscribe: () => () => undefined },
    storage,
    ...(channel === undefined ? {} : { channel }),
  })
  clients.push(client)
  const session = client.session.get()
  if (session.state === 'signed-out') throw new Error('Ana is signed in on this device')
  return { client, account: session.account }
}

async function freshStorage(name = `parley-test-${newId()}`): Promise<DeviceStorage> {
  const storage = await indexedDbStorage(name)
  await storage.setIdentity({
    state: 'signed-in',
    me: { id: ana, username: 'ana', name: 'Ana', email: 'ana@example.org' },
  })
  return storage
}

const becomes = <T>(observable: Observable<T>, isWanted: (value: T) => boolean): Promise<T> =>
  new Promise((resolve) => {
    const look = () => {
      if (isWanted(observable.get())) resolve(observable.get())
    }
    observable.subscribe(look)
    look()
  })
const texts = ({ items }: TimelineView) =>
  items.flatMap((item) => (item.kind === 'message' ? [item.text] : []))

test('[C5] a browser without a network starts from its disk: history, a new group, and what was written meanwhile', async () => {
  const storage = await freshStorage()
  const store = await storage.open(ana, () => undefined)
  const log = logOf(300)
  await store.putEvents(conversation, log)
  await store.putConversation(conversation, {
    summary: {
      id: conversation,
      kind: 'direct',
      title: '',
      archived: false,
      lastSeq: 300,
      lastHash: log[299]?.hash ?? '',
      lastAt: 1000,
      readSeq: 290,
      unread: 5,
      mentions: 0,
      role: 'owner',
      memberCount: 2,
      members: [
        { id: ana, username: 'ana', name: 'Ana' },
        { id: ben, username: 'ben', name: 'Ben' },
      ],
    },
    members: {},
    left: false,
    reads: {},
  })
  store.close()

  const before = await openTab(storage)
  const view = await becomes(before.timeline(conversation), ({ items }) => items.length === 100)
  expect(texts(view).at(-1)).toBe('message 300')
  expect(before.conversation(conversation).get()).toMatchObject({ title: 'Ben', other: ben, unread: 5 })
  const end = before.timeline(conversation).subscribe(() => undefined)
  await before.timeline(conversation).older()
  expect(texts(before.timeline(conversation).get())).toHaveLength(200)
  end()

  const made = before.createConversation({ kind: 'group', title: 'Trip', members: [ben] })
  const said = Array.from({ length: 10 }, (_, n) => before.send(made.conversation, { text: `offline ${n}` }))
  expect(await Promise.all(said.map(({ saved }) => saved))).toEqual(said.map(() => ({ saved: true })))
  before.setDraft(conversation, 'half a thou')
  clients.splice(0).forEach((client) => client.close())

  const after = await openTab(storage)
  const again = await becomes(after.timeline(made.conversation), ({ items }) => items.length === 10)
  expect(texts(again)).toEqual(Array.from({ length: 10 }, (_, n) => `offline ${n}`))
  expect(again.items.every(({ place }) => place.state === 'pending' && place.fate.state === 'saved')).toBe(
    true,
  )
  expect(after.conversation(made.conversation).get()).toMatchObject({
    title: 'Trip',
    standing: 'creating',
    pending: 11,
  })
  expect(after.draft(conversation).get()).toBe('half a thou')
})

test('two tabs write at once, and a third finds what both wrote', async () => {
  const storage = await freshStorage()
  const [one, two] = [await openTab(storage), await openTab(storage)]
  const group = newId<ConversationId>()
  const given = Array.from({ length: 20 }, (_, n) => [
    one.send(group, { text: `one ${n}` }),
    two.send(group, { text: `two ${n}` }),
  ])
  await Promise.all(given.flat().map(({ saved }) => saved))
  const third = await openTab(storage)
  const found = third.commands
    .get()
    .map(({ command }) => (command?.type === 'message.send' ? command.text : ''))
  expect(found.toSorted()).toEqual(
    Array.from({ length: 20 }, (_, n) => [`one ${n}`, `two ${n}`])
      .flat()
      .toSorted(),
  )
  for (const tab of ['one', 'two']) {
    expect(found.filter((text) => text.startsWith(tab))).toEqual(
      Array.from({ length: 20 }, (_, n) => `${tab} ${n}`),
    )
  }
})

test('[S4] signing out in one tab signs the other out, and the database stays empty', async () => {
  const name = `parley-test-${newId()}`
  const storage = await freshStorage(name)
  const one = await openClientOf(storage, browserChannel(name))
  const two = await openClientOf(storage, browserChannel(name))
  const given = Array.from({ length: 20 }, (_, n) => two.account.send(newId(), { text: `${n}` }))
  await one.client.signOut({ discardUnsent: true })
  await becomes(two.client.session, ({ state }) => state === 'signed-out')
  two.account.send(newId(), { text: 'too late' })
  await Promise.all(given.map(({ saved }) => saved))
  const store = await storage.open(ana, () => undefined)
  await expect.poll(() => store.loadAccount()).toEqual([])
  store.close()
})

test('[C6] a message that the disk did not take says so', async () => {
  const name = `parley-test-${newId()}`
  const account = await openTab(await freshStorage(name))
  // Another, newer version of the app takes the database over.
  const request = indexedDB.open(`${name}/${ana}`, 1000)
  await new Promise<void>((resolve, reject) => {
    request.addEventListener('success', () => resolve())
    request.addEventListener('error', () => reject(request.error ?? new Error('not opened')))
  })
  request.result.close()
  const { id, saved } = account.send(newId(), { text: 'lost?' })
  expect(await saved).toEqual({ saved: false, fault: 'outdated' })
  expect(account.fate(id).get()).toEqual({ state: 'failed-to-save', fault: 'outdated' })
  expect(account.storage.get()).toMatchObject({ state: 'failing', fault: 'outdated' })
})
