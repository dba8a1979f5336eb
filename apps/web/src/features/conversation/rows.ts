import type { MessageItem, NoticeItem, TimelineItem } from '@parley/client'
import type { EventId, Millis, Seq, UserId } from '@parley/protocol'
import { foldOf, isWorthALine } from './notice-words.ts'

/** One line of the timeline: an item and what its neighbours make of it. */
export interface Row {
  /** Where a line tells of several notices, the first of them. */
  readonly item: TimelineItem
  /** What a quiet line tells of: changes of the same kind that came one after the other are one line. */
  readonly notices: readonly NoticeItem[]
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
  const lines = fold(all.filter((item) => item.kind === 'message' || isWorthALine(item.event)))
  const items = lines.map(([item]) => item)
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
  return lines.map((line, i) => ({
    item: line[0],
    notices: line.filter((item) => item.kind === 'notice'),
    day: days[i],
    startsUnread: line[0] === firstUnread,
    startsRun: breaks[i] ?? true,
    endsRun: breaks[i + 1] ?? true,
  }))
}

type Line = [TimelineItem, ...TimelineItem[]]

/** "Ana added Ben", "Ana added Cleo" is one line, as long as nothing else is between them. */
function fold(items: readonly TimelineItem[]): readonly Line[] {
  const lines: Line[] = []
  for (const item of items) {
    const line = lines.at(-1)
    if (line !== undefined && foldsInto(line[0], item)) line.push(item)
    else lines.push([item])
  }
  return lines
}

function foldsInto(first: TimelineItem, item: TimelineItem): boolean {
  if (first.kind !== 'notice' || item.kind !== 'notice') return false
  const kind = foldOf(first.event)
  return kind !== undefined && kind === foldOf(item.event) && dayOf(first.place.at) === dayOf(item.place.at)
}

/** A row that says what the other one says. */
export const saysTheSame = (a: Row, b: Row): boolean =>
  a.item === b.item &&
  a.day === b.day &&
  a.startsUnread === b.startsUnread &&
  a.startsRun === b.startsRun &&
  a.endsRun === b.endsRun &&
  a.notices.length === b.notices.length

export const timeOf = (item: TimelineItem): Millis =>
  item.place.state === 'said' ? item.place.at : item.kind === 'message' ? item.writtenAt : 0

export const seqOf = (item: TimelineItem): Seq | undefined =>
  item.place.state === 'said' ? item.place.seq : undefined

const dayOf = (at: Millis): Millis => new Date(at).setHours(0, 0, 0, 0)

/** Own messages and changes of the conversation are no news. */
export function isNewTo({ self, unreadAfter }: RowContext, item: TimelineItem): boolean {
  if (unreadAfter === undefined || item.kind !== 'message' || item.author === self) return false
  return item.place.state === 'said' && item.place.seq > unreadAfter
}

/** Somebody else wrote this person's name into it, or everyone's. */
export const isMentioned = ({ author, mentions }: MessageItem, self: UserId): boolean =>
  author !== self && (mentions.includes(self) || mentions.includes('everyone'))

function continues(before: TimelineItem | undefined, item: TimelineItem): boolean {
  if (before?.kind !== 'message' || item.kind !== 'message') return false
  return before.author === item.author && timeOf(item) - timeOf(before) < RUN_PAUSE
}

/** How far off the sender's clock may be before it is worth mentioning. */
const CLOCK_SLACK: Millis = 2 * 60_000

/** Written long before it arrived: said offline. */
export const arrivedLate = ({ place, writtenAt }: MessageItem): boolean =>
  place.state === 'said' && place.at - writtenAt > CLOCK_SLACK

/** The newest event that a row shows. */
export const lastSeqOf = ({ item, notices }: Row): Seq | undefined => notices.at(-1)?.place.seq ?? seqOf(item)

export const indexOfSeq = (rows: readonly Row[], seq: Seq): number =>
  rows.findIndex((row) => (lastSeqOf(row) ?? Number.POSITIVE_INFINITY) >= seq)

export const indexOfId = (rows: readonly Row[], id: EventId): number =>
  rows.findIndex(({ item, notices }) => item.id === id || notices.some((notice) => notice.id === id))
