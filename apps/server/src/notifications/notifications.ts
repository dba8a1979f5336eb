import type { FriendRequestId, Millis, NotificationId, rest, UserId } from '@parley/protocol'
import { presentSince } from '../presence/expiry.ts'
import type { Db } from '../queries/db.ts'
import {
  acknowledge,
  notify,
  type Seen,
  waitingNotifications,
  withdrawRequests,
} from '../queries/notifications.ts'
import { missedNotices } from './missed.ts'
import type { Notice, Notified } from './notice.ts'

/** What changed of what waits for people. */
export type Change =
  | { readonly is: 'notified'; readonly notified: readonly Notified[] }
  | { readonly is: 'withdrawn'; readonly user: UserId; readonly notifications: readonly NotificationId[] }

export interface Notifications {
  /** What waits for somebody, oldest first: at most `limit` beyond `after`. */
  waiting(user: UserId, limit: number, after?: NotificationId): Promise<rest.Notification[]>
  /** Deletes what its owner has seen. */
  acknowledge(user: UserId, seen: Seen): Promise<void>
  /** Leaves notifications in the transaction that causes them; to be {@link announce}d after COMMIT. */
  leave(tx: Db, notices: readonly Notice[]): Promise<Change>
  /** In the transaction that answers or withdraws these friend requests: nobody need be told of them any more. */
  withdrawRequests(tx: Db, requests: readonly FriendRequestId[]): Promise<Change[]>
  /** Makes up for what was said about somebody after they were last heard of. */
  leaveMissed(user: UserId, since: Millis): Promise<void>
  /** Tells whoever listens that the change is committed. */
  announce(change: Change): void
  /** Calls `listener` after each change is committed; answers how to stop. */
  onChange(listener: (change: Change) => void): () => void
}

export interface NotificationsOptions {
  readonly db: Db
  readonly now: () => Millis
  /** What notifications are sent over, beside waiting. */
  readonly transports: readonly string[]
}

/**
 * What happened to people while they were away, kept until they have seen it. Those of events are
 * written by the append itself (log/append-statement.ts); here are the others, and their end.
 */
export function createNotifications({ db, now, transports }: NotificationsOptions): Notifications {
  const listeners = new Set<(change: Change) => void>()
  const announce = (change: Change): void => {
    const isNothing = (change.is === 'notified' ? change.notified : change.notifications).length === 0
    if (!isNothing) for (const listener of listeners) listener(change)
  }
  const leave = async (tx: Db, notices: readonly Notice[]): Promise<Change> => ({
    is: 'notified',
    notified: await notify(tx, notices, presentSince(now()), transports),
  })
  return {
    waiting: (user, limit, after) => waitingNotifications(db, user, limit, after),
    async acknowledge(user, seen) {
      announce({ is: 'withdrawn', user, notifications: await acknowledge(db, user, seen) })
    },
    leave,
    async withdrawRequests(tx, requests) {
      const withdrawn = Map.groupBy(await withdrawRequests(tx, requests), ({ user }) => user)
      return [...withdrawn].map(([user, own]) => ({
        is: 'withdrawn',
        user,
        notifications: own.map(({ id }) => id),
      }))
    },
    async leaveMissed(user, since) {
      announce(await leave(db, await missedNotices(db, user, since)))
    },
    announce,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
