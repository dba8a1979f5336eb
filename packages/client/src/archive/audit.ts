import {
  conversationId,
  type ConversationId,
  type Event,
  millis,
  type Millis,
  type Seq,
} from '@parley/protocol'
import { z } from 'zod'
import type { Archive } from './archive.ts'
import type { Source } from '../observable.ts'
import type { Clock } from '../ports.ts'
import { runsOf } from './ranges.ts'
import { faultOf, type Saving } from '../store/saving.ts'
import type { Range, Store } from '../store/store.ts'

const count = z.int().nonnegative()

/** What the last look through everything on the disk has found. */
export const audit = z.object({
  at: millis,
  /** Events that are there, can be read, and follow from each other. */
  checked: count,
  /** Events that were not, and were given up to be fetched again. */
  damaged: count,
})
export type Audit = z.infer<typeof audit>

const progress = z.object({
  last: audit.optional(),
  /** Under way: all conversations before this one, and of it all events up to `seq`, have been looked at. */
  run: z.object({ conversation: conversationId, seq: count, checked: count, damaged: count }).optional(),
})
type Progress = z.infer<typeof progress>

const RECORD = 'audit'
/** A page of the archive: what is damaged is given up by whole ones, because damage is rarely a single event's. */
const PAGE = 128
const DUE_AFTER: Millis = 7 * 24 * 3600_000
/** A start has better things to do. */
const BEGINS_AFTER: Millis = 60_000
/** While the history is being filled the disk is busy. */
const BUSY_RESTS: Millis = 10_000
/** How much longer it rests than a page takes, so that nobody feels it. */
const RESTS_TIMES = 4
const RESTS_AT_LEAST: Millis = 20
/** A device that was asleep meanwhile took no longer. */
const RESTS_AT_MOST: Millis = 5_000
const NOTED_EVERY = 50

export interface Auditing {
  /**
   * Looks at a stretch now, and gives up what is damaged of it: how many events. If there are any, all the rest is
   * looked at before its time.
   */
  mend(id: ConversationId, span: Range): Promise<number>
  close(): void
}

export interface AuditOptions {
  readonly archive: Archive
  readonly store: Store
  readonly saving: Saving
  readonly clock: Clock
  readonly isBusy: () => boolean
  readonly result: Pick<Source<Audit | undefined>, 'set'>
}

/**
 * Looks, page by page and in no hurry, whether what the ranges say is held really lies on the disk, can be read and
 * is chained. What does not is taken off the disk and out of the ranges, and comes again from the server: so "the
 * whole history is here" is a fact that was checked (R4, L7).
 */
export async function openAudit(options: AuditOptions): Promise<Auditing> {
  const { archive, store, saving, clock, isBusy, result } = options
  let state: Progress = {}
  let isClosed = false
  let cancel: () => void = () => undefined

  const save = (next: Progress) => {
    state = next
    void saving.run(() => store.putRecord(RECORD, next))
  }

  /** What the page before ended with, also if that page was given up since: the next one is checked by it. */
  let lastRead: { readonly id: ConversationId; readonly event: Event } | undefined
  const before = async (id: ConversationId, seq: Seq): Promise<Event | undefined> => {
    if (lastRead?.id === id && lastRead.event.seq === seq) return lastRead.event
    return seq < 1 ? undefined : (await store.readable(id, { from: seq, to: seq }))[0]
  }

  /** Whether a stretch within one page of the log is damaged; undefined when the disk does not answer. */
  const damageIn = async (id: ConversationId, span: Range): Promise<boolean | undefined> => {
    let found: readonly Event[]
    let previous: Event | undefined
    try {
      previous = await before(id, span.from - 1)
      found = await store.readable(id, span)
    } catch (error) {
      return faultOf(error) === 'corrupt' ? true : undefined
    }
    const last = found.at(-1)
    lastRead = last === undefined ? undefined : { id, event: last }
    const unsaved = new Set([...archive.unwritten()].flatMap(([of, events]) => (of === id ? events : [])))
    const waiting = [...unsaved].filter(({ seq }) => seq >= span.from && seq <= span.to).length
    if (found.length + waiting < span.to - span.from + 1) return true
    return runsOf(found).some((run) => {
      const follows = run[0]?.seq === span.from ? previous : undefined
      return archive.faultIn(id, follows, run) !== undefined
    })
  }

  /** Looks at the held part of one page. */
  const look = async (id: ConversationId, span: Range): Promise<{ checked: number; damaged: number }> => {
    let [checked, damaged] = [0, 0]
    for (const held of archive.ranges(id)) {
      const part = { from: Math.max(held.from, span.from), to: Math.min(held.to, span.to) }
      if (part.from > part.to) continue
      const size = part.to - part.from + 1
      const isDamaged = await damageIn(id, part)
      // Not while the log as a whole is in question: that is for the person to decide.
      if (isDamaged === undefined || archive.fault(id) !== undefined) continue
      if (!isDamaged) checked += size
      else if (await archive.drop(id, part)) damaged += size
    }
    return { checked, damaged }
  }

  const step = async () => {
    const run = state.run ?? { conversation: undefined, seq: 0, checked: 0, damaged: 0 }
    const ids = [...archive.known()].sort()
    const conversation = ids.find((id) => run.conversation === undefined || id >= run.conversation)
    if (conversation === undefined) {
      const last = { at: clock.now(), checked: run.checked, damaged: run.damaged }
      save({ last })
      result.set(last)
      return schedule()
    }
    const after = conversation === run.conversation ? run.seq : 0
    const from = archive.ranges(conversation).find(({ to }) => to > after)?.from
    const began = clock.now()
    if (from === undefined) {
      const next = ids.find((id) => id > conversation)
      if (next === undefined) state = { ...state, run: { ...run, conversation: END } }
      else state = { ...state, run: { ...run, conversation: next, seq: 0 } }
      return schedule(0)
    }
    const page = pageFrom(Math.max(from, after + 1))
    const { checked, damaged } = await look(conversation, page)
    const next = {
      conversation,
      seq: page.to,
      checked: run.checked + checked,
      damaged: run.damaged + damaged,
    }
    if ((page.to / PAGE) % NOTED_EVERY === 0) save({ ...state, run: next })
    else state = { ...state, run: next }
    schedule(Math.min(RESTS_AT_MOST, Math.max(RESTS_AT_LEAST, (clock.now() - began) * RESTS_TIMES)))
  }

  const schedule = (rest: Millis = BEGINS_AFTER) => {
    cancel()
    if (isClosed) return
    const wait = state.run === undefined ? Math.max(rest, untilDue(state.last, clock.now())) : rest
    cancel = clock.after(wait, () => {
      if (isBusy()) schedule(BUSY_RESTS)
      else void step()
    })
  }

  await saving.run(async () => {
    state = progress.catch({}).parse(await store.record(RECORD))
  })
  result.set(state.last)
  schedule()

  return {
    mend: async (id, span) => {
      let damaged = 0
      const to = Math.min(span.to, archive.tip(id)?.seq ?? 0)
      for (let seq: Seq = Math.max(1, span.from); seq <= to; seq = pageFrom(seq).to + 1)
        damaged += (await look(id, pageFrom(seq))).damaged
      if (damaged > 0 && state.run === undefined && !isClosed) {
        save({})
        schedule()
      }
      return damaged
    },
    close: () => {
      isClosed = true
      cancel()
    },
  }
}

/** Behind every id. */
const END = 'ffffffff-ffff-ffff-ffff-ffffffffffff' as ConversationId

/** The rest of the page that this event is in. */
const pageFrom = (from: Seq): Range => ({ from, to: Math.ceil(from / PAGE) * PAGE })

/** A clock that was turned back by years does not put it off by as many. */
const untilDue = (last: Audit | undefined, now: Millis): Millis =>
  last === undefined ? 0 : Math.min(DUE_AFTER, Math.max(0, last.at + DUE_AFTER - now))
