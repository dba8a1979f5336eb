import { type ConversationId, rest, type Seq, type UserId } from '@parley/protocol'
import type { Archive } from './archive.ts'
import { covers } from './ranges.ts'
import { faultOf } from '../store/saving.ts'
import { countOnto, emptyTally, type Tally } from './tally.ts'

const CHUNK = 1000

export interface Tallies {
  /** The newest count; undefined while the archive lacks a part of what is unread. */
  get(id: ConversationId): Tally | undefined
  /** The read position moved, or the archive changed: counts again if need be. */
  review(id: ConversationId): void
}

/** Keeps what is unread counted, from the archive and the read position alone (R2). */
export function openTallies(
  archive: Archive,
  me: UserId,
  readSeq: (id: ConversationId) => Seq,
  changed: (id: ConversationId) => void,
): Tallies {
  const tallies = new Map<ConversationId, Tally>()
  const counting = new Set<ConversationId>()
  const tipSeq = (id: ConversationId) => archive.tip(id)?.seq ?? 0
  const isCurrent = (id: ConversationId): boolean => {
    const tally = tallies.get(id)
    return tally !== undefined && tally.after === readSeq(id) && tally.upTo >= tipSeq(id)
  }

  const count = async (id: ConversationId): Promise<void> => {
    if (counting.has(id)) return
    counting.add(id)
    try {
      // Never before `review` has returned: its caller may still be setting itself up.
      await Promise.resolve()
      // What arrives or is read while counting makes it go round once more.
      while (!isCurrent(id)) {
        const [after, tip] = [readSeq(id), tipSeq(id)]
        if (!covers(archive.ranges(id), { from: after + 1, to: tip })) {
          tallies.delete(id)
          return
        }
        let tally = emptyTally(after)
        while (tally.upTo < tip && tally.unread < rest.COUNT_LIMIT) {
          const events = await archive.read(id, { after: tally.upTo, limit: CHUNK, from: 'oldest' })
          if (events.length === 0) break
          tally = countOnto(tally, events, me)
        }
        // Past the limit nobody counts on: it is shown as "more".
        tallies.set(id, { ...tally, upTo: Math.max(tally.upTo, tip) })
        changed(id)
      }
    } catch (error) {
      // The archive has said which fault it is; without a count the server's stands in.
      faultOf(error)
      tallies.delete(id)
    } finally {
      counting.delete(id)
    }
  }

  archive.subscribe(({ conversation: id, events, isNewest, cutAfter }) => {
    if (cutAfter !== undefined) tallies.delete(id)
    const tally = tallies.get(id)
    if (isNewest && tally !== undefined && events[0]?.seq === tally.upTo + 1)
      tallies.set(id, countOnto(tally, events, me))
  })

  return {
    get: (id) => tallies.get(id),
    review: (id) => {
      if (!isCurrent(id)) void count(id)
    },
  }
}
