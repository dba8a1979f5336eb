import { type Client, openClient, type TimelineView } from '@parley/client'
import { indexedDbStorage } from '@parley/client/indexeddb'
import { systemClock, systemFetch } from '@parley/client/system'
import { type ConversationId, EMPTY_TIP, newId, seal, type Tip, type UserId } from '@parley/protocol'

/** What runs in the browser: the client as it is, on the browser's own disk and network, without screens. */
export interface DevicePage {
  /** Connects with a token; done when the history, of so many events, is on the disk. */
  fill(given: { readonly token: string; readonly length: number }): Promise<Filled>
  /** Writes a log of this length to the disk, as it would have come from a server. */
  write(given: { readonly user: UserId; readonly length: number }): Promise<Written>
  /** Starts without a network; done when the newest 50 messages are in a timeline. */
  open(): Promise<Opened>
  /** Finds messages by their ids, and who reacted to a screenful, all over the log. */
  find(given: { readonly user: UserId; readonly length: number }): Promise<Found>
}

export interface Filled {
  readonly events: number
  readonly millis: number
  /** How long the page could not have drawn or heard anything: in all and at once. */
  readonly blockedMillis: number
  readonly longestMillis: number
  readonly longTasks: number
}
export interface Written {
  readonly writingMicros: number
  readonly countedBytes: number
}
export interface Opened {
  readonly millis: number
  readonly items: number
}
export interface Found {
  readonly byIdMillis: number
  readonly reactionsMillis: number
}

const conversation = '00000000-0000-7000-8000-0000000000c1' as ConversationId
const BATCH = 1024
const NEWEST = 50
/** Every tenth is a reaction to the one five before it. */
const REACTIONS = 10
const seen: Client[] = []

const device: DevicePage = {
  fill: async ({ token, length }) => {
    const tasks: number[] = []
    new PerformanceObserver((list) =>
      tasks.push(...list.getEntries().map(({ duration }) => duration)),
    ).observe({
      type: 'longtask',
    })
    const started = performance.now()
    const client = await openClient({
      url: location.origin,
      token,
      clock: systemClock,
      fetch: systemFetch,
      WebSocket,
      storage: await indexedDbStorage(),
    })
    seen.push(client)
    const { history, storage } = accountOf(client)
    await becomes(history, ({ held, isComplete, isFilling }) => held === length && isComplete && !isFilling)
    if (storage.get().state !== 'sound') throw new Error('the disk did not take all')
    return {
      events: history.get().held,
      millis: performance.now() - started,
      blockedMillis: tasks.reduce((sum, each) => sum + each, 0),
      longestMillis: Math.max(0, ...tasks),
      longTasks: tasks.length,
    }
  },

  write: async ({ user, length }) => {
    const storage = await indexedDbStorage()
    await storage.setIdentity({
      state: 'signed-in',
      me: { id: user, username: 'ana', name: 'Ana', email: 'ana@example.org' },
    })
    const store = await storage.open(user, () => undefined)
    let tip: Tip = EMPTY_TIP
    let millis = 0
    for (let written = 0; written < length; written += BATCH) {
      const drafts = draftsOf(user, Math.min(BATCH, length - written))
      const events = seal(tip, drafts, 1_700_000_000_000 + written * 1000)
      tip = events.at(-1) ?? tip
      const started = performance.now()
      await store.putEvents(conversation, events)
      millis += performance.now() - started
    }
    await store.putConversation(conversation, {
      summary: {
        id: conversation,
        kind: 'group',
        title: 'Friends',
        archived: false,
        lastSeq: tip.seq,
        lastHash: tip.hash,
        lastAt: tip.at,
        readSeq: tip.seq,
        unread: 0,
        mentions: 0,
        role: 'owner',
        memberCount: 1,
        members: [],
      },
      members: {},
      left: false,
      reads: {},
    })
    const countedBytes = (await store.holdings()).get(conversation)?.bytes ?? 0
    store.close()
    return { writingMicros: (millis * 1000) / length, countedBytes }
  },

  open: async () => {
    const started = performance.now()
    const client = await openClient({
      url: location.origin,
      clock: systemClock,
      fetch: () => Promise.reject(new TypeError('no network')),
      network: { isOnline: () => false, subscribe: () => () => undefined },
      WebSocket,
      storage: await indexedDbStorage(),
    })
    seen.push(client)
    const timeline = accountOf(client).timeline(conversation)
    const { items } = await becomes<TimelineView>(timeline, (view) => view.items.length >= NEWEST)
    return { millis: performance.now() - started, items: items.length }
  },

  find: async ({ user, length }) => {
    const store = await (await indexedDbStorage()).open(user, () => undefined)
    const [byId, reactions]: number[][] = [[], []]
    for (let turn = 0; turn < 20; turn += 1) {
      const after = Math.floor(((turn + 0.5) / 20) * Math.max(0, length - 100))
      const events = await store.events(conversation, { after, limit: 100, from: 'oldest' })
      const ids = events.map(({ id }) => id)
      let started = performance.now()
      await store.eventById(conversation, ids[50] ?? newId())
      byId?.push(performance.now() - started)
      started = performance.now()
      await store.reactionsTo(conversation, ids)
      reactions?.push(performance.now() - started)
    }
    store.close()
    return { byIdMillis: middle(byId ?? []), reactionsMillis: middle(reactions ?? []) }
  },
}

function draftsOf(author: UserId, count: number): Parameters<typeof seal>[1] {
  const ids = Array.from({ length: count }, () => newId<never>())
  return ids.map((id, index) => {
    const to = ids[index - 5]
    if (index % REACTIONS === REACTIONS - 1 && to !== undefined)
      return { id, type: 'reaction', author, to, emoji: '👍', on: true }
    return { id, type: 'message', author, writtenAt: 1, text: TEXT.slice(0, 20 + ((index * 37) % 160)) }
  })
}
/** Cut to 20 to 179 signs: 100 on the average. */
const TEXT =
  'Shall we meet at noon in the kitchen, or is tomorrow better for everybody? Ana brings the plans, Ben has the keys, and whoever comes late brings cake for all of us. Bis später, à tantôt!'

function accountOf(client: Client) {
  const session = client.session.get()
  if (session.state === 'signed-out') throw new Error('nobody is signed in')
  return session.account
}

const becomes = <T>(
  observable: { get(): T; subscribe(listener: () => void): () => void },
  isWanted: (value: T) => boolean,
): Promise<T> =>
  new Promise((resolve) => {
    const look = () => {
      const value = observable.get()
      if (isWanted(value)) resolve(value)
    }
    observable.subscribe(look)
    look()
  })

const middle = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN

Object.assign(globalThis, { device })
