import type { Millis, UserId } from '@parley/protocol'
import type pg from 'pg'
import { presentSince } from './expiry.ts'

/** A row of `active_connections`, of this node. */
export interface ConnectionRow {
  readonly id: string
  readonly user: UserId
  readonly connectedAt: Millis
  readonly heardAt: Millis
}

/** Somebody's last active connection, on any node, is no more. */
export interface Gone {
  readonly user: UserId
  /** What was sent to them after this time may not have arrived: a dead socket is found out late. */
  readonly lastHeardAt: Millis
}

/**
 * Stores connections that have opened. Answers, by the row's id, when the person was last here before
 * it: with another connection still there, when that one was last heard from.
 */
export async function storeArrivals(
  pool: pg.Pool,
  node: string,
  rows: readonly ConnectionRow[],
): Promise<ReadonlyMap<string, Millis | null>> {
  const { rows: stored } = await pool.query<{ id: string; last_active_at: Millis | null }>(
    `WITH came AS (
       SELECT * FROM unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::bigint[]) AS c (id, user_id, connected_at, heard_at)
     ), stored AS (
       INSERT INTO active_connections (id, user_id, node, connected_at, heartbeat_at)
       SELECT c.id, c.user_id, $1, c.connected_at, c.heard_at FROM came c
       JOIN users u ON u.id = c.user_id AND u.deleted_at IS NULL
       ON CONFLICT (id) DO NOTHING
     )
     SELECT c.id, GREATEST(u.last_active_at, (SELECT max(a.heartbeat_at) FROM active_connections a
                                              WHERE a.user_id = c.user_id AND a.id <> c.id)) AS last_active_at
     FROM came c JOIN users u ON u.id = c.user_id`,
    [node, ...columns(rows)],
  )
  return new Map(stored.map((row) => [row.id, row.last_active_at]))
}

/** Says of all connections of a node when they were last heard from. Rows that were swept meanwhile come back. */
export async function storeHeartbeats(
  pool: pg.Pool,
  node: string,
  rows: readonly ConnectionRow[],
): Promise<void> {
  await pool.query(
    `WITH heard AS (
       SELECT * FROM unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::bigint[]) AS h (id, user_id, connected_at, heard_at)
     ), kept AS (
       UPDATE active_connections a SET heartbeat_at = h.heard_at FROM heard h WHERE a.id = h.id RETURNING a.id
     )
     INSERT INTO active_connections (id, user_id, node, connected_at, heartbeat_at)
     SELECT h.id, h.user_id, $1, h.connected_at, h.heard_at FROM heard h
     JOIN users u ON u.id = h.user_id AND u.deleted_at IS NULL
     WHERE NOT EXISTS (SELECT FROM kept k WHERE k.id = h.id)
     ON CONFLICT (id) DO NOTHING`,
    [node, ...columns(rows)],
  )
}

const columns = (rows: readonly ConnectionRow[]) => [
  rows.map((row) => row.id),
  rows.map((row) => row.user),
  rows.map((row) => row.connectedAt),
  rows.map((row) => row.heardAt),
]

/**
 * Removes `ended`, and whatever of `users` has expired. Answers who is gone with that, each person on
 * one node and once, and stores when they were last here.
 */
export async function removeConnections(
  pool: pg.Pool,
  users: readonly UserId[],
  ended: readonly ConnectionRow[],
  now: Millis,
): Promise<readonly Gone[]> {
  const client = await pool.connect()
  let fault: unknown
  try {
    await client.query('BEGIN')
    // Two nodes that end one person's last two connections at once would each see the other's: one
    // after the other, and the second statement looks anew.
    await client.query(`SELECT FROM users WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE`, [users])
    const { rows } = await client.query<Gone>(
      `WITH ended AS (
         SELECT * FROM unnest($2::uuid[], $3::bigint[]) AS e (id, heard_at)
       ), removed AS (
         DELETE FROM active_connections a
         WHERE a.user_id = ANY ($1::uuid[]) AND (a.id = ANY ($2::uuid[]) OR a.heartbeat_at <= $4)
         RETURNING a.user_id, GREATEST(a.heartbeat_at, (SELECT e.heard_at FROM ended e WHERE e.id = a.id)) AS heard_at
       ), gone AS (
         SELECT r.user_id, max(r.heard_at) AS heard_at FROM removed r
         WHERE NOT EXISTS (SELECT FROM active_connections a
                           WHERE a.user_id = r.user_id AND a.id <> ALL ($2::uuid[]) AND a.heartbeat_at > $4)
         GROUP BY r.user_id
       )
       UPDATE users u SET last_active_at = GREATEST(u.last_active_at, g.heard_at) FROM gone g
       WHERE u.id = g.user_id AND u.deleted_at IS NULL
       RETURNING u.id AS user, g.heard_at AS "lastHeardAt"`,
      [users, ended.map((row) => row.id), ended.map((row) => row.heardAt), presentSince(now)],
    )
    await client.query('COMMIT')
    return rows
  } catch (error) {
    fault = error
    await client.query('ROLLBACK').catch(() => {
      // The connection is lost, or will be with the release: the transaction goes with it.
    })
    throw error
  } finally {
    client.release(fault !== undefined)
  }
}

export interface Others {
  /** Who has an active connection on another node, and when it was last heard from. */
  readonly present: ReadonlyMap<UserId, Millis>
  /** Who has connections that have expired, on whatever node. */
  readonly expired: readonly UserId[]
}

/** What other nodes have stored, and what they have left behind. */
export async function readOthers(pool: pg.Pool, node: string, now: Millis): Promise<Others> {
  const { rows } = await pool.query<{ user: UserId; heartbeat_at: Millis; has_expired: boolean }>(
    `SELECT user_id AS user, max(heartbeat_at) AS heartbeat_at, bool_or(heartbeat_at <= $2) AS has_expired
     FROM active_connections WHERE node <> $1 OR heartbeat_at <= $2 GROUP BY user_id`,
    [node, presentSince(now)],
  )
  return {
    present: new Map(
      rows.flatMap((row) => (row.heartbeat_at > presentSince(now) ? [[row.user, row.heartbeat_at]] : [])),
    ),
    expired: rows.flatMap((row) => (row.has_expired ? [row.user] : [])),
  }
}

/** Of people who have left this node: when they were last here, and whether they are on another now. */
export async function findWhereabouts(
  pool: pg.Pool,
  node: string,
  users: readonly UserId[],
  now: Millis,
): Promise<ReadonlyMap<UserId, { readonly lastActiveAt: Millis | null; readonly isElsewhere: boolean }>> {
  const { rows } = await pool.query<{ id: UserId; last_active_at: Millis | null; is_elsewhere: boolean }>(
    `SELECT u.id, GREATEST(u.last_active_at, max(a.heartbeat_at)) AS last_active_at,
            COALESCE(bool_or(a.node <> $1 AND a.heartbeat_at > $3), false) AS is_elsewhere
     FROM users u LEFT JOIN active_connections a ON a.user_id = u.id
     WHERE u.id = ANY ($2::uuid[]) GROUP BY u.id`,
    [node, users, presentSince(now)],
  )
  return new Map(
    rows.map((row) => [row.id, { lastActiveAt: row.last_active_at, isElsewhere: row.is_elsewhere }]),
  )
}
