import { notificationId, type NotificationId, rest, unreachable } from '@parley/protocol'
import { z } from 'zod'

/** What the device knows of what waits for this person. */
export const notificationState = z.object({
  /** As the server last said; ascending by id, which is by time. */
  waiting: z.array(rest.notification).readonly(),
  /** Seen here, and the server has not been told yet. */
  seen: z.array(notificationId).readonly(),
  /** Gone for good: a late word of the server must not bring them back. The latest last. */
  gone: z.array(notificationId).readonly(),
})
export type NotificationState = z.infer<typeof notificationState>

export const NO_NOTIFICATIONS: NotificationState = { waiting: [], seen: [], gone: [] }

/** What tabs tell each other, and what the disk is changed by. */
export const notificationChange = z.discriminatedUnion('is', [
  z.object({ is: z.literal('told'), notification: rest.notification }),
  /** The server's whole list. `since`: told by a word while it was asked for, and perhaps not in it. */
  z.object({
    is: z.literal('listed'),
    notifications: z.array(rest.notification).readonly(),
    since: z.array(notificationId).readonly(),
  }),
  z.object({ is: z.literal('seen'), ids: z.array(notificationId).readonly() }),
  /** The server has taken back, or has been told that they were seen. */
  z.object({ is: z.literal('gone'), ids: z.array(notificationId).readonly() }),
  /** All that another tab knows. */
  z.object({ is: z.literal('whole'), state: notificationState }),
])
export type NotificationChange = z.infer<typeof notificationChange>

/** A word of the server's overtakes another by seconds at most: of so many that are gone it is remembered. */
const REMEMBERED = 1_000

/**
 * The state after a change. An id that is gone never comes back, and what was seen here stays seen until it is gone:
 * so it makes no difference in which order words, answers, tabs and this person come. Nothing new: the same object.
 */
export function afterChange(before: NotificationState, change: NotificationChange): NotificationState {
  switch (change.is) {
    case 'told': {
      const { notification } = change
      const isKnown = before.waiting.some(({ id }) => id === notification.id)
      if (isKnown || before.gone.includes(notification.id)) return before
      return { ...before, waiting: joined(before.waiting, [notification]) }
    }
    case 'listed': {
      const [gone, since] = [new Set(before.gone), new Set(change.since)]
      const waiting = joined(
        before.waiting.filter(({ id }) => since.has(id)),
        change.notifications.filter(({ id }) => !gone.has(id)),
      )
      const isSame =
        waiting.length === before.waiting.length &&
        waiting.every(({ id }, index) => id === before.waiting[index]?.id)
      return isSame ? before : { ...before, waiting }
    }
    case 'seen':
      return withSeen(before, change.ids)
    case 'gone':
      return withGone(before, change.ids)
    case 'whole': {
      const { waiting, seen, gone } = change.state
      return withSeen(withGone({ ...before, waiting }, [...before.gone, ...gone]), seen)
    }
    default:
      return unreachable(change)
  }
}

function withSeen(before: NotificationState, ids: readonly NotificationId[]): NotificationState {
  const known = new Set([...before.seen, ...before.gone])
  const fresh = ids.filter((id) => !known.has(id))
  return fresh.length === 0 ? before : { ...before, seen: [...before.seen, ...fresh] }
}

function withGone(before: NotificationState, ids: readonly NotificationId[]): NotificationState {
  const gone = new Set([...before.gone, ...ids])
  if (gone.size === before.gone.length) return before
  return {
    waiting: before.waiting.filter(({ id }) => !gone.has(id)),
    seen: before.seen.filter((id) => !gone.has(id)),
    gone: [...gone].slice(-REMEMBERED),
  }
}

function joined(
  one: readonly rest.Notification[],
  other: readonly rest.Notification[],
): readonly rest.Notification[] {
  const byId = new Map([...one, ...other].map((each) => [each.id, each]))
  return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** What this person has still to see. */
export function visible(
  { waiting, seen }: NotificationState,
  isDone: (notification: rest.Notification) => boolean,
): readonly rest.Notification[] {
  const done = new Set(seen)
  return waiting.filter((each) => !done.has(each.id) && !isDone(each))
}
