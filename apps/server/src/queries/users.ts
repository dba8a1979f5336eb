import type { rest, UserId } from '@parley/protocol'
import { sql } from 'kysely'
import type { Db } from './db.ts'

export const DELETED_USER_NAME = 'Deleted user'

export interface UserRow {
  id: UserId
  username: string | null
  name: string
  avatar: string | null
  last_active_at: number | null
}

/** A person as others see them; what a deleted one leaves behind has no username. */
export const toUser = (row: UserRow): rest.User => ({
  id: row.id,
  username: row.username ?? '',
  name: row.name,
  ...(row.avatar !== null && { avatar: row.avatar }),
  ...(row.username === null && { deleted: true }),
  ...(row.last_active_at !== null && { lastActiveAt: row.last_active_at }),
})

/**
 * When somebody was last here, of a table `users u`: when they left, or with a connection still open
 * when it was last heard from, which the database knows to the heartbeat (presence/).
 */
export const LAST_ACTIVE = sql`
  GREATEST(u.last_active_at, (SELECT max(a.heartbeat_at) FROM active_connections a WHERE a.user_id = u.id))`

/**
 * When somebody was last there is for who sees them come and go (presence/circles.ts): their friends
 * and those they share a direct or group conversation with, unless one has blocked the other.
 */
const publicColumns = (viewer: UserId) => sql`
  u.id, u.username, u.name, u.avatar,
  CASE WHEN u.id = ${viewer}
    -- Not EXISTS: for many people at once that might come to reading all friendships there are.
    OR (SELECT true FROM friendships f
        WHERE f.user_a = LEAST(u.id, ${viewer}::uuid) AND f.user_b = GREATEST(u.id, ${viewer}::uuid))
    OR (EXISTS (SELECT FROM participants mine
                JOIN participants theirs ON theirs.conversation = mine.conversation AND theirs.user_id = u.id
                JOIN conversations c ON c.id = mine.conversation
                WHERE mine.user_id = ${viewer} AND c.kind <> 'channel')
        AND NOT EXISTS (SELECT FROM blocks b WHERE b.blocker = ${viewer} AND b.blocked = u.id)
        AND NOT EXISTS (SELECT FROM blocks b WHERE b.blocker = u.id AND b.blocked = ${viewer}))
  THEN ${LAST_ACTIVE} END AS last_active_at`

export async function usersByIds(db: Db, viewer: UserId, ids: readonly UserId[]): Promise<rest.User[]> {
  const { rows } = await sql<UserRow>`
    SELECT ${publicColumns(viewer)} FROM users u WHERE u.id = ANY (${ids}::uuid[]) ORDER BY u.id`.execute(db)
  return rows.map(toUser)
}

export async function userByEmail(
  db: Db,
  viewer: UserId,
  email: string,
): Promise<(rest.User & { email: string }) | undefined> {
  const { rows } = await sql<UserRow & { email: string }>`
    SELECT ${publicColumns(viewer)}, u.email FROM users u
    WHERE lower(u.email) = lower(${email}) AND u.deleted_at IS NULL`.execute(db)
  const [row] = rows
  return row && { ...toUser(row), email: row.email }
}

/**
 * People whose username or name begins with `text`, whatever its case and accents; usernames first.
 * Each half stops at its index's first rows, in the index's order: an OR over both would read every match.
 */
export async function searchUsers(db: Db, viewer: UserId, text: string, limit: number): Promise<rest.User[]> {
  const { rows } = await sql<UserRow>`
    SELECT ${publicColumns(viewer)} FROM (
      SELECT id, min(rank) AS rank FROM (
        (SELECT id, 0 AS rank FROM users
         WHERE username ^@ fold_name(${text}) AND deleted_at IS NULL ORDER BY username USING ~<~ LIMIT ${limit})
        UNION ALL
        (SELECT id, 1 FROM users
         WHERE name_key ^@ fold_name(${text}) AND deleted_at IS NULL ORDER BY name_key, id LIMIT ${limit})
      ) found GROUP BY id
    ) matches JOIN users u ON u.id = matches.id
    ORDER BY matches.rank, u.username LIMIT ${limit}`.execute(db)
  return rows.map(toUser)
}

export async function ownProfile(db: Db, user: UserId): Promise<rest.Me | undefined> {
  const { rows } = await sql<UserRow & { email: string }>`
    SELECT u.id, u.username, u.name, u.avatar, ${LAST_ACTIVE} AS last_active_at, u.email FROM users u
    WHERE u.id = ${user} AND u.deleted_at IS NULL`.execute(db)
  const [row] = rows
  return row && { ...toUser(row), email: row.email }
}

export async function isAdmin(db: Db, user: UserId): Promise<boolean> {
  const row = await db.selectFrom('users').select('is_admin').where('id', '=', user).executeTakeFirst()
  return row?.is_admin ?? false
}
