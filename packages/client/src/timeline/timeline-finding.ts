import {
  type ConversationId,
  type Event,
  type EventId,
  type Millis,
  type Seq,
  type UserId,
} from '@parley/protocol'
import type { Archive } from '../archive/archive.ts'
import { covers } from '../archive/ranges.ts'
import type { Range } from '../store/store.ts'

/** `unavailable`: it depends on what the device lacks, and the server cannot be asked now. */
export type Found = Seq | 'none' | 'unavailable'

export interface FindingOptions {
  readonly conversation: ConversationId
  readonly me: UserId
  readonly archive: Pick<Archive, 'ranges' | 'read' | 'eventById'>
  /** Brings a stretch to this device; false when it cannot be had now. */
  readonly fetch: (span: Range) => Promise<boolean>
  /** The newest event there is, as far as is known. */
  readonly lastSeq: () => Seq
}

/** Where in a log something is. All reject with a `StoreError`. */
export interface Finding {
  /** The first event at or after a moment. */
  atTime(at: Millis): Promise<Found>
  event(id: EventId): Promise<Found>
  /** The first message of others after a position. */
  unread(after: Seq): Promise<Found>
}

/** Stretches are looked through in pieces of this many events. */
const PIECE = 200
/** Who has so many events unread without a message among them is led to the first of them. */
const PIECES = 100
/** How far behind the moment that it was written an event that is not here is looked for. */
const LATE_PIECES = 5

export function openFinding({ conversation, me, archive, fetch, lastSeq }: FindingOptions): Finding {
  const piece = async (from: Seq, to: Seq): Promise<readonly Event[] | undefined> => {
    const isHere = () => covers(archive.ranges(conversation), { from, to })
    if (!isHere() && !((await fetch({ from, to })) && isHere())) return undefined
    return await archive.read(conversation, {
      after: from - 1,
      before: to + 1,
      limit: to - from + 1,
      from: 'oldest',
    })
  }
  const one = async (seq: Seq): Promise<Event | undefined> => (await piece(seq, seq))?.[0]

  const atTime: Finding['atTime'] = async (at) => {
    // Times never fall along the log (L5). First among what is here; then the server is asked about what is between.
    const held = archive.ranges(conversation)
    const isBefore = async (seq: Seq): Promise<boolean | undefined> => {
      const event = await one(seq)
      return event && event.at < at
    }
    let low = -1
    let high = held.reduce((sum, { from, to }) => sum + to - from + 1, 0)
    const end = high
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      const isEarlier = await isBefore(nth(held, middle))
      if (isEarlier === undefined) return 'unavailable'
      if (isEarlier) low = middle
      else high = middle
    }
    let before = low < 0 ? 0 : nth(held, low)
    let after = high === end ? lastSeq() + 1 : nth(held, high)
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2)
      const isEarlier = await isBefore(middle)
      if (isEarlier === undefined) return 'unavailable'
      if (isEarlier) before = middle
      else after = middle
    }
    return after > lastSeq() ? 'none' : after
  }

  return {
    atTime,
    event: async (id) => {
      const known = await archive.eventById(conversation, id)
      if (known !== undefined) return known.seq
      const writtenAt = timeOfId(id)
      // It was written then, by its sender's clock, and arrived then or later.
      const found = writtenAt === undefined ? 'unavailable' : await atTime(writtenAt)
      if (found === 'unavailable') return found
      const last = lastSeq()
      // Its sender's clock may be ahead of the server's.
      const start = found === 'none' ? last + 1 : found
      for (
        let n = 0, from = Math.max(1, start - PIECE);
        n < LATE_PIECES && from <= last;
        n += 1, from += PIECE
      ) {
        const events = await piece(from, Math.min(from + PIECE - 1, last))
        if (events === undefined) return 'unavailable'
        const event = events.find((each) => each.id === id)
        if (event !== undefined) return event.seq
      }
      return 'unavailable'
    },
    unread: async (after) => {
      const last = lastSeq()
      for (let n = 0, from = after + 1; n < PIECES && from <= last; n += 1, from += PIECE) {
        const events = await piece(from, Math.min(from + PIECE - 1, last))
        if (events === undefined) return 'unavailable'
        const first = events.find(({ type, author }) => type === 'message' && author !== me)
        if (first !== undefined) return first.seq
      }
      return after + PIECE * PIECES < last ? after + 1 : 'none'
    },
  }
}

/** When an id was made, if it is of the kind that says so (UUIDv7). */
const timeOfId = (id: EventId): Millis | undefined =>
  id.charAt(14) === '7' ? Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) : undefined

/** The event at a place, counted from 0, of those in these stretches. */
function nth(held: readonly Range[], place: number): Seq {
  let left = place
  for (const { from, to } of held) {
    if (left <= to - from) return from + left
    left -= to - from + 1
  }
  throw new Error('a place behind all stretches')
}
