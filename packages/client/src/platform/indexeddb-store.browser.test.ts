import { expect, test } from 'vitest'
import { type Identity, StoreError } from '../store.ts'
import { ana, ben, conversation, logOf } from '../testing/logs.ts'
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

test('a database that a newer version of the app wants is given up, and said so', async () => {
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
