import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import { type DeviceStorage, type Identity, identity, type StoreFault } from '../store.ts'
import { guarded } from './indexeddb-fault.ts'
import type { PersonDatabase } from './indexeddb-schema.ts'
import { indexedDbStore } from './indexeddb-store.ts'

interface DeviceDatabase extends DBSchema {
  identity: { key: 'identity'; value: Identity }
}

/**
 * What a browser keeps. Each person who signs in here has a database of their own: somebody else who
 * signs in on this device after a session has expired neither sees nor loses what the first one left unsent.
 */
export async function indexedDbStorage(name = 'parley'): Promise<DeviceStorage> {
  const device = () =>
    openDB<DeviceDatabase>(name, 1, {
      upgrade: (db) => {
        db.createObjectStore('identity')
      },
    })
  const withDevice = <T>(use: (db: IDBPDatabase<DeviceDatabase>) => Promise<T>): Promise<T> =>
    guarded(async () => {
      const db = await device()
      try {
        return await use(db)
      } finally {
        db.close()
      }
    })
  return {
    identity: async () => {
      const stored = await withDevice((db) => db.get('identity', 'identity'))
      return await guarded(async () => identity.optional().parse(stored))
    },
    setIdentity: (next) =>
      withDevice(async (db) => {
        const transaction = db.transaction('identity', 'readwrite', { durability: 'strict' })
        await Promise.all([
          next === undefined ? transaction.store.delete('identity') : transaction.store.put(next, 'identity'),
          transaction.done,
        ])
      }),
    open: async (user, onFault) => indexedDbStore(await openPerson(`${name}/${user}`, onFault)),
  }
}

const openPerson = (
  name: string,
  onFault: (fault: StoreFault) => void,
): Promise<IDBPDatabase<PersonDatabase>> =>
  guarded(async () => {
    const db = await openDB<PersonDatabase>(name, 2, {
      upgrade: (opened, before) => {
        if (before < 1) {
          opened.createObjectStore('account', { autoIncrement: true })
          const events = opened.createObjectStore('events')
          events.createIndex('id', 'id')
          // Only reactions have it: IndexedDB leaves records without the key out of an index.
          events.createIndex('to', 'to')
          for (const store of ['ranges', 'conversations', 'snapshots'] as const)
            opened.createObjectStore(store)
          opened.createObjectStore('profiles', { keyPath: 'id' })
        }
        if (before < 2) {
          opened.createObjectStore('records')
          opened.createObjectStore('held', { autoIncrement: true })
          opened.createObjectStore('files')
        }
      },
      blocked: () => onFault('blocked'),
      // A newer version of the app waits in another tab. It gets the database; this tab says so.
      blocking: () => {
        db.close()
        onFault('closed')
      },
      terminated: () => onFault('closed'),
    })
    return db
  })
