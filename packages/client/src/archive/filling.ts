import { type ConversationId, type Millis, WINDOW_STEP } from '@parley/protocol'
import type { Api } from '../connection/api.ts'
import type { Archive } from './archive.ts'
import type { Directory } from '../conversations/directory.ts'
import { backOff } from '../connection/link.ts'
import { endOfLog } from './history.ts'
import type { Observable, Source } from '../observable.ts'
import { mayFetchHistory, METERED_RESTS, type Paced, pacedBy, UNRESTRICTED } from './pacing.ts'
import type { Clock, Conditions } from '../ports.ts'
import { addRange, covers, missingRanges, removeRange } from './ranges.ts'
import { soon } from '../soon.ts'
import type { Range } from '../store/store.ts'

/** What is missing of a log, and the page of it that is asked for next. */
export interface Page {
  readonly after: number
  readonly limit: number
}

interface Job {
  readonly id: ConversationId
  readonly page: Page
}

/**
 * Two pages of the disk: asked for one by one, the server's part of each is longer than the device's, and the browser
 * keeps a second copy of them all in its cache; more take longer to parse and check at once than a frame lasts.
 */
const LARGEST = 2 * WINDOW_STEP

/** How far from the end of a log something can still have been missed. */
const RECENT = 10_000

/** While one page is checked and written, the next are on their way; and the browser has a connection left for others. */
const AT_ONCE = 4

/** How long a device that could not keep a page waits before it tries the next. */
const FULL_DISK_RESTS: Millis = 60_000

/**
 * The next page of a log that ends at `end`, and of which what is before `begin` is not wanted: from the newest hole
 * backwards. Older history is all before what is held, and whatever is far from the end, because a hole there may as
 * well be left by somebody who looked around; its pages are cut where those of the disk are.
 */
export function nextPage(
  ranges: readonly Range[],
  end: number,
  begin = 1,
): (Page & { readonly isHistory: boolean }) | undefined {
  const hole = missingRanges(ranges, { from: begin, to: end }).at(-1)
  if (hole === undefined) return undefined
  const isHistory = ranges.length > 0 && (hole.from === begin || hole.to <= end - RECENT)
  const aligned = Math.floor((hole.to - 1) / LARGEST) * LARGEST
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
  /** The first event of a log that is fetched without anybody looking at it. */
  readonly beginOf?: (id: ConversationId) => number
  /** Something is being fetched right now. */
  readonly isFilling: Pick<Source<boolean>, 'set'>
  /** Older history is there to be fetched, and is held back. */
  readonly paced: Pick<Source<Paced | undefined>, 'set'>
  /** Left out: nothing speaks against fetching all at once. */
  readonly conditions?: Observable<Conditions> | undefined
}

/**
 * Fetches what the device lacks of every log: first what was missed, newest conversations first, then the past,
 * which waits while the connection is metered or the battery low.
 */
export function openFilling(options: FillingOptions): Filling {
  const { archive, directory, api, clock, random, isLive, canKeep, conditions, beginOf = () => 1 } = options
  const stuck = new Set<ConversationId>()
  /** Of each log what is on its way: nobody else has to fetch it. */
  const underWay = new Map<ConversationId, readonly Range[]>()
  let failures = 0
  let workers = 0
  let isResting = false
  let isClosed = false
  let hasRested = true
  let cancelRetry: () => void = () => undefined
  let cancelHistory: () => void = () => undefined
  /** The newest conversations first, until one of them changes. */
  let order: readonly ConversationId[] | undefined

  const inOrder = (): readonly ConversationId[] =>
    (order ??= [...directory.all()]
      .sort(([, a], [, b]) => b.summary.lastAt - a.summary.lastAt)
      .map(([id]) => id))

  const nextJob = (): Job | undefined => {
    let history: Job | undefined
    for (const id of inOrder()) {
      if (directory.get(id)?.left !== false || stuck.has(id) || archive.fault(id) !== undefined) continue
      const known = (underWay.get(id) ?? []).reduce(addRange, archive.ranges(id))
      const page = nextPage(known, endOfLog(archive, directory, id), beginOf(id))
      if (page === undefined) continue
      if (!page.isHistory) return { id, page }
      history ??= { id, page }
    }
    const now = conditions?.get() ?? UNRESTRICTED
    options.paced.set(history && pacedBy(now))
    if (history === undefined) return undefined
    if (!mayFetchHistory(now, hasRested)) return undefined
    if (now.isMetered) {
      hasRested = false
      cancelHistory()
      cancelHistory = clock.after(METERED_RESTS, () => {
        hasRested = true
        runSoon()
      })
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

  const rest = (time: Millis) => {
    isResting = true
    cancelRetry()
    cancelRetry = clock.after(time, resume)
  }
  const resume = () => {
    isResting = false
    runSoon()
  }

  const work = async (first: Job): Promise<void> => {
    for (let job: Job | undefined = first; job !== undefined; job = next()) {
      const span = { from: job.page.after + 1, to: job.page.after + job.page.limit }
      underWay.set(job.id, addRange(underWay.get(job.id) ?? [], span))
      let result: Awaited<ReturnType<typeof fetchPage>>
      try {
        result = await fetchPage(job.id, job.page)
      } finally {
        underWay.set(job.id, removeRange(underWay.get(job.id) ?? [], span))
      }
      if (result === 'stuck') stuck.add(job.id)
      if (isResting || isClosed) return
      // What cannot be written is held in memory: a full disk must not fill that, too.
      if (!canKeep()) return rest(FULL_DISK_RESTS)
      if (result === 'unreachable') {
        failures += 1
        return rest(backOff(failures, random()))
      }
      failures = 0
    }
  }

  const next = (): Job | undefined => (isLive() && !isClosed && !isResting ? nextJob() : undefined)

  const run = () => {
    while (workers < AT_ONCE) {
      const job = next()
      if (job === undefined) return
      workers += 1
      options.isFilling.set(true)
      void work(job).finally(() => {
        workers -= 1
        if (workers === 0 && !isClosed) options.isFilling.set(false)
      })
    }
  }
  const runSoon = soon(run)

  const endings = [
    archive.subscribe(({ conversation, isNewest }) => {
      // The live document holds the newest events only: a burst can leave a hole below them.
      if (isNewest && archive.ranges(conversation).length > 1) runSoon()
    }),
    directory.subscribe(() => {
      order = undefined
      runSoon()
    }),
    conditions?.subscribe(runSoon) ?? (() => undefined),
  ]

  return {
    wake: () => {
      stuck.clear()
      failures = 0
      cancelRetry()
      resume()
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
      options.isFilling.set(false)
      options.paced.set(undefined)
      isClosed = true
      cancelRetry()
      cancelHistory()
      for (const end of endings) end()
    },
  }
}
