import type { UserId } from '@parley/protocol'
import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from 'idb'
import {
  type DeviceStorage,
  type Identity,
  identity,
  type Store,
  StoreError,
  type StoreFault,
} from '../store/store.ts'
import { countBytes } from './indexeddb-events.ts'
import { guarded } from './indexeddb-fault.ts'
import { type ConnectionEars, lastingStore } from './indexeddb-lasting.ts'
import type { PersonDatabase } from './indexeddb-schema.ts'
import { indexedDbStore } from './indexeddb-store.ts'

interface DeviceDatabase extends DBSchema {
  identity: { key: 'identity'; value: Identity }
}

/**
 * What a browser keeps. Each person who signs in here has a database of their own: somebody else who
 * signs in on this device after a session has expired neither sees nor loses what the first one left unsent.
 * `onBlocked`: another tab holds an older version of a database, and until it lets go nothing is opened.
 */
export async function indexedDbStorage(
  name = NAME,
  onBlocked: (isBlocked: boolean) => void = () => undefined,
): Promise<DeviceStorage> {
  const device = () =>
    openDB<DeviceDatabase>(name, 1, {
      upgrade: (db) => {
        db.createObjectStore('identity')
      },
    })
  const withDevice = <T>(use: (db: IDBPDatabase<DeviceDatabase>) => Promise<T>): Promise<T> =>
    guarded(async () => {
      const db = await patiently(device)
      try {
        return await use(db)
      } finally {
        db.close()
      }
    })
  return {
    identity: async () => {
      const stored = await withDevice((db) => db.get('identity', 'identity'))
      // Unreadable is the same as gone: the server's cookie still says who it was.
      return identity.optional().catch(undefined).parse(stored)
    },
    setIdentity: (next) =>
      withDevice(async (db) => {
        const transaction = db.transaction('identity', 'readwrite', { durability: 'strict' })
        await Promise.all([
          next === undefined ? transaction.store.delete('identity') : transaction.store.put(next, 'identity'),
          transaction.done,
        ])
      }),
    open: (user, onFault, onEmptied = () => undefined) =>
      lastingStore(
        (ears) => patiently(() => openPerson(`${name}/${user}`, { onBlocked, onFault, ...ears })),
        {
          emptied: onEmptied,
        },
      ),
  }
}

/** Deletes all that this device keeps of these people, and who is signed in. Rejects with a `StoreError`. */
export async function deleteStorage(users: readonly UserId[], name = NAME): Promise<void> {
  await guarded(async () => {
    for (const user of users) await deleteDB(`${name}/${user}`)
    await deleteDB(name)
  })
}

const NAME = 'parley'

/** A disk that did not answer is asked once more before anybody is told: some browsers fail the first time. */
async function patiently<T>(open: () => Promise<T>): Promise<T> {
  try {
    return await guarded(open)
  } catch (error) {
    if (!(error instanceof StoreError) || error.fault !== 'failed') throw error
    return await guarded(open)
  }
}

interface PersonEars extends ConnectionEars {
  readonly onBlocked: (isBlocked: boolean) => void
  readonly onFault: (fault: StoreFault) => void
}

async function openPerson(name: string, ears: PersonEars): Promise<Store> {
  let isBlocked = false
  const db = await openDB<PersonDatabase>(name, 2, {
    upgrade: (opened, before, _, transaction) => {
      if (before === 0) ears.made()
      if (before < 1) {
        opened.createObjectStore('account', { autoIncrement: true })
        const events = opened.createObjectStore('events')
        events.createIndex('id', 'id')
        // Only reactions have it: IndexedDB leaves records without the key out of an index.
        events.createIndex('to', 'to')
        for (const store of ['ranges', 'conversations', 'snapshots'] as const) opened.createObjectStore(store)
        opened.createObjectStore('profiles', { keyPath: 'id' })
      }
      if (before < 2) {
        opened.createObjectStore('records')
        opened.createObjectStore('held', { autoIncrement: true })
        opened.createObjectStore('files')
        const pages = opened.createObjectStore('pages')
        for (const index of ['ids', 'to'] as const) pages.createIndex(index, index, { multiEntry: true })
        opened.createObjectStore('sizes')
      }
      // A request that fails ends the whole upgrade, and `openDB` says so.
      if (before === 1) countBytes(transaction).catch(() => undefined)
    },
    // It goes on by itself once the other tab is closed or loaded anew.
    blocked: () => {
      isBlocked = true
      ears.onBlocked(true)
    },
    // A newer version of the app waits in another tab, or one that deletes it: it gets the database.
    blocking: (_, version) => {
      db.close()
      const fault = version === null ? 'closed' : 'outdated'
      ears.given(fault)
      ears.onFault(fault)
    },
    terminated: ears.lost,
  })
  if (isBlocked) ears.onBlocked(false)
  return indexedDbStore(withHeardEndings(db))
}

/**
 * Of every transaction `idb` promises its end, asked for or not. Where a browser clears its data the end of one that only
 * reads is a rejection that nobody hears, beside that of its requests, which is heard: it must not count as a defect.
 */
const withHeardEndings = (db: IDBPDatabase<PersonDatabase>): IDBPDatabase<PersonDatabase> =>
  new Proxy(db, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      if (name === 'transaction')
        return (...given: Parameters<typeof target.transaction>) => {
          const transaction = target.transaction(...given)
          transaction.done.catch(() => undefined)
          return transaction
        }
      // The shortcuts of `idb` go through `transaction` above; what is the browser's own wants the browser's own object.
      return name in IDBDatabase.prototype ? value.bind(target) : value
    },
  })
