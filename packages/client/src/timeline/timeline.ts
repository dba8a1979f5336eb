import type { ConversationId, Event, Seq, UserId } from '@parley/protocol'
import type { Archive, ArchiveChange } from '../archive/archive.ts'
import type { FatedCommand } from '../outbox/fate.ts'
import { derived, type Observable } from '../observable.ts'
import { covers } from '../archive/ranges.ts'
import {
  adopt,
  missingTargets,
  NO_REFERENCES,
  readReferences,
  readTargets,
  referencesUpTo,
} from './references.ts'
import { faultOf } from '../store/saving.ts'
import type { Range } from '../store/store.ts'
import { timelineItems } from './timeline-items.ts'
import { type Found, openFinding } from './timeline-finding.ts'
import type { Timeline, TimelineView } from './timeline-types.ts'

const PAGE = 100
/** A run is cut back to this when it has grown by half as much again. */
const LONGEST = 1000
/** A hole at the end up to this size is filled and read on through; over a longer one the view jumps. */
const READ_ON = 1000

export interface TimelineOptions {
  readonly conversation: ConversationId
  readonly me: UserId
  readonly archive: Archive
  /** Brings a stretch to this device; false when it cannot be had now. */
  readonly fetch: (span: Range) => Promise<boolean>
  /** The newest event the server has told of; the device may not have it yet. */
  readonly serverSeq: () => Seq
  /** How far this person has read. */
  readonly readSeq: () => Seq
  readonly commands: () => readonly FatedCommand[]
  /** What else the view is made of: commands, and what the server tells of the conversation. */
  readonly others: Pick<Observable<unknown>, 'subscribe'>
  /** Attends to the conversation while somebody looks. */
  readonly open: () => () => void
}

/** One conversation's log as far as somebody looks at it, and behind it what this person said since. */
export function openTimeline(options: TimelineOptions): Timeline {
  const { conversation: id, me, archive, fetch, commands } = options
  let run: readonly Event[] = []
  let references = NO_REFERENCES
  let isFollowing = true
  let isLoaded = false
  let loading: TimelineView['loading'] = 'none'
  let olderUnavailable = false
  let jumpUnavailable = false
  let target: TimelineView['target']
  let watchers = 0
  let stop: () => void = () => undefined
  let work: Promise<void> = Promise.resolve()

  const tipSeq = () => archive.tip(id)?.seq ?? 0
  const endSeq = () => run.at(-1)?.seq ?? 0
  const lastSeq = () => Math.max(tipSeq(), options.serverSeq())

  const view = derived<TimelineView>((previous) => {
    const isAtEnd = isLoaded && endSeq() >= tipSeq()
    const items = timelineItems({ me, run, ...references, isAtEnd, commands: commands() }, previous?.items)
    const next: TimelineView = {
      items,
      hasOlder: isLoaded ? (run[0]?.seq ?? lastSeq() + 1) > 1 : true,
      hasNewer: isLoaded && !isAtEnd,
      loading: isLoaded ? loading : 'around',
      olderUnavailable,
      jumpUnavailable,
      target,
      lastSeq: lastSeq(),
      fault: archive.fault(id),
    }
    const keys = Object.keys(next) as (keyof TimelineView)[]
    return previous !== undefined && keys.every((key) => Object.is(previous[key], next[key]))
      ? previous
      : next
  })

  /** What arrived since the task in hand began: what that task has read may be older. */
  let arrived: readonly Event[] = []
  let isBusy = false
  let cuts = 0
  let cutsBefore = 0

  /** One thing at a time, in the order it was asked for. What the device cannot read is not there to show. */
  const inTurn = (task: () => Promise<void>): Promise<void> => {
    const mine = work.then(async () => {
      isBusy = true
      arrived = []
      cutsBefore = cuts
      try {
        await task()
      } catch (error) {
        // The archive has said which fault it is.
        faultOf(error)
        isLoaded = true
        olderUnavailable = true
        view.invalidate()
      } finally {
        isBusy = false
      }
    })
    // Only a defect gets here: it is the caller's to hear, and the next task runs all the same.
    work = mine.catch(() => undefined)
    return mine
  }

  /** Makes `next` the run, together with what its messages refer to and are referred to by. */
  const setRun = async (next: readonly Event[]): Promise<void> => {
    const read = await readReferences(archive, id, next)
    // Read before the log was cut: what came after that does not go on from it. Another task reads anew.
    if (cutsBefore !== cuts) return
    run = next
    for (const event of arrived) if (isFollowing && event.seq === endSeq() + 1) run = [...run, event]
    references = adopt(read, run, arrived)
    isLoaded = true
    olderUnavailable = false
    view.invalidate()
  }

  const load = async (): Promise<void> => {
    const newest = await archive.read(id, { limit: PAGE, from: 'newest' })
    let start = newest.length - 1
    while (start > 0 && newest[start - 1]?.seq === (newest[start]?.seq ?? 0) - 1) start -= 1
    await setRun(newest.slice(Math.max(0, start)))
  }

  /** Follows the log to its end again after a hole: through it when it can be filled, over it when it is long. */
  const readOn = async (): Promise<void> => {
    if (!isFollowing || endSeq() >= tipSeq()) return
    const hole = { from: endSeq() + 1, to: tipSeq() }
    if (run.length === 0 || hole.to - hole.from >= READ_ON) return await load()
    if (!(await fetch(hole))) return
    const rest = await archive.read(id, { after: hole.from - 1, limit: READ_ON, from: 'oldest' })
    await setRun(cutFront([...run, ...rest.filter(({ seq }) => seq > endSeq())]))
  }

  const onArchive = ({ conversation, events, isNewest, cutAfter }: ArchiveChange) => {
    if (conversation !== id) return
    const isCut = cutAfter !== undefined && (cutAfter === 0 || cutAfter < endSeq())
    if (isCut) {
      cuts += 1
      run = run.filter(({ seq }) => seq <= cutAfter)
      references = referencesUpTo(references, cutAfter)
      isFollowing = true
      isLoaded = run.length > 0
    }
    if (watchers === 0) return
    if (isBusy) arrived = [...arrived, ...events]
    if (isCut) {
      void inTurn(load)
    } else if (isLoaded && isFollowing && isNewest && events[0]?.seq === endSeq() + 1) {
      run = cutFront([...run, ...events])
      if (missingTargets(events, references).length > 0) void inTurn(findTargets)
    } else if (isNewest && isFollowing) {
      // Also while the first stretch is being read: it may have been read before this was there.
      if (isLoaded || isBusy) void inTurn(readOn)
    } else {
      references = adopt(references, run, events)
      const first = run[0]?.seq ?? 1
      if (covers(archive.ranges(id), { from: first - 1, to: first - 1 })) olderUnavailable = false
    }
    view.invalidate()
  }

  /** Replies that came live may refer to what is far above the run. */
  const findTargets = async (): Promise<void> => {
    const found = await readTargets(archive, id, missingTargets(run, references))
    if (found.size === 0) return
    references = { ...references, targets: new Map([...references.targets, ...found]) }
    view.invalidate()
  }

  const whileLoading = (what: TimelineView['loading'], task: () => Promise<void>): Promise<void> =>
    inTurn(async () => {
      if (!isLoaded) await load()
      loading = what
      jumpUnavailable = false
      view.invalidate()
      try {
        await task()
      } finally {
        loading = 'none'
        view.invalidate()
      }
    })

  /** Reads a stretch, fetching first what the device lacks of it; undefined when it cannot be had now. */
  const stretch = async (from: Seq, to: Seq): Promise<readonly Event[] | undefined> => {
    const isHeld = () => covers(archive.ranges(id), { from, to })
    const read = () =>
      archive.read(id, { after: from - 1, before: to + 1, limit: to - from + 1, from: 'oldest' })
    if (!isHeld() && !(await fetch({ from, to }))) return undefined
    const found = await read()
    // Reading gives up what is damaged on the disk: that has to be fetched.
    if (isHeld()) return found
    return (await fetch({ from, to })) ? await read() : undefined
  }

  const finding = openFinding({ conversation: id, me, archive, fetch, lastSeq })

  const toLatest = async (): Promise<void> => {
    isFollowing = true
    if (endSeq() < tipSeq()) await load()
  }

  /** What is to be shown around an event: of what cannot be fetched, what is here. */
  const around = async (seq: Seq): Promise<readonly Event[] | undefined> => {
    const [from, to] = [Math.max(1, seq - PAGE / 2), Math.min(seq + PAGE / 2, lastSeq())]
    const found = await stretch(from, to)
    if (found !== undefined) return found
    const held = archive.ranges(id).find((range) => range.from <= seq && seq <= range.to)
    return held && (await stretch(Math.max(from, held.from), Math.min(to, held.to)))
  }

  /** Makes the run one that holds `seq`; whether it could be done. */
  const moveTo = async (seq: Seq): Promise<boolean> => {
    if ((run[0]?.seq ?? Infinity) <= seq && seq <= endSeq()) return true
    const next = await around(seq)
    if (next === undefined) return false
    isFollowing = (next.at(-1)?.seq ?? 0) >= tipSeq()
    await setRun(next)
    return true
  }

  /** Leads to what `find` finds, to the end when there is none; the view stays as it is when that cannot be had. */
  const jump = async (find: () => Promise<Found>): Promise<Seq | undefined> => {
    let reached: Seq | undefined
    await whileLoading('around', async () => {
      const found = await find()
      if (found === 'none') return await toLatest()
      const event = found !== 'unavailable' && (await moveTo(found)) && run.find(({ seq }) => seq === found)
      if (!event) {
        jumpUnavailable = true
        return
      }
      target = { id: event.id, seq: event.seq }
      reached = event.seq
    })
    return reached
  }

  /** While nobody watches, nothing tells of commands that were answered meanwhile. */
  const lookAgain = () => {
    if (watchers === 0) view.invalidate()
  }

  // For good, as the archive and this live equally long: a log may be forgotten while nobody looks.
  archive.subscribe(onArchive)

  return {
    get: () => {
      lookAgain()
      return view.get()
    },
    subscribe: (listener) => {
      lookAgain()
      const end = view.subscribe(listener)
      if (watchers++ === 0) {
        const endings = [options.others.subscribe(() => view.invalidate()), options.open()]
        stop = () => endings.forEach((ending) => ending())
        // Nobody looked for a while: the log has gone on without this run.
        void inTurn(isLoaded ? readOn : load)
      }
      let isWatching = true
      return () => {
        if (!isWatching) return
        isWatching = false
        end()
        if (--watchers === 0) stop()
      }
    },
    older: () =>
      whileLoading('older', async () => {
        const first = run[0]?.seq ?? lastSeq() + 1
        if (first <= 1) return
        const older = await stretch(Math.max(1, first - PAGE), first - 1)
        if (older === undefined) {
          olderUnavailable = true
          return
        }
        // The run may have begun meanwhile: of an empty one, what was asked for came by the live document too.
        const start = run[0]?.seq ?? Infinity
        const next = [...older.filter(({ seq }) => seq < start), ...run]
        if (next.length > LONGEST * 1.5) isFollowing = false
        await setRun(isFollowing ? next : next.slice(0, LONGEST))
      }),
    newer: () =>
      whileLoading('newer', async () => {
        const after = endSeq()
        if (after >= tipSeq()) return
        const newer = await stretch(after + 1, Math.min(after + PAGE, tipSeq()))
        if (newer === undefined) return
        const next = cutFront([...run, ...newer])
        isFollowing = (next.at(-1)?.seq ?? 0) >= tipSeq()
        await setRun(next)
      }),
    latest: () =>
      whileLoading('newer', async () => {
        target = undefined
        await toLatest()
      }),
    show: (seq) => jump(async () => (seq > lastSeq() ? 'none' : Math.max(1, seq))),
    showEvent: (event) => jump(() => finding.event(event)),
    showDate: (at) => jump(() => finding.atTime(at)),
    showFirstUnread: () => jump(() => finding.unread(options.readSeq())),
  }
}

const cutFront = (run: readonly Event[]): readonly Event[] =>
  run.length > LONGEST * 1.5 ? run.slice(-LONGEST) : run
