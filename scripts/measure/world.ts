import type { ConversationId, EventId, Seq, UserId } from '@parley/protocol'
import type pg from 'pg'

/** Of a database with people and talk in it: who asks, and what there is to ask for. The same every time. */
export interface World {
  /** People like most. */
  readonly typical: readonly Someone[]
  /** Those in the most conversations. */
  readonly busy: readonly Someone[]
  readonly befriended: UserId
  /** With the most open requests. */
  readonly asked: UserId
  readonly blocking: { readonly user: UserId; readonly blocked: UserId }
  readonly notified: UserId
  readonly longest: Log
  /** The conversation with the most members. */
  readonly widest: Log
  readonly strangers: readonly { readonly id: UserId; readonly email: string; readonly username: string }[]
}

export interface Someone {
  readonly user: UserId
  readonly conversation: ConversationId
}

export interface Log {
  readonly id: ConversationId
  readonly lastSeq: Seq
  /** Somebody who has read little of it, and is in many others. */
  readonly reader: UserId
  readonly first: EventId
  readonly last: EventId
}

const TYPICAL = 20
const BUSY = 5

/** Looks around; `db` is anything that answers queries. */
export async function lookAround(db: Pick<pg.ClientBase, 'query'>): Promise<World> {
  const rows = async <T extends object>(sql: string, values: unknown[] = []): Promise<T[]> =>
    (await db.query<T>(sql, values)).rows
  const one = async <T extends object>(sql: string, values: unknown[] = []): Promise<T> => {
    const [row] = await rows<T>(sql, values)
    if (row === undefined) throw new Error(`there is nothing in this database to measure with: ${sql}`)
    return row
  }
  const most = (column: string, table: string, where = 'true') =>
    one<{ user: UserId }>(
      `SELECT ${column} AS user FROM ${table} WHERE ${where} GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1`,
    )
  const log = async (order: string): Promise<Log> => {
    const found = await one<{ id: ConversationId; last_seq: string }>(
      `SELECT c.id, c.last_seq FROM conversations c WHERE c.deleted_at IS NULL ORDER BY ${order} DESC, id LIMIT 1`,
    )
    const { user } = await one<{ user: UserId }>(
      `SELECT p.user_id AS user FROM participants p WHERE p.conversation = $1
       ORDER BY p.read_seq > p.since_seq, (SELECT count(*) FROM participants o WHERE o.user_id = p.user_id) DESC, 1 LIMIT 1`,
      [found.id],
    )
    const [first, last] = await rows<{ id: EventId }>(
      `(SELECT id FROM events WHERE conversation = $1 AND type = 'message' ORDER BY seq LIMIT 1)
       UNION ALL (SELECT id FROM events WHERE conversation = $1 AND type = 'message' ORDER BY seq DESC LIMIT 1)`,
      [found.id],
    )
    if (first === undefined || last === undefined) throw new Error('nothing has been said')
    return { id: found.id, lastSeq: Number(found.last_seq), reader: user, first: first.id, last: last.id }
  }
  return {
    typical: await rows<Someone>(
      `SELECT user_id AS user, max(conversation::text)::uuid AS conversation FROM participants
       GROUP BY 1 HAVING count(*) BETWEEN 2 AND 10 ORDER BY md5(user_id::text) LIMIT ${TYPICAL}`,
    ),
    busy: await rows<Someone>(
      `SELECT user_id AS user, max(conversation::text)::uuid AS conversation FROM participants
       GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT ${BUSY}`,
    ),
    befriended: (
      await most(
        'user_id',
        '(SELECT user_a AS user_id FROM friendships UNION ALL SELECT user_b FROM friendships) f',
      )
    ).user,
    asked: (await most('to_user', 'friend_requests', `status = 'PENDING'`)).user,
    blocking: await one(
      `SELECT blocker AS user, min(blocked::text)::uuid AS blocked FROM blocks GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1`,
    ),
    notified: (await most('user_id', 'notifications')).user,
    longest: await log('c.last_seq'),
    widest: await log('(SELECT count(*) FROM participants p WHERE p.conversation = c.id)'),
    strangers: await rows(
      `SELECT id, email, username FROM users WHERE deleted_at IS NULL ORDER BY md5(id::text || 'x') LIMIT 100`,
    ),
  }
}
