import type { FriendRequestId, Millis, rest, UserId } from '@parley/protocol'
import { sql } from 'kysely'
import type { Db } from './db.ts'
import { LAST_ACTIVE, toUser, type UserRow } from './users.ts'

export async function friendsOf(db: Db, user: UserId): Promise<rest.Friend[]> {
  const { rows } = await sql<UserRow & { since: Millis }>`
    SELECT u.id, u.username, u.name, u.avatar, ${LAST_ACTIVE} AS last_active_at, f.since
    FROM (SELECT user_b AS friend, since FROM friendships WHERE user_a = ${user}
          UNION ALL
          SELECT user_a, since FROM friendships WHERE user_b = ${user}) f
    JOIN users u ON u.id = f.friend
    ORDER BY u.name_key, u.id`.execute(db)
  return rows.map((row) => ({ ...toUser(row), since: row.since }))
}

export interface BlockListing {
  readonly user: rest.User
  readonly at: Millis
}

/** Whom `blocker` has blocked: all, or only whether it is `user`. */
export async function blocksOf(db: Db, blocker: UserId, user?: UserId): Promise<BlockListing[]> {
  const { rows } = await sql<UserRow & { at: Millis }>`
    SELECT u.id, u.username, u.name, u.avatar, NULL AS last_active_at, b.at
    FROM blocks b JOIN users u ON u.id = b.blocked
    WHERE b.blocker = ${blocker} ${user === undefined ? sql`` : sql`AND b.blocked = ${user}`}
    ORDER BY u.name_key, u.id`.execute(db)
  return rows.map((row) => ({ user: toUser(row), at: row.at }))
}

interface RequestRow {
  id: FriendRequestId
  status: rest.FriendRequest['status']
  created_at: Millis
  answered_at: Millis | null
  from_user: UserId
  to_user: UserId
  from_username: string | null
  from_name: string
  from_avatar: string | null
  to_username: string | null
  to_name: string
  to_avatar: string | null
}

export interface RequestFilter {
  readonly direction?: 'incoming' | 'outgoing' | undefined
  readonly status?: rest.FriendRequest['status'] | undefined
  readonly id?: FriendRequestId
  /** The other person. */
  readonly with?: UserId
  readonly before?: { readonly createdAt: Millis; readonly id: FriendRequestId } | undefined
  readonly limit: number
}

/**
 * Requests from and to `user`, newest first. One from somebody they have blocked is not among them:
 * to that person it just stays pending, which is all that a block shows (commands/friends.ts).
 */
export async function friendRequests(
  db: Db,
  user: UserId,
  filter: RequestFilter,
): Promise<rest.FriendRequest[]> {
  const outgoing = sql`r.from_user = ${user}`
  const incoming = sql`r.to_user = ${user} AND NOT (r.status = 'PENDING' AND EXISTS (
    SELECT FROM blocks b WHERE b.blocker = ${user} AND b.blocked = r.from_user))`
  const mine =
    filter.direction === 'outgoing'
      ? outgoing
      : filter.direction === 'incoming'
        ? incoming
        : sql`(${outgoing} OR (${incoming}))`
  const { rows } = await sql<RequestRow>`
    SELECT r.id, r.status, r.created_at, r.answered_at, r.from_user, r.to_user,
           f.username AS from_username, f.name AS from_name, f.avatar AS from_avatar,
           t.username AS to_username, t.name AS to_name, t.avatar AS to_avatar
    FROM friend_requests r JOIN users f ON f.id = r.from_user JOIN users t ON t.id = r.to_user
    WHERE ${mine}
      ${filter.status === undefined ? sql`` : sql`AND r.status = ${filter.status}`}
      ${filter.id === undefined ? sql`` : sql`AND r.id = ${filter.id}`}
      ${filter.with === undefined ? sql`` : sql`AND ${filter.with} IN (r.from_user, r.to_user)`}
      ${filter.before === undefined ? sql`` : sql`AND (r.created_at, r.id) < (${filter.before.createdAt}, ${filter.before.id})`}
    ORDER BY r.created_at DESC, r.id DESC LIMIT ${filter.limit}`.execute(db)
  return rows.map(toRequest)
}

const toRequest = (row: RequestRow): rest.FriendRequest => ({
  id: row.id,
  from: toUser({
    id: row.from_user,
    username: row.from_username,
    name: row.from_name,
    avatar: row.from_avatar,
    last_active_at: null,
  }),
  to: toUser({
    id: row.to_user,
    username: row.to_username,
    name: row.to_name,
    avatar: row.to_avatar,
    last_active_at: null,
  }),
  status: row.status,
  createdAt: row.created_at,
  ...(row.answered_at !== null && { answeredAt: row.answered_at }),
})
