import { type ConversationId, rest } from '@parley/protocol'
import type { IDBPDatabase } from 'idb'
import { z } from 'zod'
import { asideName, type Store, storedConversation } from '../store/store.ts'
import { forgetLog, indexedDbEvents, LOG_STORES } from './indexeddb-events.ts'
import { indexedDbAccount } from './indexeddb-account.ts'
import { guarded } from './indexeddb-fault.ts'
import { indexedDbHeld } from './indexeddb-held.ts'
import type { PersonDatabase } from './indexeddb-schema.ts'

type Database = IDBPDatabase<PersonDatabase>

const bytes = z.instanceof(Uint8Array)

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
  ...indexedDbAccount(db),
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

  ...indexedDbEvents(db),

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
  forgetLog: (id) => guarded(() => forget(db, id, ['snapshots'])),
  forgetConversation: (id) => guarded(() => forget(db, id, ['snapshots', 'conversations'])),

  snapshot: (id) => guarded(async () => bytes.safeParse(await db.get('snapshots', id)).data),
  putSnapshot: (id, state) =>
    guarded(async () => {
      await db.put('snapshots', state, id)
    }),
  keepSnapshots: (ids) =>
    guarded(async () => {
      const { store, done } = db.transaction('snapshots', 'readwrite')
      const keys = await store.getAllKeys()
      await Promise.all([...keys.filter((id) => !ids.has(id)).map((id) => store.delete(id)), done])
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
  changeRecord: (name, change) =>
    guarded(async () => {
      const transaction = db.transaction('records', 'readwrite', { durability: 'strict' })
      const before: unknown = await transaction.store.get(name)
      await Promise.all([transaction.store.put(change(before), name), transaction.done])
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

async function forget(
  db: Database,
  id: ConversationId,
  names: readonly ('snapshots' | 'conversations')[],
): Promise<void> {
  const transaction = db.transaction([...LOG_STORES, ...names], 'readwrite')
  await Promise.all([
    forgetLog(transaction, id),
    ...names.map((name) => transaction.objectStore(name).delete(id)),
  ])
}
