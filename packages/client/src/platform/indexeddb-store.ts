import { event, rest } from '@parley/protocol'
import type { ConversationId, Event } from '@parley/protocol'
import type { IDBPDatabase } from 'idb'
import { z } from 'zod'
import { addRange, runsOf, spanOf } from '../ranges.ts'
import {
  type EventQuery,
  type Holding,
  ranges,
  type Range,
  type Store,
  storedConversation,
} from '../store.ts'
import { guarded } from './indexeddb-fault.ts'
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
      return keys.map((key, index) => ({ key, update: bytes.parse(values[index]) }))
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

  putEvents: (id, events) => guarded(() => putEvents(db, id, events)),
  events: (id, query) => guarded(() => readEvents(db, id, query)),
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
      return new Map(keys.map((key, index) => [key, storedConversation.parse(values[index])]))
    }),
  putConversation: (id, conversation) =>
    guarded(async () => {
      await db.put('conversations', conversation, id)
    }),
  forgetLog: (id) => guarded(() => forget(db, id, ['events', 'ranges', 'snapshots'])),
  forgetConversation: (id) =>
    guarded(() => forget(db, id, ['events', 'ranges', 'snapshots', 'conversations'])),

  snapshot: (id) => guarded(async () => bytes.optional().parse(await db.get('snapshots', id))),
  putSnapshot: (id, state) =>
    guarded(async () => {
      await db.put('snapshots', state, id)
    }),

  profiles: () => guarded(async () => z.array(rest.user).parse(await db.getAll('profiles'))),
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
  let next: readonly Range[] = ranges.parse((await held.get(id)) ?? [])
  for (const run of runsOf(events)) next = addRange(next, spanOf(run))
  await Promise.all([...puts, held.put(next, id), transaction.done])
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

async function readHoldings(db: Database): Promise<ReadonlyMap<ConversationId, Holding>> {
  const transaction = db.transaction(['ranges', 'events'])
  const [ids, stored] = await Promise.all([
    transaction.objectStore('ranges').getAllKeys(),
    transaction.objectStore('ranges').getAll(),
  ])
  const parsed = stored.map((each) => ranges.parse(each))
  const log = transaction.objectStore('events')
  const tips = await Promise.all(ids.map((id, index) => log.get([id, parsed[index]?.at(-1)?.to ?? 0])))
  const holdings = new Map<ConversationId, Holding>()
  ids.forEach((id, index) => {
    const tip = tips[index]
    if (tip !== undefined) holdings.set(id, { ranges: parsed[index] ?? [], tip: event.parse(tip) })
  })
  return holdings
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
