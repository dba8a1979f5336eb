import { type ConversationId, EMPTY_TIP, type Event, seal } from '@parley/protocol'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { memoryStore } from '../store/memory-store.ts'
import { memoryIndex } from '../platform/search-memory.ts'
import type { Store } from '../store/store.ts'
import { StoreError } from '../store/store.ts'
import { testClock } from '../testing/clock.ts'
import { ana, ben, conversation, logOf, otherConversation, says } from '../testing/logs.ts'
import { IndexError, type SearchIndex } from './index-port.ts'
import { openSearcher } from './open-searcher.ts'
import type { Searcher } from './searcher.ts'

let store: Store
let index: SearchIndex
let searcher: Searcher | undefined
beforeEach(async () => {
  store = memoryStore()
  index = await memoryIndex()
})
afterEach(() => {
  searcher?.close()
  searcher = undefined
})

/** As with the next start of the app: the same disk, the same index. */
function start(with_: Partial<SearchIndex> = {}): Searcher {
  const kept: SearchIndex = { ...index, close: () => undefined, ...with_ }
  searcher = openSearcher({ store, clock: testClock(), openIndex: async () => kept })
  return searcher
}
const ready = (searcher: Searcher) => expect.poll(() => searcher.progress.get().state).toBe('ready')
const found = async (searcher: Searcher, typed: string, limit = 50): Promise<readonly string[]> =>
  ((await searcher.search({ typed, limit }))?.hits ?? []).map(({ event }) => event.text)
/** Puts events on the disk and says so. */
const write = async (searcher: Searcher, id: ConversationId, events: readonly Event[]) => {
  await store.putEvents(id, events)
  const [first, last] = [events[0], events.at(-1)]
  if (first !== undefined && last !== undefined) searcher.written(id, [{ from: first.seq, to: last.seq }])
}

test('[R5] what the device holds is found, and what comes to it while it is open', async () => {
  await store.putEvents(conversation, logOf(1200))
  const searcher = start()
  await ready(searcher)
  expect(searcher.progress.get()).toEqual({ state: 'ready', indexed: 1200, isKept: false })
  expect(await found(searcher, 'message 777')).toEqual(['message 777'])
  await write(searcher, otherConversation, seal(EMPTY_TIP, [says(ben, 'A new word: zebra')], 9000))
  await expect.poll(() => found(searcher, 'zeb')).toEqual(['A new word: zebra'])
  const page = await searcher.search({ typed: 'zebra', limit: 5 })
  expect(page?.hits[0]?.highlights).toEqual([{ start: 12, end: 17 }])
})

test('the next start goes on where this one stopped, and reads nothing twice', async () => {
  await store.putEvents(conversation, logOf(600))
  const first = start()
  await ready(first)
  first.close()
  await store.putEvents(otherConversation, seal(EMPTY_TIP, [says(ana, 'meanwhile')], 9000))
  const add = vi.fn<SearchIndex['add']>(index.add)
  const second = start({ add })
  await ready(second)
  const added = add.mock.calls.flatMap(([parts]) => parts)
  expect(added.map((part) => [part.conversation, part.events.length])).toEqual([[otherConversation, 1]])
  expect(await found(second, 'meanwhile')).toEqual(['meanwhile'])
})

test('a start after a crash in the middle repeats nothing and leaves nothing out', async () => {
  await store.putEvents(conversation, logOf(1200))
  let batches = 0
  const broken = start({
    add: async (parts) => {
      batches += 1
      if (batches === 2) throw new IndexError('failed', 'the process ends here')
      await index.add(parts)
    },
  })
  await expect.poll(() => broken.progress.get().state).toBe('stopped')
  // What had been indexed is still found.
  expect(await found(broken, 'message 1100')).toEqual(['message 1100'])
  const next = start()
  await ready(next)
  expect(next.progress.get().indexed).toBe(1200)
  const pages: string[] = []
  let after: Parameters<Searcher['search']>[0]['after']
  do {
    const page = await next.search({ typed: 'message', limit: 500, ...(after && { after }) })
    pages.push(...(page?.hits ?? []).map(({ event }) => event.text))
    after = page?.next
  } while (after !== undefined)
  expect(pages.length).toBe(1200)
  expect(new Set(pages).size).toBe(1200)
})

test('a log that was forgotten is not found, also when the index heard of it by no one', async () => {
  await store.putEvents(conversation, logOf(5))
  await store.putEvents(otherConversation, seal(EMPTY_TIP, [says(ana, 'message of another')], 9000))
  const first = start()
  await ready(first)
  await store.forgetLog(otherConversation)
  first.forgotten(otherConversation)
  await expect.poll(() => found(first, 'another')).toEqual([])
  await expect.poll(() => first.progress.get().indexed).toBe(5)
  first.close()
  await store.forgetLog(conversation)
  const second = start()
  await ready(second)
  expect(second.progress.get().indexed).toBe(0)
})

test("[L7] the server's log in the place of the device's is indexed anew, at once and after a restart", async () => {
  const other = seal(EMPTY_TIP, [says(ana, 'one'), says(ben, 'two'), says(ana, 'three')], 1000)
  await store.putEvents(conversation, logOf(3))
  const first = start()
  await ready(first)
  await store.forgetLog(conversation)
  first.forgotten(conversation)
  await write(first, conversation, other)
  await expect.poll(() => found(first, 'three')).toEqual(['three'])
  expect(await found(first, 'message')).toEqual([])
  first.close()
  await store.forgetLog(conversation)
  await store.putEvents(conversation, logOf(3))
  const second = start()
  await ready(second)
  expect(await found(second, 'three')).toEqual([])
  expect(await found(second, 'message 3')).toEqual(['message 3'])
})

test('a corrupt index is dropped and made anew', async () => {
  await store.putEvents(conversation, logOf(5))
  let isCorrupt = true
  const searcher = start({
    newest: async (...asked) => {
      if (isCorrupt) throw new IndexError('corrupt', 'database disk image is malformed')
      return await index.newest(...asked)
    },
    wipe: async () => {
      isCorrupt = false
      await index.wipe()
    },
  })
  await ready(searcher)
  expect(await searcher.search({ typed: 'message', limit: 5 })).toBeUndefined()
  await expect.poll(() => found(searcher, 'message')).toHaveLength(5)
})

test('a full disk stops it where it is, and says how far it got', async () => {
  await store.putEvents(conversation, logOf(1200))
  let batches = 0
  const searcher = start({
    add: async (parts) => {
      batches += 1
      if (batches > 1) throw new IndexError('quota', 'database or disk is full')
      await index.add(parts)
    },
  })
  await expect.poll(() => searcher.progress.get().state).toBe('stopped')
  expect(searcher.progress.get().indexed).toBe(1000)
  expect(await found(searcher, 'message 1200')).toEqual(['message 1200'])
})

test('an index that could not be opened is tried again, and nothing waits for it meanwhile', async () => {
  await store.putEvents(conversation, logOf(5))
  const clock = testClock()
  let isThere = false
  const openIndex = async (): Promise<SearchIndex> => {
    if (!isThere) throw new IndexError('failed', 'the network is away')
    return { ...index, close: () => undefined }
  }
  const late = (searcher = openSearcher({ store, clock, openIndex }))
  expect(await late.search({ typed: 'message', limit: 5 })).toBeUndefined()
  expect(late.progress.get().state).toBe('stopped')
  isThere = true
  clock.advance(60_000)
  await ready(late)
  expect(await found(late, 'message 3')).toEqual(['message 3'])
})

test('what is written while much is still to be indexed does not wait for all of that', async () => {
  await store.putEvents(conversation, logOf(5000))
  const { promise: isWritten, resolve } = Promise.withResolvers<void>()
  const added: (readonly string[])[] = []
  const searcher = start({
    add: async (parts) => {
      added.push(parts.map((part) => part.conversation))
      await index.add(parts)
      if (added.length === 1) {
        await write(searcher, otherConversation, seal(EMPTY_TIP, [says(ana, 'just now')], 9000))
        resolve()
      }
    },
  })
  await isWritten
  await ready(searcher)
  expect(added.findIndex((parts) => parts.includes(otherConversation))).toBeLessThan(3)
})

test('a store that is taken away stops it, and only it', async () => {
  store = { ...store, holdings: () => Promise.reject(new StoreError('closed', 'closed by the browser')) }
  const searcher = start()
  await expect.poll(() => searcher.progress.get().state).toBe('stopped')
  searcher.written(conversation, [{ from: 1, to: 1 }])
  expect(await found(searcher, 'message')).toEqual([])
})

test('signs alone and nothing typed find nothing', async () => {
  await store.putEvents(conversation, logOf(5))
  const searcher = start()
  await ready(searcher)
  expect(await found(searcher, '!!!')).toEqual([])
  expect(await found(searcher, '')).toEqual([])
})
