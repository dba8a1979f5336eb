import {
  type ConversationId,
  conversationId,
  type Millis,
  rest,
  type Seq,
  type UserId,
} from '@parley/protocol'
import { z } from 'zod'
import type { Clock } from '../ports.ts'
import { faultOf, type Saving } from '../store/saving.ts'
import type { Store } from '../store/store.ts'
import type { Archive } from './archive.ts'
import { covers } from './ranges.ts'
import { countOnto, emptyTally, type Tally } from './tally.ts'

const CHUNK = 1000

/** What is counted meanwhile is counted on from what was written. */
const WRITE_AFTER: Millis = 5_000
const RECORD = 'tallies'

/** Where the read position stood, how far was counted, and what was found. */
const count = z.int().nonnegative()
const stored = z.record(conversationId, z.tuple([count, count, count, count]))
type Entries = [ConversationId, readonly [Seq, Seq, number, number]][]

export interface Tallies {
  /** The newest count; undefined while the archive lacks a part of what is unread. */
  get(id: ConversationId): Tally | undefined
  /** The read position moved, or the archive changed: counts again if need be. */
  review(id: ConversationId): void
  close(): void
}

export interface TalliesOptions {
  readonly archive: Archive
  readonly me: UserId
  readonly readSeq: (id: ConversationId) => Seq
  readonly changed: (id: ConversationId) => void
  readonly store: Store
  readonly saving: Saving
  readonly clock: Clock
  readonly firstShown: Promise<unknown> | undefined
}

/**
 * Keeps what is unread counted, from the archive and the read position alone (R2). What was counted is remembered:
 * a start with a hundred thousand unread messages reads none of them again.
 */
export async function openTallies(options: TalliesOptions): Promise<Tallies> {
  const { archive, me, readSeq, changed, store, saving, clock, firstShown = Promise.resolve() } = options
  const remembered = stored.catch({}).parse(await saving.reads(() => store.record(RECORD)))
  const tallies = new Map<ConversationId, Tally>()
  const tipSeq = (id: ConversationId) => archive.tip(id)?.seq ?? 0
  for (const [id, [after, upTo, unread, mentions]] of Object.entries(remembered) as unknown as Entries) {
    // Counted further than the log goes: it was cut, and this could not be told any more.
    if (upTo <= tipSeq(id)) tallies.set(id, { after, upTo, unread, mentions })
  }

  let cancelWrite: (() => void) | undefined
  const write = () => {
    cancelWrite?.()
    cancelWrite = undefined
    const each = [...tallies].map(([id, { after, upTo, unread, mentions }]) => [
      id,
      [after, upTo, unread, mentions],
    ])
    void saving.run(() => store.putRecord(RECORD, Object.fromEntries(each)))
  }
  const set = (id: ConversationId, tally: Tally) => {
    tallies.set(id, tally)
    cancelWrite ??= clock.after(WRITE_AFTER, write)
  }
  /** At once: what was counted is of another log than the one that will be there. */
  const remove = (id: ConversationId) => {
    if (tallies.delete(id)) write()
  }

  const counting = new Set<ConversationId>()
  const isCurrent = (id: ConversationId): boolean => {
    const tally = tallies.get(id)
    return tally !== undefined && tally.after === readSeq(id) && tally.upTo >= tipSeq(id)
  }

  const recount = async (id: ConversationId): Promise<void> => {
    if (counting.has(id)) return
    counting.add(id)
    try {
      // Never before `review` has returned: its caller may still be setting itself up.
      await firstShown
      // What arrives or is read while counting makes it go round once more.
      while (!isCurrent(id)) {
        const [after, tip] = [readSeq(id), tipSeq(id)]
        const before = tallies.get(id)
        let tally = before?.after === after ? before : emptyTally(after)
        if (!covers(archive.ranges(id), { from: tally.upTo + 1, to: tip })) return remove(id)
        while (tally.upTo < tip && tally.unread < rest.COUNT_LIMIT) {
          const events = await archive.read(id, { after: tally.upTo, limit: CHUNK, from: 'oldest' })
          if (events.length === 0) break
          tally = countOnto(tally, events, me)
        }
        // Past the limit nobody counts on: it is shown as "more".
        set(id, { ...tally, upTo: Math.max(tally.upTo, tip) })
        changed(id)
      }
    } catch (error) {
      // The archive has said which fault it is; without a count the server's stands in.
      faultOf(error)
      remove(id)
    } finally {
      counting.delete(id)
    }
  }

  archive.subscribe(({ conversation: id, events, isNewest, cutAfter }) => {
    if (cutAfter !== undefined) remove(id)
    const tally = tallies.get(id)
    if (isNewest && tally !== undefined && events[0]?.seq === tally.upTo + 1)
      set(id, countOnto(tally, events, me))
  })

  return {
    get: (id) => tallies.get(id),
    review: (id) => {
      if (!isCurrent(id)) void recount(id)
    },
    close: () => {
      if (cancelWrite !== undefined) write()
    },
  }
}
