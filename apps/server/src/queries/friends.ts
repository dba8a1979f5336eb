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

const STATUSES = ['PENDING', 'ACCEPTED', 'REJECTED'] as const

/**
 * Requests from and to `user`, newest first. One from somebody they have blocked is not among them:
 * to that person it just stays pending, which is all that a block shows (commands/friends.ts).
 */
export async function friendRequests(
  db: Db,
  user: UserId,
  { direction, status, id, with: other, before, limit }: RequestFilter,
): Promise<rest.FriendRequest[]> {
  const directions = direction === undefined ? (['incoming', 'outgoing'] as const) : [direction]
  const statuses = status === undefined ? STATUSES : [status]
  // Each direction and status by itself: that is what there are indexes for, and only so each stops at the limit.
  const each = directions.flatMap((way) =>
    statuses.map((is) => {
      const [mine, theirs] =
        way === 'incoming' ? [sql`to_user`, sql`from_user`] : [sql`from_user`, sql`to_user`]
      const isHidden = way === 'incoming' && is === 'PENDING'
      return sql`(
        SELECT * FROM friend_requests q WHERE q.${mine} = ${user} AND q.status = ${is}
          ${isHidden ? sql`AND NOT EXISTS (SELECT FROM blocks b WHERE b.blocker = ${user} AND b.blocked = q.from_user)` : sql``}
          ${id === undefined ? sql`` : sql`AND q.id = ${id}`}
          ${other === undefined ? sql`` : sql`AND q.${theirs} = ${other}`}
          ${before === undefined ? sql`` : sql`AND (q.created_at, q.id) < (${before.createdAt}, ${before.id})`}
        ORDER BY q.created_at DESC, q.id DESC LIMIT ${limit})`
    }),
  )
  const { rows } = await sql<RequestRow>`
    SELECT r.id, r.status, r.created_at, r.answered_at, r.from_user, r.to_user,
           f.username AS from_username, f.name AS from_name, f.avatar AS from_avatar,
           t.username AS to_username, t.name AS to_name, t.avatar AS to_avatar
    FROM (SELECT * FROM (${sql.join(each, sql` UNION ALL `)}) few ORDER BY created_at DESC, id DESC LIMIT ${limit}) r
    JOIN users f ON f.id = r.from_user JOIN users t ON t.id = r.to_user
    ORDER BY r.created_at DESC, r.id DESC`.execute(db)
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
