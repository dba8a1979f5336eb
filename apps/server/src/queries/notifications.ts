import type {
  ConversationId,
  EventId,
  FriendRequestId,
  Millis,
  NotificationId,
  rest,
  Seq,
  UserId,
} from '@parley/protocol'
import { CompiledQuery, sql } from 'kysely'
import { type Notice, type Notified, toNoticeJson } from '../notifications/notice.ts'
import { NOTIFICATION_COLUMNS, notifyCtes } from '../notifications/notify-statement.ts'
import type { Db } from './db.ts'

export interface NotificationRow {
  id: NotificationId
  user_id: UserId
  kind: rest.NotificationKind
  conversation: ConversationId | null
  seq: Seq | null
  event_id: EventId | null
  request_id: FriendRequestId | null
  actor: UserId
  created_at: Millis
}

const toNotification = (row: NotificationRow): rest.Notification => ({
  id: row.id,
  kind: row.kind,
  actor: row.actor,
  at: row.created_at,
  ...(row.conversation !== null && { conversation: row.conversation }),
  ...(row.seq !== null && { seq: row.seq }),
  ...(row.event_id !== null && { event: row.event_id }),
  ...(row.request_id !== null && { request: row.request_id }),
})

export const toNotified = (row: NotificationRow): Notified => ({
  user: row.user_id,
  notification: toNotification(row),
})

/** Leaves notifications for those of the notices' users who are not there; answers whom, and what. */
export async function notify(
  db: Db,
  notices: readonly Notice[],
  presentSince: Millis,
  transports: readonly string[],
): Promise<Notified[]> {
  if (notices.length === 0) return []
  const parts = { notices: '$1', presentSince: '$2', transports: '$3' }
  const { rows } = await db.executeQuery<NotificationRow>(
    CompiledQuery.raw(`WITH ${notifyCtes(parts)} SELECT * FROM notified`, [
      toNoticeJson(notices),
      presentSince,
      transports,
    ]),
  )
  return rows.map(toNotified)
}

/** What waits for `user`, oldest first; a page of at most `limit` beyond `after`. */
export async function waitingNotifications(
  db: Db,
  user: UserId,
  limit: number,
  after?: NotificationId,
): Promise<rest.Notification[]> {
  const { rows } = await sql<NotificationRow>`
    SELECT ${sql.raw(NOTIFICATION_COLUMNS)} FROM notifications
    WHERE user_id = ${user} ${after === undefined ? sql`` : sql`AND id > ${after}`}
    ORDER BY id LIMIT ${limit}`.execute(db)
  return rows.map(toNotification)
}

/** Which of a person's notifications have been seen. */
export type Seen = { readonly id: NotificationId } | { readonly upTo: NotificationId }

/** Deletes what `user` has seen; answers which those were. */
export async function acknowledge(db: Db, user: UserId, seen: Seen): Promise<NotificationId[]> {
  const rows = await db
    .deleteFrom('notifications')
    .where('user_id', '=', user)
    .where('id', 'id' in seen ? '=' : '<=', 'id' in seen ? seen.id : seen.upTo)
    .returning('id')
    .execute()
  return rows.map((row) => row.id)
}

/** Takes back that somebody was asked; answers from whom. */
export async function withdrawRequests(
  db: Db,
  requests: readonly FriendRequestId[],
): Promise<{ id: NotificationId; user: UserId }[]> {
  if (requests.length === 0) return []
  return db
    .deleteFrom('notifications')
    .where('request_id', 'in', requests)
    .where('kind', '=', 'friend_request')
    .returning(['id', 'user_id as user'])
    .execute()
}
