import type { ConversationId, Event, EventId, ReactionEvent, Seq, UserId } from '@parley/protocol'
import type { Archive, ArchiveChange } from './archive.ts'
import type { FatedCommand } from './fate.ts'
import type { Filling } from './filling.ts'
import { derived, type Observable } from './observable.ts'
import { covers } from './ranges.ts'
import { timelineItems } from './timeline-items.ts'
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
  readonly filling: Pick<Filling, 'want'>
  /** The newest event the server has told of; the device may not have it yet. */
  readonly serverSeq: () => Seq
  readonly commands: () => readonly FatedCommand[]
  /** What else the view is made of: commands, and what the server tells of the conversation. */
  readonly others: Pick<Observable<unknown>, 'subscribe'>
  /** Attends to the conversation while somebody looks. */
  readonly open: () => () => void
}

/** One conversation's log as far as somebody looks at it, and behind it what this person said since. */
export function openTimeline(options: TimelineOptions): Timeline {
  const { conversation: id, me, archive, filling, commands } = options
  let run: readonly Event[] = []
  let reactions: readonly ReactionEvent[] = []
  let targets: ReadonlyMap<EventId, Event> = new Map()
  let isFollowing = true
  let isLoaded = false
  let loading: TimelineView['loading'] = 'none'
  let olderUnavailable = false
  let watchers = 0
  let stop: () => void = () => undefined
  let work: Promise<void> = Promise.resolve()

  const tipSeq = () => archive.tip(id)?.seq ?? 0
  const endSeq = () => run.at(-1)?.seq ?? 0
  const lastSeq = () => Math.max(tipSeq(), options.serverSeq())

  const view = derived<TimelineView>((previous) => {
    const isAtEnd = isLoaded && endSeq() >= tipSeq()
    const items = timelineItems(
      { me, run, reactions, targets, isAtEnd, commands: commands() },
      previous?.items,
    )
    const next: TimelineView = {
      items,
      hasOlder: isLoaded ? (run[0]?.seq ?? lastSeq() + 1) > 1 : true,
      hasNewer: isLoaded && !isAtEnd,
      loading: isLoaded ? loading : 'around',
      olderUnavailable,
      lastSeq: lastSeq(),
      fault: archive.fault(id),
    }
    const keys = Object.keys(next) as (keyof TimelineView)[]
    return previous !== undefined && keys.every((key) => Object.is(previous[key], next[key]))
      ? previous
      : next
  })

  /** One thing at a time, in the order it was asked for. */
  const inTurn = (task: () => Promise<void>): Promise<void> => {
    const mine = work.then(task)
    // The next task runs all the same; the failure is the caller's to hear.
    work = mine.catch(() => undefined)
    return mine
  }

  /** Makes `next` the run, together with what its messages refer to and are referred to by. */
  const setRun = async (next: readonly Event[]): Promise<void> => {
    const messages = next.filter((event) => event.type === 'message')
    const inside = new Set(next.map((event) => event.id))
    const wanted = new Set(
      messages.flatMap(({ replyTo }) => (replyTo === undefined || inside.has(replyTo) ? [] : [replyTo])),
    )
    const [found, originals] = await Promise.all([
      archive.reactionsTo(
        id,
        messages.map((message) => message.id),
      ),
      Promise.all([...wanted].map((target) => archive.eventById(id, target))),
    ])
    // What was said while these were read went to the end of the run that is replaced.
    const end = next.at(-1)?.seq ?? 0
    const since = isFollowing ? run.filter(({ seq }) => seq > end) : []
    run = since[0]?.seq === end + 1 ? [...next, ...since] : next
    reactions = found.filter((event) => event.type === 'reaction')
    targets = new Map(originals.flatMap((event) => (event === undefined ? [] : [[event.id, event] as const])))
    isLoaded = true
    catchUp()
    view.invalidate()
  }

  /** What arrived while the run was being read is taken in before anybody sees it. */
  let arrived: readonly Event[] = []
  const catchUp = () => {
    for (const event of arrived) if (isFollowing && event.seq === endSeq() + 1) run = [...run, event]
    arrived = []
  }

  const load = async (): Promise<void> => {
    arrived = []
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
    if (!(await filling.want(id, hole))) return
    const rest = await archive.read(id, { after: hole.from - 1, limit: READ_ON, from: 'oldest' })
    await setRun(cutFront([...run, ...rest.filter(({ seq }) => seq > endSeq())]))
  }

  const onArchive = ({ conversation, events, isNewest }: ArchiveChange) => {
    if (conversation !== id) return
    if (events.length === 0 && archive.tip(id) === undefined) {
      run = []
      isFollowing = true
      void inTurn(load)
    } else if (isLoaded && isFollowing && isNewest && events[0]?.seq === endSeq() + 1) {
      run = cutFront([...run, ...events])
    } else if (isNewest && isFollowing) {
      arrived = [...arrived, ...events]
      if (isLoaded) void inTurn(readOn)
    } else {
      adopt(events)
    }
    view.invalidate()
  }

  /** Older history may hold what the run was waiting for. */
  const adopt = (events: readonly Event[]) => {
    const shown = new Set(run.map((event) => event.id))
    const found = events.filter((event) => event.type === 'reaction' && shown.has(event.to))
    if (found.length > 0) reactions = [...reactions, ...found.filter((event) => event.type === 'reaction')]
    const asked = new Set(
      run.flatMap((event) => (event.type === 'message' && event.replyTo ? [event.replyTo] : [])),
    )
    const originals = events.filter((event) => asked.has(event.id))
    if (originals.length > 0)
      targets = new Map([...targets, ...originals.map((event) => [event.id, event] as const)])
  }

  const whileLoading = (what: TimelineView['loading'], task: () => Promise<void>): Promise<void> =>
    inTurn(async () => {
      if (!isLoaded) await load()
      loading = what
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
    if (!covers(archive.ranges(id), { from, to }) && !(await filling.want(id, { from, to }))) return undefined
    return await archive.read(id, { after: from - 1, before: to + 1, limit: to - from + 1, from: 'oldest' })
  }

  /** While nobody watches, nothing tells of commands that were answered meanwhile. */
  const lookAgain = () => {
    if (watchers === 0) view.invalidate()
  }

  return {
    get: () => {
      lookAgain()
      return view.get()
    },
    subscribe: (listener) => {
      lookAgain()
      const end = view.subscribe(listener)
      if (watchers++ === 0) {
        const endings = [
          archive.subscribe(onArchive),
          options.others.subscribe(() => view.invalidate()),
          options.open(),
        ]
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
        olderUnavailable = older === undefined
        if (older === undefined) return
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
        isFollowing = true
        if (endSeq() < tipSeq()) await load()
      }),
    show: (seq) =>
      whileLoading('around', async () => {
        if ((run[0]?.seq ?? Infinity) <= seq && seq <= endSeq()) return
        const around = await stretch(Math.max(1, seq - PAGE / 2), Math.min(seq + PAGE / 2, lastSeq()))
        olderUnavailable = around === undefined
        if (around === undefined) return
        isFollowing = (around.at(-1)?.seq ?? 0) >= tipSeq()
        await setRun(around)
      }),
  }
}

const cutFront = (run: readonly Event[]): readonly Event[] =>
  run.length > LONGEST * 1.5 ? run.slice(-LONGEST) : run
