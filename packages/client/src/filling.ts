import type { ConversationId, Millis } from '@parley/protocol'
import type { Api } from './api.ts'
import type { Archive } from './archive.ts'
import type { Directory } from './directory.ts'
import { backOff } from './link.ts'
import { endOfLog } from './history.ts'
import type { Source } from './observable.ts'
import type { Clock } from './ports.ts'
import { covers, missingRanges } from './ranges.ts'
import { soon } from './soon.ts'
import type { Range } from './store.ts'

/** What is missing of a log, and the page of it that is asked for next. */
export interface Page {
  readonly after: number
  readonly limit: number
}

/** Pages of old history are cut where the server never changes them, so that caches on the way help. */
const ALIGNED = 128
const LARGEST = 1000

/** How long a device that could not keep a page waits before it tries the next. */
const FULL_DISK_RESTS: Millis = 60_000

/**
 * The next page of a log that ends at `end`: from the newest hole backwards. What was missed while away is
 * fetched in large pages, the older history before all that is held in aligned ones.
 */
export function nextPage(
  ranges: readonly Range[],
  end: number,
): (Page & { readonly isHistory: boolean }) | undefined {
  const hole = missingRanges(ranges, { from: 1, to: end }).at(-1)
  if (hole === undefined) return undefined
  const isHistory = hole.from === 1 && ranges.length > 0
  const aligned = Math.floor((hole.to - 1) / ALIGNED) * ALIGNED
  const after = Math.max(hole.from - 1, isHistory ? aligned : hole.to - LARGEST)
  return { after, limit: hole.to - after, isHistory }
}

export interface Filling {
  /** Something new is known to be missing, or the network is back: goes on at once. */
  wake(): void
  /** Fetches a stretch before anything else; false when it cannot be had now. */
  want(id: ConversationId, span: Range): Promise<boolean>
  close(): void
}

interface FillingOptions {
  readonly archive: Archive
  readonly directory: Directory
  readonly api: Pick<Api, 'events'>
  readonly clock: Clock
  readonly random: () => number
  /** Whether asking has any prospect. */
  readonly isLive: () => boolean
  /** Whether the device has kept what it was last given. */
  readonly canKeep: () => boolean
  /** Something is being fetched right now. */
  readonly isFilling: Pick<Source<boolean>, 'set'>
}

/** Fetches what the device lacks of every log: first what was missed, newest conversations first, then the past. */
export function openFilling(options: FillingOptions): Filling {
  const { archive, directory, api, clock, random, isLive, canKeep } = options
  const stuck = new Set<ConversationId>()
  let failures = 0
  let isRunning = false
  let isClosed = false
  let cancelRetry: () => void = () => undefined

  const setRunning = (isNow: boolean) => {
    isRunning = isNow
    if (!isClosed) options.isFilling.set(isNow)
  }

  const nextJob = (): { id: ConversationId; page: Page } | undefined => {
    const ids = [...directory.all()]
      .filter(([id, { left }]) => !left && !stuck.has(id) && archive.fault(id) === undefined)
      .sort(([, a], [, b]) => b.summary.lastAt - a.summary.lastAt)
      .map(([id]) => id)
    let history: { id: ConversationId; page: Page } | undefined
    for (const id of ids) {
      const page = nextPage(archive.ranges(id), endOfLog(archive, directory, id))
      if (page === undefined) continue
      if (!page.isHistory) return { id, page }
      history ??= { id, page }
    }
    return history
  }

  const fetchPage = async (
    id: ConversationId,
    { after, limit }: Page,
  ): Promise<'done' | 'unreachable' | 'stuck'> => {
    const answer = await api.events(id, { after, limit })
    if (!answer.ok)
      return answer.code === 'unavailable' || answer.code === 'rate_limited' ? 'unreachable' : 'stuck'
    const page = answer.value.filter(({ seq }) => seq > after && seq <= after + limit)
    // A page that is not what was asked for would be asked for again, for ever.
    if (page.length !== limit) return 'stuck'
    await archive.addPage(id, page)
    return 'done'
  }

  const run = async () => {
    if (isRunning || isClosed) return
    setRunning(true)
    cancelRetry()
    try {
      while (isLive() && !isClosed) {
        const job = nextJob()
        if (job === undefined) return
        const result = await fetchPage(job.id, job.page)
        if (!canKeep()) {
          // What cannot be written is held in memory: a full disk must not fill that, too.
          cancelRetry = clock.after(FULL_DISK_RESTS, runSoon)
          return
        }
        if (result === 'stuck') stuck.add(job.id)
        if (result === 'unreachable') {
          failures += 1
          cancelRetry = clock.after(backOff(failures, random()), runSoon)
          return
        }
        failures = 0
      }
    } finally {
      setRunning(false)
    }
  }

  const runSoon = soon(() => void run())

  const endings = [
    archive.subscribe(({ conversation, isNewest }) => {
      // The live document holds the newest events only: a burst can leave a hole below them.
      if (isNewest && archive.ranges(conversation).length > 1) runSoon()
    }),
    directory.subscribe(runSoon),
  ]

  return {
    wake: () => {
      stuck.clear()
      failures = 0
      runSoon()
    },
    want: async (id, span) => {
      // Bounded by the span: each page that is done makes it smaller.
      for (;;) {
        const hole = missingRanges(archive.ranges(id), span).at(-1)
        if (hole === undefined) return true
        if (archive.fault(id) !== undefined || directory.get(id)?.left === true) return false
        const after = Math.max(hole.from - 1, hole.to - LARGEST)
        if ((await fetchPage(id, { after, limit: hole.to - after })) !== 'done') return false
        if (!covers(archive.ranges(id), { from: after + 1, to: hole.to })) return false
      }
    },
    close: () => {
      setRunning(false)
      isClosed = true
      cancelRetry()
      for (const end of endings) end()
    },
  }
}
