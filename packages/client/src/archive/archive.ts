import {
  type ConversationId,
  EMPTY_TIP,
  type Event,
  type EventId,
  findChainFault,
  type Seq,
  type Sha256,
  portableSha256,
} from '@parley/protocol'
import { addRange, covers, heldCount, removeRange, runsOf, spanOf } from './ranges.ts'
import { faultOf, type Saving } from '../store/saving.ts'
import type { EventQuery, Range, Store } from '../store/store.ts'
import type { LogFault } from '../timeline/timeline-types.ts'
import { bytesOf } from './weight.ts'

/** What the device knows of one log. */
interface Shelf {
  /** Written or about to be: see `unsaved`. */
  ranges: readonly Range[]
  tip: Event | undefined
  /** Known and not on disk yet; reading looks here too, so a full disk does not blind the app. */
  readonly unsaved: Map<Seq, Event>
  /** The ends of what has come: the next page is checked against them without reading the disk. */
  readonly edges: Map<Seq, Event>
  bytes: number
  fault: LogFault | undefined
  accepted: ReadonlySet<Seq>
  work: Promise<unknown>
}

export interface ArchiveChange {
  readonly conversation: ConversationId
  /** What has entered; empty when a fault was found or the log was forgotten. */
  readonly events: readonly Event[]
  /** They are newer than all that was known before. */
  readonly isNewest: boolean
  /** What came after this is no longer part of the log; 0: it was forgotten whole. */
  readonly cutAfter?: Seq
  /** No longer on this device, and still part of the log. */
  readonly dropped?: Range
}

export interface Archive {
  tip(id: ConversationId): Event | undefined
  ranges(id: ConversationId): readonly Range[]
  /** How many bytes of a log are held, as `bytesOf` counts. */
  bytes(id: ConversationId): number
  fault(id: ConversationId): LogFault | undefined
  known(): Iterable<ConversationId>
  /** The newest events, as the live document has them: shown at once, written behind. */
  addLive(id: ConversationId, events: readonly Event[]): void
  /**
   * A page of history. Resolves when it is part of what can be read; a false one becomes a fault. It does not
   * enter while its neighbours, which the chain is checked against, cannot be read.
   */
  addPage(id: ConversationId, events: readonly Event[]): Promise<void>
  /**
   * The server says where its log ends: whether that can be. `knownBefore` is the newest event we knew when we
   * asked. A no is a reason to ask further: answers overtake each other.
   */
  agreesWithEnd(
    id: ConversationId,
    end: { readonly seq: Seq; readonly hash: string },
    knownBefore: Seq,
  ): boolean
  /** This and the next two reject with a `StoreError`, which `Saving` has been told of already. */
  read(id: ConversationId, query: EventQuery): Promise<readonly Event[]>
  eventById(id: ConversationId, event: EventId): Promise<Event | undefined>
  reactionsTo(id: ConversationId, messages: readonly EventId[]): Promise<readonly Event[]>
  /** While there is a fault nothing enters; `undefined`: it has turned out to be none. */
  raise(id: ConversationId, fault: LogFault | undefined): void
  /** Takes everything after `after` out of the log. False: the disk refused, and nothing has changed. */
  cut(id: ConversationId, after: Seq): Promise<boolean>
  /** Takes a stretch off the device, which the server has. False: the disk refused, and nothing has changed. */
  drop(id: ConversationId, span: Range): Promise<boolean>
  /** What is wrong with events that come after `before`; without it the first is taken on trust. */
  faultIn(id: ConversationId, before: Event | undefined, events: readonly Event[]): LogFault | undefined
  /** These events may stand although they do not follow from the ones before: the person has decided so. */
  accept(id: ConversationId, seqs: ReadonlySet<Seq>): void
  /** Forgets a log, to take the server's instead. */
  forget(id: ConversationId): Promise<void>
  subscribe(listener: (change: ArchiveChange) => void): () => void
  /** Hears of what was written. */
  onWritten(listener: (id: ConversationId, runs: readonly Range[]) => void): () => void
  /** What is known and not on disk yet. */
  unwritten(): Iterable<readonly [ConversationId, readonly Event[]]>
  /** Another tab has let these in, and writes them. */
  heard(change: ArchiveChange): void
  /** Another tab has written these. */
  heardWritten(id: ConversationId, runs: readonly Range[]): void
  /** Another tab has cut a log, which now ends with `tip`. */
  heardCut(id: ConversationId, after: Seq, tip: Event | undefined): void
  /** Another tab has dropped a stretch; the newest event that is left is `tip`. */
  heardDropped(id: ConversationId, span: Range, tip: Event | undefined): void
  /** Takes in what other tabs have written. */
  reload(): Promise<void>
  /** Writes what the tab that would have written it has left behind. */
  adopt(): void
  /** Resolves when everything given so far has been written, or has failed to be. */
  settled(): Promise<void>
}

/**
 * All events this device has, of every conversation, in stretches that grow together. Whatever
 * enters is checked against the chain: within itself, and against its neighbours on both sides, so
 * that every joint is checked once both its ends are here (L7).
 */
export async function openArchive(
  store: Store,
  saving: Saving,
  hash: Sha256 = portableSha256,
): Promise<Archive> {
  const shelves = new Map<ConversationId, Shelf>()
  const listeners = new Set<(change: ArchiveChange) => void>()
  const writtenListeners = new Set<(id: ConversationId, runs: readonly Range[]) => void>()

  const shelfOf = (id: ConversationId): Shelf => {
    const known = shelves.get(id)
    if (known !== undefined) return known
    const fresh: Shelf = {
      ranges: [],
      tip: undefined,
      unsaved: new Map(),
      edges: new Map(),
      bytes: 0,
      fault: undefined,
      accepted: NONE,
      work: Promise.resolve(),
    }
    shelves.set(id, fresh)
    return fresh
  }
  const tell = (change: ArchiveChange) => {
    for (const listener of [...listeners]) listener(change)
  }
  const raise = (id: ConversationId, fault: LogFault | undefined) => {
    const shelf = shelfOf(id)
    if (shelf.fault === fault) return
    shelf.fault = fault
    tell({ conversation: id, events: [], isNewest: false })
  }

  const write = (id: ConversationId, shelf: Shelf) => {
    shelf.work = shelf.work.then(async () => {
      const events = [...shelf.unsaved.values()].sort((a, b) => a.seq - b.seq)
      if (events.length === 0 || shelves.get(id) !== shelf) return
      const fault = await saving.run(() => store.putEvents(id, events))
      // What could not be written stays readable, and goes along with the next write.
      if (fault !== undefined) return
      for (const { seq } of events) shelf.unsaved.delete(seq)
      const runs = runsOf(events).map(spanOf)
      for (const listener of [...writtenListeners]) listener(id, runs)
    })
  }
  const know = (shelf: Shelf, events: readonly Event[]) => {
    shelf.bytes += bytesOf(events.filter(({ seq }) => !has(shelf, seq)))
    const runs = runsOf(events)
    shelf.ranges = runs.map(spanOf).reduce(addRange, shelf.ranges)
    for (const event of events) shelf.unsaved.set(event.seq, event)
    for (const event of runs.flatMap((run) => [run[0], run.at(-1)]))
      if (event !== undefined) shelf.edges.set(event.seq, event)
    for (const seq of shelf.edges.keys())
      if (has(shelf, seq - 1) && has(shelf, seq + 1)) shelf.edges.delete(seq)
    const last = events.at(-1)
    if (last !== undefined && last.seq > (shelf.tip?.seq ?? 0)) shelf.tip = last
  }
  const enter = (id: ConversationId, shelf: Shelf, events: readonly Event[]) => {
    know(shelf, events)
    write(id, shelf)
  }
  /** A shelf of its own: what is under way for the one before does not reach it. */
  const ended = (id: ConversationId, after: Seq, tip: Event | undefined) => {
    const before = shelves.get(id)
    if (before !== undefined) {
      const unsaved = new Map([...before.unsaved].filter(([seq]) => seq <= after))
      const ranges = removeRange(before.ranges, { from: after + 1, to: Infinity })
      const bytes = shareOf(before, ranges)
      shelves.set(id, { ...before, ranges, tip, unsaved, edges: new Map(), bytes, fault: undefined })
    }
    tell({ conversation: id, events: [], isNewest: false, cutAfter: after })
  }
  const dropped = (id: ConversationId, span: Range, tip: Event | undefined) => {
    const shelf = shelfOf(id)
    // What only this tab has is not what was dropped from the disk.
    const left = runsOf([...shelf.unsaved.values()].sort((a, b) => a.seq - b.seq))
      .map(spanOf)
      .reduce(addRange, removeRange(shelf.ranges, span))
    shelf.bytes = shareOf(shelf, left)
    shelf.ranges = left
    shelf.tip = tip
    tell({ conversation: id, events: [], isNewest: true, dropped: span })
  }
  const load = async () => {
    for (const [id, { ranges, tip, bytes }] of await store.holdings()) {
      const shelf = shelfOf(id)
      const before = heldCount(shelf.ranges)
      shelf.ranges = ranges.reduce(addRange, shelf.ranges)
      shelf.bytes = Math.max(shelf.bytes, bytes)
      if (tip.seq > (shelf.tip?.seq ?? 0)) shelf.tip = tip
      if (heldCount(shelf.ranges) > before) tell({ conversation: id, events: [], isNewest: true })
    }
  }
  await load()

  const read: Archive['read'] = async (id, query) => {
    // Copied first: what is written while the store is being read leaves the original.
    const unsaved = new Map(shelfOf(id).unsaved)
    const stored = await saving.reads(() => store.events(id, query))
    return unsaved.size === 0 ? stored : merged(stored, unsaved, query)
  }
  const at = async (id: ConversationId, seq: Seq): Promise<Event | undefined> =>
    shelfOf(id).edges.get(seq) ??
    (await read(id, { after: seq - 1, before: seq + 1, limit: 1, from: 'oldest' }))[0]
  /** The events on both sides of a page, as far as they are held. */
  const neighbours = async (id: ConversationId, shelf: Shelf, { from, to }: Range) => {
    for (;;) {
      const [isBefore, isAfter] = [has(shelf, from - 1), has(shelf, to + 1)]
      const before = isBefore ? await at(id, from - 1) : undefined
      const after = isAfter ? await at(id, to + 1) : undefined
      // One that has come while the disk was read must be looked at, too.
      if (has(shelf, from - 1) === isBefore && has(shelf, to + 1) === isAfter) return { before, after }
    }
  }

  return {
    tip: (id) => shelves.get(id)?.tip,
    ranges: (id) => shelves.get(id)?.ranges ?? [],
    bytes: (id) => shelves.get(id)?.bytes ?? 0,
    fault: (id) => shelves.get(id)?.fault,
    known: () => shelves.keys(),
    raise,
    read,

    addLive: (id, events) => {
      const shelf = shelfOf(id)
      if (shelf.fault !== undefined) return
      const { tip } = shelf
      const same = tip && events.find(({ seq }) => seq === tip.seq)
      if (same !== undefined && same.hash !== tip?.hash) return raise(id, { fault: 'hash', seq: same.seq })
      const fresh = events.filter(({ seq }) => seq > (tip?.seq ?? 0))
      const [first] = fresh
      const last = fresh.at(-1)
      if (first === undefined || last === undefined) return
      const fault = faultBehind(tip?.seq === first.seq - 1 ? tip : undefined, fresh, shelf.accepted, hash)
      if (fault !== undefined) return raise(id, fault)
      enter(id, shelf, fresh)
      tell({ conversation: id, events: fresh, isNewest: true })
    },

    addPage: async (id, events) => {
      const shelf = shelfOf(id)
      const [first, last] = [events[0], events.at(-1)]
      if (shelf.fault !== undefined || first === undefined || last === undefined) return
      let around: Awaited<ReturnType<typeof neighbours>>
      try {
        around = await neighbours(id, shelf, { from: first.seq, to: last.seq })
      } catch (error) {
        faultOf(error)
        return
      }
      if (shelves.get(id) !== shelf) return
      const all = around.after === undefined ? events : [...events, around.after]
      const fault = faultBehind(around.before, all, shelf.accepted, hash)
      if (fault !== undefined) return raise(id, fault)
      const isNewest = last.seq > (shelf.tip?.seq ?? 0)
      enter(id, shelf, events)
      tell({ conversation: id, events, isNewest })
      await shelf.work
    },

    agreesWithEnd: (id, end, knownBefore) => {
      const tip = shelves.get(id)?.tip
      return end.seq >= knownBefore && (end.seq !== tip?.seq || end.hash === tip.hash)
    },

    eventById: async (id, event) => {
      for (const each of shelfOf(id).unsaved.values()) if (each.id === event) return each
      return await saving.reads(() => store.eventById(id, event))
    },
    reactionsTo: async (id, messages) => {
      const wanted = new Set(messages)
      const unsaved = new Map(shelfOf(id).unsaved)
      const stored = await saving.reads(() => store.reactionsTo(id, messages))
      const found = new Map(stored.map((event) => [event.seq, event]))
      for (const event of unsaved.values()) {
        if (event.type === 'reaction' && wanted.has(event.to)) found.set(event.seq, event)
      }
      return [...found.values()].sort((a, b) => a.seq - b.seq)
    },

    forget: async (id) => {
      const before = shelves.get(id)
      shelves.delete(id)
      // A write under way would bring back a part of what is forgotten.
      await before?.work
      await saving.run(() => store.forgetLog(id))
      ended(id, 0, undefined)
    },
    cut: async (id, after) => {
      const shelf = shelfOf(id)
      await shelf.work
      const last = Math.min(shelf.ranges.findLast(({ from }) => from <= after)?.to ?? 0, after)
      const span = { from: after + 1, to: shelf.tip?.seq ?? after }
      let tip: Event | undefined
      const fault = await saving.run(async () => {
        if (last > 0) tip = await at(id, last)
        await store.dropEvents(id, span)
      })
      if (fault !== undefined || shelves.get(id) !== shelf) return false
      ended(id, after, tip)
      return true
    },
    drop: async (id, span) => {
      const shelf = shelfOf(id)
      await shelf.work
      const last = Math.max(0, removeRange(shelf.ranges, span).at(-1)?.to ?? 0)
      let { tip } = shelf
      const fault = await saving.run(async () => {
        if (tip !== undefined && tip.seq !== last) tip = last > 0 ? await at(id, last) : undefined
        await store.dropEvents(id, span)
      })
      if (fault !== undefined || shelves.get(id) !== shelf) return false
      dropped(id, span, tip)
      return true
    },
    faultIn: (id, before, events) => faultBehind(before, events, shelfOf(id).accepted, hash),
    accept: (id, seqs) => {
      shelfOf(id).accepted = seqs
    },
    onWritten: (listener) => {
      writtenListeners.add(listener)
      return () => {
        writtenListeners.delete(listener)
      }
    },
    unwritten: () =>
      [...shelves].flatMap(([id, { unsaved }]) =>
        unsaved.size === 0 ? [] : [[id, [...unsaved.values()].sort((a, b) => a.seq - b.seq)] as const],
      ),
    heard: (change) => {
      know(shelfOf(change.conversation), change.events)
      tell(change)
    },
    heardWritten: (id, runs) => {
      const { unsaved } = shelfOf(id)
      for (const seq of unsaved.keys()) if (covers(runs, { from: seq, to: seq })) unsaved.delete(seq)
    },
    heardCut: ended,
    heardDropped: dropped,
    reload: async () => {
      await saving.run(load)
    },
    adopt: () => {
      for (const [id, shelf] of shelves) if (shelf.unsaved.size > 0) write(id, shelf)
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    settled: async () => {
      await Promise.all([...shelves.values()].map(({ work }) => work))
    },
  }
}

const NONE: ReadonlySet<Seq> = new Set()

/** About how many bytes a part of what is held takes. */
const shareOf = ({ bytes, ranges }: Pick<Shelf, 'bytes' | 'ranges'>, part: readonly Range[]): number =>
  Math.round((bytes * heldCount(part)) / Math.max(1, heldCount(ranges)))

const has = ({ ranges }: Pick<Shelf, 'ranges'>, seq: Seq): boolean => covers(ranges, { from: seq, to: seq })

/**
 * Checks events against the one before; without it the first is taken on trust until its neighbour arrives.
 * Behind an accepted event the check goes on from what that event says of itself.
 */
function faultBehind(
  before: Event | undefined,
  events: readonly Event[],
  accepted: ReadonlySet<Seq>,
  hash: Sha256,
): LogFault | undefined {
  const [first, ...rest] = events
  if (first === undefined) return undefined
  const isTrusted = before === undefined && first.seq !== 1
  const fault = isTrusted
    ? findChainFault(first, rest, hash)
    : findChainFault(before ?? EMPTY_TIP, events, hash)
  if (fault === undefined || fault.fault === 'gap' || !accepted.has(fault.seq)) return fault
  const index = events.findIndex(({ seq }) => seq === fault.seq)
  return faultBehind(events[index], events.slice(index + 1), accepted, hash)
}

function merged(
  stored: readonly Event[],
  unsaved: ReadonlyMap<Seq, Event>,
  query: EventQuery,
): readonly Event[] {
  const { after = 0, before = Infinity, limit, from } = query
  const bySeq = new Map(stored.map((event) => [event.seq, event]))
  for (const event of unsaved.values())
    if (event.seq > after && event.seq < before) bySeq.set(event.seq, event)
  const all = [...bySeq.values()].sort((a, b) => a.seq - b.seq)
  return from === 'oldest' ? all.slice(0, limit) : all.slice(Math.max(0, all.length - limit))
}
