import { newId, type UserId } from '@parley/protocol'
import { expect, test } from 'vitest'
import { type Identity, StoreError } from '../store/store.ts'
import { ana, ben, conversation, logOf, otherConversation } from '../testing/logs.ts'
import { describeStore } from '../testing/store-contract.ts'
import { indexedDbStorage } from './indexeddb-storage.ts'

const storage = await indexedDbStorage('parley-test')
const open = () => storage.open(ana, () => undefined)

describeStore('IndexedDB', open, async (store) => {
  store.close()
  return await open()
})

test('who is signed in is remembered, and forgotten', async () => {
  const me: Identity = {
    state: 'signed-in',
    me: { id: ana, username: 'ana', name: 'Ana', email: 'ana@example.org' },
  }
  await storage.setIdentity(me)
  expect(await (await indexedDbStorage('parley-test')).identity()).toEqual(me)
  await storage.setIdentity(undefined)
  expect(await storage.identity()).toBeUndefined()
})

test('two people on one device do not see each other', async () => {
  const first = await open()
  await first.putEvents(conversation, logOf(3))
  const second = await storage.open(ben, () => undefined)
  expect((await second.holdings()).size).toBe(0)
  first.close()
  second.close()
})

test('[C6] writing to a closed database is a fault with a name, not silence', async () => {
  const store = await open()
  store.close()
  const failure = await store.appendAccount(new Uint8Array([1])).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(StoreError)
  expect(failure).toMatchObject({ fault: 'closed' })
})

test('two tabs write the same log at once and the ranges are right', async () => {
  const [one, two] = [await open(), await open()]
  await one.wipe()
  const log = logOf(100)
  await Promise.all(
    [0, 20, 40, 60, 80].flatMap((from) => [
      one.putEvents(conversation, log.slice(from, from + 20)),
      two.putEvents(conversation, log.slice(from, from + 20)),
    ]),
  )
  expect((await two.holdings()).get(conversation)?.ranges).toEqual([{ from: 1, to: 100 }])
  one.close()
  two.close()
})

test('a database that is deleted by another window is given up, and said so', async () => {
  const faults: string[] = []
  const store = await storage.open(ben, (fault) => faults.push(fault))
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.deleteDatabase(`parley-test/${ben}`)
    request.addEventListener('success', () => resolve())
    request.addEventListener('error', () => reject(request.error ?? new Error('not deleted')))
  })
  expect(faults).toEqual(['closed'])
  await expect(store.appendAccount(new Uint8Array([1]))).rejects.toMatchObject({ fault: 'closed' })
})

test('[C6] a reading that the browser ends is a fault with a name, and nothing is thrown beside it', async () => {
  const store = await open()
  await store.wipe()
  await store.putEvents(conversation, logOf(3))
  const unheard: unknown[] = []
  const hear = (event: PromiseRejectionEvent): void => {
    event.preventDefault()
    unheard.push(event.reason)
  }
  addEventListener('unhandledrejection', hear)
  const { transaction } = IDBDatabase.prototype
  // As when its data is cleared: every transaction that is begun now is ended before it is done.
  IDBDatabase.prototype.transaction = function (...given) {
    const begun = transaction.apply(this, given)
    queueMicrotask(() => begun.abort())
    return begun
  }
  try {
    await expect(store.holdings()).rejects.toBeInstanceOf(StoreError)
  } finally {
    IDBDatabase.prototype.transaction = transaction
  }
  // What nobody hears is told of behind the task that it happened in: by then another has been done.
  expect((await store.holdings()).get(conversation)?.ranges).toEqual([{ from: 1, to: 3 }])
  removeEventListener('unhandledrejection', hear)
  expect(unheard).toEqual([])
  store.close()
})

/** A connection past the store: to write what no version of the app would. */
async function raw(name: string, version?: number): Promise<IDBDatabase> {
  const request = indexedDB.open(name, version)
  await new Promise<void>((resolve, reject) => {
    request.addEventListener('success', () => resolve())
    request.addEventListener('error', () => reject(request.error ?? new Error('not opened')))
  })
  return request.result
}
async function put(name: string, store: string, value: unknown, key?: IDBValidKey): Promise<void> {
  const db = await raw(name)
  const transaction = db.transaction(store, 'readwrite')
  transaction.objectStore(store).put(value, key)
  await new Promise((resolve) => transaction.addEventListener('complete', resolve))
  db.close()
}

test('[C6] what no version of the app has written hides nothing else: neither people, conversations, logs nor who is signed in', async () => {
  const user = newId<UserId>()
  const name = `parley-test/${user}`
  const first = await storage.open(user, () => undefined)
  const log = logOf(300)
  await first.putEvents(conversation, log)
  await first.putEvents(otherConversation, logOf(3))
  await first.putProfiles([{ id: ben, username: 'ben', name: 'Ben' }])
  await first.appendAccount(new Uint8Array([0, 0]))
  first.close()
  await put(name, 'profiles', { id: 'nobody' })
  await put(name, 'conversations', 'nothing', 'c')
  await put(name, 'account', 'no bytes')
  await put(name, 'ranges', 'no ranges', otherConversation)
  // The last event of the log.
  await put(name, 'events', { seq: 'rotten' }, [conversation, 300])
  await put('parley-test', 'identity', { state: 'king' }, 'identity')

  const again = await storage.open(user, () => undefined)
  expect(await again.profiles()).toEqual([{ id: ben, username: 'ben', name: 'Ben' }])
  expect((await again.conversations()).size).toBe(0)
  expect(await again.loadAccount()).toHaveLength(2)
  const holdings = await again.holdings()
  expect([...holdings.keys()]).toEqual([conversation])
  const { to } = holdings.get(conversation)?.ranges[0] ?? { to: 0 }
  expect(to).toBeLessThan(300)
  expect(await again.events(conversation, { limit: 300, from: 'oldest' })).toEqual(log.slice(0, to))
  await again.putEvents(conversation, log.slice(to))
  expect(await again.events(conversation, { limit: 300, from: 'oldest' })).toEqual(log)
  expect(await storage.identity()).toBeUndefined()
  again.close()
  await storage.setIdentity(undefined)
})

test('[C6] a database of a newer version of the app is left alone, and said so', async () => {
  const user = newId<UserId>()
  const newer = await raw(`parley-test/${user}`, 1000)
  newer.close()
  await expect(storage.open(user, () => undefined)).rejects.toMatchObject({ fault: 'outdated' })
})

test('[C6] an older version that does not let go is waited for, and said so', async () => {
  const user = newId<UserId>()
  const older = await raw(`parley-test/${user}`, 1)
  const said: boolean[] = []
  const patient = await indexedDbStorage('parley-test', (isBlocked) => said.push(isBlocked))
  const opening = patient.open(user, () => undefined)
  await expect.poll(() => said).toEqual([true])
  older.close()
  // Version 1 had other stores: what is checked here is that it goes on.
  await opening.then(
    (store) => store.close(),
    () => undefined,
  )
  expect(said).toEqual([true, false])
})
