import type { Event, Seq, UserId } from '@parley/protocol'

/** What is unread after a position, up to and including an event. */
export interface Tally {
  readonly after: Seq
  readonly upTo: Seq
  /** Messages of others. */
  readonly unread: number
  /** Those of them that mention the person or everyone. */
  readonly mentions: number
}

/** Counts further events onto a tally: a function of the log and the read position alone (R2). */
export function countOnto(tally: Tally, events: readonly Event[], me: UserId): Tally {
  let { upTo, unread, mentions } = tally
  for (const event of events) {
    if (event.seq <= upTo) continue
    upTo = event.seq
    if (event.type !== 'message' || event.author === me) continue
    unread += 1
    if (event.mentions?.some((mention) => mention === me || mention === 'everyone')) mentions += 1
  }
  return { after: tally.after, upTo, unread, mentions }
}

export const emptyTally = (after: Seq): Tally => ({ after, upTo: after, unread: 0, mentions: 0 })
