import { event, rest } from '@parley/protocol'
import type { ConversationId, Event } from '@parley/protocol'
import type { IDBPDatabase } from 'idb'
import { z } from 'zod'
import { addRange, removeRange, runsOf, spanOf } from '../ranges.ts'
import {
  asideName,
  type EventQuery,
  type Holding,
  ranges,
  type Range,
  type Store,
  storedConversation,
} from '../store.ts'
import { guarded } from './indexeddb-fault.ts'
import { indexedDbHeld } from './indexeddb-held.ts'
import type { PersonDatabase } from './indexeddb-schema.ts'

type Database = IDBPDatabase<PersonDatabase>

const bytes = z.instanceof(Uint8Array)
const logOf = (id: ConversationId): IDBKeyRange => IDBKeyRange.bound([id, 0], [id, Infinity])

/** The store on IndexedDB. What it reads was written by some version of the app, so it is parsed. */
export const indexedDbStore = (db: Database): Store => ({
  loadAccount: () =>
    guarded(async () => {
      const { store } = db.transaction('account')
      const [keys, values] = await Promise.all([store.getAllKeys(), store.getAll()])
      // What are no bytes is as unreadable as bytes that are no update: whoever applies them sets both aside.
      const update = bytes.catch(() => new Uint8Array())
      return keys.map((key, index) => ({ key, update: update.parse(values[index]) }))
    }),
  appendAccount: (update) =>
    guarded(async () => {
      // `strict`: resolves after the operating system has flushed it, which is what "saved" says (C6).
      const transaction = db.transaction('account', 'readwrite', { durability: 'strict' })
      const [key] = await Promise.all([transaction.store.add(update), transaction.done])
      return key
    }),
  compactAccount: (keys, merged) =>
    guarded(async () => {
      const transaction = db.transaction('account', 'readwrite', { durability: 'strict' })
      const [key] = await Promise.all([
        transaction.store.add(merged),
        ...keys.map((each) => transaction.store.delete(each)),
        transaction.done,
      ])
      return key
    }),

  setAside: (keys) =>
    guarded(async () => {
      const transaction = db.transaction(['account', 'records'], 'readwrite', { durability: 'strict' })
      const [account, records] = [transaction.objectStore('account'), transaction.objectStore('records')]
      // As they lie there, whatever they are.
      const damaged: unknown[] = await Promise.all(keys.map((key) => account.get(key)))
      await Promise.all([
        ...keys.flatMap((key, index) => [records.put(damaged[index], asideName(key)), account.delete(key)]),
        transaction.done,
      ])
    }),

  putEvents: (id, events) => guarded(() => putEvents(db, id, events)),
  events: (id, query) => guarded(() => readEvents(db, id, query)),
  readable: (id, { from, to }) =>
    guarded(async () => {
      const found: unknown[] = await db.getAll('events', IDBKeyRange.bound([id, from], [id, to]))
      return found.flatMap((each) => {
        const { success, data } = event.safeParse(each)
        return success && data.seq >= from && data.seq <= to ? [data] : []
      })
    }),
  dropEvents: (id, span) => guarded(() => dropEvents(db, id, span)),
  eventById: (_, id) =>
    guarded(async () => {
      const found = await db.getFromIndex('events', 'id', id)
      return found && event.parse(found)
    }),
  reactionsTo: (_, messages) =>
    guarded(async () => {
      const index = db.transaction('events').store.index('to')
      const found = await Promise.all(messages.map((message) => index.getAll(message)))
      return z
        .array(event)
        .parse(found.flat())
        .sort((a, b) => a.seq - b.seq)
    }),
  holdings: () => guarded(() => readHoldings(db)),

  conversations: () =>
    guarded(async () => {
      const { store } = db.transaction('conversations')
      const [keys, values] = await Promise.all([store.getAllKeys(), store.getAll()])
      // The server has them all: one that cannot be read is as if it had not been told of yet.
      return new Map(
        keys.flatMap((key, index) => {
          const { success, data } = storedConversation.safeParse(values[index])
          return success ? [[key, data] as const] : []
        }),
      )
    }),
  putConversation: (id, conversation) =>
    guarded(async () => {
      await db.put('conversations', conversation, id)
    }),
  forgetLog: (id) => guarded(() => forget(db, id, ['events', 'ranges', 'snapshots'])),
  forgetConversation: (id) =>
    guarded(() => forget(db, id, ['events', 'ranges', 'snapshots', 'conversations'])),

  snapshot: (id) => guarded(async () => bytes.safeParse(await db.get('snapshots', id)).data),
  putSnapshot: (id, state) =>
    guarded(async () => {
      await db.put('snapshots', state, id)
    }),

  profiles: () =>
    guarded(async () => {
      const stored: unknown[] = await db.getAll('profiles')
      return stored.flatMap((each) => rest.user.safeParse(each).data ?? [])
    }),
  putProfiles: (profiles) =>
    guarded(async () => {
      const transaction = db.transaction('profiles', 'readwrite')
      await Promise.all([...profiles.map((profile) => transaction.store.put(profile)), transaction.done])
    }),

  record: (name) => guarded(() => db.get('records', name)),
  putRecord: (name, value) =>
    guarded(async () => {
      if (value === undefined) await db.delete('records', name)
      else await db.put('records', value, name)
    }),

  ...indexedDbHeld(db),

  wipe: () =>
    guarded(async () => {
      const names = [...db.objectStoreNames]
      const transaction = db.transaction(names, 'readwrite', { durability: 'strict' })
      await Promise.all([...names.map((name) => transaction.objectStore(name).clear()), transaction.done])
    }),
  close: () => db.close(),
})

async function putEvents(db: Database, id: ConversationId, events: readonly Event[]): Promise<void> {
  if (events.length === 0) return
  const transaction = db.transaction(['events', 'ranges'], 'readwrite')
  const log = transaction.objectStore('events')
  const puts = events.map((each) => log.put(each, [id, each.seq]))
  // Read inside the transaction: another tab may have widened them since.
  const held = transaction.objectStore('ranges')
  let next: readonly Range[] = ranges.catch([]).parse(await held.get(id))
  for (const run of runsOf(events)) next = addRange(next, spanOf(run))
  await Promise.all([...puts, held.put(next, id), transaction.done])
}

async function dropEvents(db: Database, id: ConversationId, span: Range): Promise<void> {
  const transaction = db.transaction(['events', 'ranges'], 'readwrite')
  const held = transaction.objectStore('ranges')
  const left = removeRange(ranges.catch([]).parse(await held.get(id)), span)
  await Promise.all([
    transaction.objectStore('events').delete(IDBKeyRange.bound([id, span.from], [id, span.to])),
    left.length === 0 ? held.delete(id) : held.put([...left], id),
    transaction.done,
  ])
}

async function readEvents(db: Database, id: ConversationId, query: EventQuery): Promise<readonly Event[]> {
  const { after = 0, before = Infinity, limit, from } = query
  if (limit <= 0 || before <= after + 1) return []
  const span = IDBKeyRange.bound([id, after], [id, before], true, true)
  const { store } = db.transaction('events')
  if (from === 'oldest') return z.array(event).parse(await store.getAll(span, limit))
  const last = await store.openKeyCursor(span, 'prev')
  if (last === null) return []
  const [, end] = last.primaryKey
  // Logs have few gaps: reading by number is one request, where a cursor is one an event.
  const dense = IDBKeyRange.bound([id, Math.max(after, end - limit)], [id, end], true, false)
  const found: unknown[] = await store.getAll(dense)
  let cursor = found.length < limit && end - limit > after ? await store.openCursor(span, 'prev') : null
  if (cursor !== null) {
    found.length = 0
    while (cursor !== null && found.length < limit) {
      found.unshift(cursor.value)
      cursor = await cursor.continue()
    }
  }
  return z.array(event).parse(found)
}

/** How much of the end of a log is given up, and fetched again, when its last event cannot be read. */
const DAMAGED_END = 128

async function readHoldings(db: Database): Promise<ReadonlyMap<ConversationId, Holding>> {
  const transaction = db.transaction(['ranges', 'events'])
  const [ids, stored] = await Promise.all([
    transaction.objectStore('ranges').getAllKeys(),
    transaction.objectStore('ranges').getAll(),
  ])
  const log = transaction.objectStore('events')
  const spans = stored.map((each: unknown) => ranges.catch([]).parse(each))
  const tips = await Promise.all(ids.map((id, index) => log.get([id, spans[index]?.at(-1)?.to ?? 0])))
  const holdings = new Map<ConversationId, Holding>()
  let isSound = true
  for (const [index, id] of ids.entries()) {
    const [held, tip] = [spans[index] ?? [], event.safeParse(tips[index])]
    const last = held.at(-1)
    if (tip.success) holdings.set(id, { ranges: held, tip: tip.data })
    else if (last === undefined) await forget(db, id, ['events', 'ranges'])
    else {
      isSound = false
      await dropEvents(db, id, { from: Math.max(last.from, last.to - DAMAGED_END + 1), to: last.to })
    }
  }
  // Each time round less is held: it ends.
  return isSound ? holdings : await readHoldings(db)
}

async function forget(
  db: Database,
  id: ConversationId,
  from: readonly ('events' | 'ranges' | 'snapshots' | 'conversations')[],
): Promise<void> {
  const transaction = db.transaction(from, 'readwrite')
  await Promise.all([
    ...from.map((name) => transaction.objectStore(name).delete(name === 'events' ? logOf(id) : id)),
    transaction.done,
  ])
}
