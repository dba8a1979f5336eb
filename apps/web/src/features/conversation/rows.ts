import type { MessageItem, TimelineItem } from '@parley/client'
import type { EventId, Millis, Seq, UserId } from '@parley/protocol'
import { isWorthALine } from './notice-words.ts'

/** One line of the timeline: an item and what its neighbours make of it. */
export interface Row {
  readonly item: TimelineItem
  /** When a day begins with this row: a moment of that day. */
  readonly day: Millis | undefined
  /** The first thing the person has not seen. */
  readonly startsUnread: boolean
  /** The first and the last of an author's run; both for a message that stands alone. */
  readonly startsRun: boolean
  readonly endsRun: boolean
}

/** A pause longer than this ends an author's run. */
const RUN_PAUSE: Millis = 5 * 60_000

export interface RowContext {
  readonly self: UserId
  /** Events after this one are new to the person; undefined: no line is wanted. */
  readonly unreadAfter: Seq | undefined
}

/** Arranges items by day and by author run. Pure: the same items give the same rows. */
export function arrange(all: readonly TimelineItem[], context: RowContext): readonly Row[] {
  const items = all.filter((item) => item.kind === 'message' || isWorthALine(item.event))
  const firstUnread = items.find((item) => isNewTo(context, item))
  const breaks: boolean[] = []
  const days: (Millis | undefined)[] = []
  let day = Number.NEGATIVE_INFINITY
  items.forEach((item, i) => {
    // Pending items carry the device's own clock: a day never begins again because that one is slow.
    const at = timeOf(item)
    const isNewDay = dayOf(at) > day
    if (isNewDay) day = dayOf(at)
    days.push(isNewDay ? at : undefined)
    breaks.push(isNewDay || item === firstUnread || !continues(items[i - 1], item))
  })
  return items.map((item, i) => ({
    item,
    day: days[i],
    startsUnread: item === firstUnread,
    startsRun: breaks[i] ?? true,
    endsRun: breaks[i + 1] ?? true,
  }))
}

export const timeOf = (item: TimelineItem): Millis =>
  item.place.state === 'said' ? item.place.at : item.kind === 'message' ? item.writtenAt : 0

export const seqOf = (item: TimelineItem): Seq | undefined =>
  item.place.state === 'said' ? item.place.seq : undefined

const dayOf = (at: Millis): Millis => new Date(at).setHours(0, 0, 0, 0)

/** Own messages and changes of the conversation are no news. */
function isNewTo({ self, unreadAfter }: RowContext, item: TimelineItem): boolean {
  if (unreadAfter === undefined || item.kind !== 'message' || item.author === self) return false
  return item.place.state === 'said' && item.place.seq > unreadAfter
}

function continues(before: TimelineItem | undefined, item: TimelineItem): boolean {
  if (before?.kind !== 'message' || item.kind !== 'message') return false
  return before.author === item.author && timeOf(item) - timeOf(before) < RUN_PAUSE
}

/** How far off the sender's clock may be before it is worth mentioning. */
const CLOCK_SLACK: Millis = 2 * 60_000

/** Written long before it arrived: said offline. */
export const arrivedLate = ({ place, writtenAt }: MessageItem): boolean =>
  place.state === 'said' && place.at - writtenAt > CLOCK_SLACK

export const indexOfSeq = (rows: readonly Row[], seq: Seq): number =>
  rows.findIndex(({ item }) => (seqOf(item) ?? Number.POSITIVE_INFINITY) >= seq)

export const indexOfId = (rows: readonly Row[], id: EventId): number =>
  rows.findIndex(({ item }) => item.id === id)
