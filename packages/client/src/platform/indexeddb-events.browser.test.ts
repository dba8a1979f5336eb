import { newId } from '@parley/protocol'
import { openDB } from 'idb'
import { afterEach, expect, test, vi } from 'vitest'
import type { Store } from '../store/store.ts'
import { ana, ben, conversation, logOf, otherConversation, reacts } from '../testing/logs.ts'
import { seal } from '@parley/protocol'
import { bytesOf } from '../archive/weight.ts'
import { indexedDbStorage } from './indexeddb-storage.ts'

const stores: Store[] = []
afterEach(() => {
  vi.restoreAllMocks()
  for (const store of stores.splice(0)) store.close()
})
async function open(name: string): Promise<Store> {
  const store = await (await indexedDbStorage(name)).open(ana, () => undefined)
  stores.push(store)
  return store
}

test('a database of version 1 goes on with all that it holds, and what comes after joins it', async () => {
  const name = `parley-test-${newId()}`
  const messages = logOf(500)
  const [target, tip] = [messages[3], messages.at(-1)]
  if (target === undefined || tip === undefined) throw new Error('messages expected')
  const log = [...messages, ...seal(tip, [reacts(ben, target.id, '👍'), reacts(ana, target.id, '👍')], 2000)]
  const old = await openDB(`${name}/${ana}`, 1, {
    upgrade: (db) => {
      db.createObjectStore('account', { autoIncrement: true })
      const events = db.createObjectStore('events')
      events.createIndex('id', 'id')
      events.createIndex('to', 'to')
      for (const store of ['ranges', 'conversations', 'snapshots']) db.createObjectStore(store)
      db.createObjectStore('profiles', { keyPath: 'id' })
    },
  })
  await old.put('account', new Uint8Array([1, 2]))
  const [first, rest] = [log.slice(0, 300), log.slice(450)]
  for (const event of [...first, ...rest]) await old.put('events', event, [conversation, event.seq])
  const ranges = [
    { from: 1, to: 300 },
    { from: 451, to: 502 },
  ]
  await old.put('ranges', ranges, conversation)
  old.close()

  const store = await open(name)
  expect((await store.loadAccount()).map(({ update }) => [...update])).toEqual([[1, 2]])
  const holding = (await store.holdings()).get(conversation)
  expect(holding).toMatchObject({ ranges, tip: log.at(-1) })
  const exact = bytesOf([...first, ...rest])
  expect(Math.abs((holding?.bytes ?? 0) - exact)).toBeLessThan(exact / 10)
  expect(await store.events(conversation, { limit: 1000, from: 'oldest' })).toEqual([...first, ...rest])
  expect(await store.reactionsTo(conversation, [target.id])).toEqual(log.slice(500))

  await store.putEvents(conversation, log.slice(300, 450))
  expect(await store.events(conversation, { limit: 1000, from: 'oldest' })).toEqual(log)
  expect(await store.reactionsTo(conversation, [target.id])).toEqual(log.slice(500))
  for (const event of [log[0], log[299], log[300], log[383], log[384], log[501]])
    expect(await store.eventById(conversation, event?.id ?? newId())).toEqual(event)
})

test('of a long log a window is read, and nothing else: at most two pages and what is loose of it', async () => {
  const name = `parley-test-${newId()}`
  const store = await open(name)
  const log = logOf(10_050)
  await store.putEvents(conversation, log)
  await store.putEvents(otherConversation, log)
  const records = await recordsOf(name)
  // 78 pages, the rest of them loose.
  expect(records).toEqual({ pages: 2 * 78, events: 2 * (10_050 - 78 * 128) })

  let read = 0
  const count = (result: unknown) => (read += Array.isArray(result) ? result.length : 1)
  const getAll = IDBObjectStore.prototype.getAll
  vi.spyOn(IDBObjectStore.prototype, 'getAll').mockImplementation(function (this: IDBObjectStore, ...given) {
    const request = getAll.apply(this, given)
    request.addEventListener('success', () => count(request.result))
    return request
  })
  vi.spyOn(IDBObjectStore.prototype, 'openCursor').mockImplementation(() => {
    throw new Error('one request an event')
  })
  const window = await store.events(conversation, { limit: 50, from: 'newest' })
  expect(window).toEqual(log.slice(-50))
  expect(read).toBeLessThanOrEqual(2 + 50)
  read = 0
  expect(await store.events(conversation, { after: 5000, limit: 100, from: 'oldest' })).toEqual(
    log.slice(5000, 5100),
  )
  expect(read).toBeLessThanOrEqual(2)
})

test('what two tabs put at the same moment is packed once, and held once', async () => {
  const name = `parley-test-${newId()}`
  const [one, two] = [await open(name), await open(name)]
  const log = logOf(300)
  await Promise.all(
    Array.from({ length: 30 }, (_, index) => {
      const part = log.slice(index * 10, index * 10 + 10)
      return [one.putEvents(conversation, part), two.putEvents(conversation, part)]
    }).flat(),
  )
  expect((await one.holdings()).get(conversation)).toEqual({
    ranges: [{ from: 1, to: 300 }],
    tip: log[299],
    bytes: bytesOf(log),
  })
  expect(await two.events(conversation, { limit: 1000, from: 'oldest' })).toEqual(log)
  expect(await recordsOf(name)).toEqual({ pages: 2, events: 44 })
})

test('a page with one damaged event is corrupt where that is read, and readable all around it', async () => {
  const name = `parley-test-${newId()}`
  const store = await open(name)
  const log = logOf(128)
  await store.putEvents(conversation, log)
  const raw = await openDB(`${name}/${ana}`)
  const page = (await raw.get('pages', [conversation, 0])) as { events: unknown[] }
  await raw.put('pages', { ...page, events: page.events.with(49, { seq: 50, nonsense: true }) }, [
    conversation,
    0,
  ])
  raw.close()
  const read = (after: number, before: number) =>
    store.events(conversation, { after, before, limit: 1000, from: 'oldest' })
  await expect(read(40, 60)).rejects.toMatchObject({ fault: 'corrupt' })
  expect(await read(50, 129)).toEqual(log.slice(50))
  const sound = log.filter(({ seq }) => seq !== 50)
  expect(await store.readable(conversation, { from: 1, to: 128 })).toEqual(sound)
  await store.dropEvents(conversation, { from: 50, to: 50 })
  expect(await read(0, 129)).toEqual(sound)
  await store.putEvents(conversation, log.slice(49, 50))
  expect(await read(0, 129)).toEqual(log)
  expect(await recordsOf(name)).toEqual({ pages: 1, events: 0 })
})

async function recordsOf(name: string): Promise<{ pages: number; events: number }> {
  const db = await openDB(`${name}/${ana}`)
  const [pages, events] = [await db.count('pages'), await db.count('events')]
  db.close()
  return { pages, events }
}
