import type { ConversationId } from '@parley/protocol'
import { source } from '../observable.ts'
import type { Clock } from '../ports.ts'
import { addRange, covers, heldCount, missingRanges, runsOf, spanOf } from '../archive/ranges.ts'
import { type Range, type Store, StoreError, type StoreFault } from '../store/store.ts'
import { findPage } from './answer.ts'
import { openBacklog } from './backlog.ts'
import { IndexError, type IndexedRange, type IndexPart, type SearchIndex } from './index-port.ts'
import { CLOSED, type IndexProgress, type Searcher } from './searcher.ts'

/** Events that are indexed in one transaction; a question waits for no more than one. */
const BATCH = 1000
/** Progress is told so often at most. */
const TELL_EVERY = 300
/** An index that cannot be opened, as when its program is still to be loaded and there is no network, is tried again. */
const OPEN_AGAIN = 30_000
/** An index that is corrupt so often has a disk that is. */
const MAX_REBUILDS = 3

export interface SearcherOptions {
  readonly store: Store
  readonly clock: Clock
  readonly openIndex: () => Promise<SearchIndex>
}

/**
 * Indexes what the store holds, newest first, and goes on where it stopped the time before: what is in the index
 * is compared with what is held whenever it begins, so nothing has to be written down about what is left.
 */
export function openSearcher({ store, clock, openIndex }: SearcherOptions): Searcher {
  const progress = source<IndexProgress>(CLOSED)
  const backlog = openBacklog()
  let index: SearchIndex | undefined
  let indexed = new Map<ConversationId, readonly Range[]>()
  let toldAt = -Infinity
  let rebuilds = 0
  /** No more is indexed; what is can still be found. */
  let isStopped = false
  let isRunning = false

  const tell = (state: IndexProgress['state']) => {
    const now = clock.now()
    if (state === 'indexing' && progress.get().state === state && now - toldAt < TELL_EVERY) return
    toldAt = now
    let count = 0
    for (const ranges of indexed.values()) count += heldCount(ranges)
    progress.set({ state, indexed: count, isKept: index?.isKept ?? true })
  }
  const stop = () => {
    isStopped = true
    tell('stopped')
  }

  /** One change of the index at a time, in the order they were asked for. */
  let work: Promise<void> = Promise.resolve()
  const inTurn = (task: (index: SearchIndex) => Promise<void>): Promise<void> => {
    work = work.then(async () => {
      if (isStopped || index === undefined) return
      try {
        await task(index)
      } catch (error) {
        await recover(index, error)
      }
    })
    return work
  }
  const recover = async (broken: SearchIndex, error: unknown): Promise<void> => {
    const fault = faultOf(error)
    if (isStopped) return
    if (fault !== 'corrupt' || !(error instanceof IndexError) || rebuilds >= MAX_REBUILDS) return stop()
    rebuilds += 1
    try {
      await broken.wipe()
      await compare(broken)
      void run()
    } catch (again) {
      faultOf(again)
      stop()
    }
  }

  /** What is held and not indexed is wanted; what is indexed and not held any more, or held otherwise, goes. */
  const compare = async (index: SearchIndex): Promise<void> => {
    const held = await store.holdings()
    indexed = new Map()
    for (const [conversation, ranges] of await index.holdings()) {
      if (await isSame(store, conversation, held.get(conversation)?.ranges ?? [], ranges))
        indexed.set(conversation, ranges)
      else await index.forget(conversation)
    }
    for (const [conversation, { ranges, tip }] of held) want(conversation, ranges, tip.at)
  }
  const want = (conversation: ConversationId, runs: readonly Range[], at: number) => {
    const have = indexed.get(conversation) ?? []
    backlog.want(
      conversation,
      runs.flatMap((run) => missingRanges(have, run)),
      at,
    )
  }

  /** Reads the newest of what is left; what should be here and is damaged is told of again when it has been fetched anew. */
  const gather = async (): Promise<readonly IndexPart[]> => {
    const parts: IndexPart[] = []
    let size = 0
    for (let next = backlog.next(BATCH); next !== undefined; next = backlog.next(BATCH - size)) {
      const { conversation, span } = next
      const events = await store.readable(conversation, span)
      backlog.done(next, events[0]?.at ?? 0)
      parts.push({ conversation, events })
      size += span.to - span.from + 1
      if (size >= BATCH) break
    }
    return parts
  }
  const run = async (): Promise<void> => {
    if (isRunning) return
    isRunning = true
    let isMore = true
    while (isMore && !isStopped) {
      await inTurn(async (index) => {
        const parts = await gather()
        isMore = parts.length > 0
        if (isMore) await index.add(parts)
        for (const { conversation, events } of parts) {
          const runs = runsOf(events).map(spanOf)
          indexed.set(conversation, runs.reduce(addRange, indexed.get(conversation) ?? []))
        }
        tell(isMore ? 'indexing' : 'ready')
      })
    }
    isRunning = false
  }

  const open = async (): Promise<void> => {
    try {
      const opened = await openIndex()
      if (isStopped) opened.close()
      else index = opened
    } catch (error) {
      faultOf(error)
      tell('stopped')
    }
  }
  const opened = open()
  const begin = async (): Promise<void> => {
    await opened
    while (index === undefined && !isStopped) {
      await new Promise<void>((resolve) => clock.after(OPEN_AGAIN, resolve))
      if (!isStopped) await open()
    }
    await inTurn(compare)
    void run()
  }
  const begun = begin()

  return {
    progress,
    written: (conversation, runs) => {
      // Behind what was asked for before: a log that was forgotten and comes anew is another one.
      void begun.then(() => inTurn(async () => want(conversation, runs, clock.now()))).then(run)
    },
    forgotten: (conversation) => {
      void begun
        .then(() =>
          inTurn(async (index) => {
            backlog.drop(conversation)
            await index.forget(conversation)
            indexed.delete(conversation)
          }),
        )
        .then(run)
    },
    search: async (request) => {
      // Whoever asks at once is not told that nothing can be found.
      await opened
      if (index === undefined) return undefined
      try {
        return await findPage(index, store, request)
      } catch (error) {
        await inTurn((index) => recover(index, error))
        return undefined
      }
    },
    close: () => {
      isStopped = true
      const opened = index
      index = undefined
      void work.then(() => opened?.close())
    },
  }
}

/** Whether what is indexed of a log is still on the disk, and is what was indexed. */
async function isSame(
  store: Store,
  conversation: ConversationId,
  held: readonly Range[],
  indexed: readonly IndexedRange[],
): Promise<boolean> {
  for (const range of indexed) {
    if (!covers(held, range)) return false
    const [last] = await store.readable(conversation, { from: range.to, to: range.to })
    if (last?.hash !== range.hash) return false
  }
  return true
}

/** What a store or an index rejects with; anything else is a defect and goes on. */
function faultOf(error: unknown): StoreFault {
  if (error instanceof StoreError || error instanceof IndexError) return error.fault
  throw error
}
