import type { ConversationId, NotificationId, Seq, UserId } from '@parley/protocol'
import { sql } from 'kysely'
import type { Notifications } from '../notifications/notifications.ts'
import type { Db } from '../queries/db.ts'

export interface Moved {
  readonly user: UserId
  readonly conversation: ConversationId
  readonly seq: Seq
}

export interface Positions {
  /** Whether it moved: not for somebody who is not a member, and never backwards (R1). */
  advance(user: UserId, conversation: ConversationId, seq: Seq): Promise<boolean>
  /** Calls `listener` after each move is stored; answers how to stop. */
  onMoved(listener: (moved: Moved) => void): () => void
  /** How far every member has read. */
  of(conversation: ConversationId): Promise<Readonly<Record<UserId, Seq>>>
}

/**
 * How far people have read, joined by maximum with what was known, and never past the log's end.
 * What is read need not be told any more: its notifications go in the same statement [R3].
 */
export function createPositions(db: Db, notifications: Pick<Notifications, 'announce'>): Positions {
  const listeners = new Set<(moved: Moved) => void>()
  return {
    async advance(user, conversation, seq) {
      const { rows } = await sql<{ read_seq: Seq | null; withdrawn: NotificationId[] }>`
        WITH moved AS (
          UPDATE participants p SET read_seq = LEAST(${seq}::bigint, c.last_seq)
          FROM conversations c
          WHERE c.id = p.conversation AND p.conversation = ${conversation} AND p.user_id = ${user}
            AND p.read_seq < LEAST(${seq}::bigint, c.last_seq)
          RETURNING p.read_seq
        ), seen AS (
          DELETE FROM notifications n
          WHERE n.conversation = ${conversation} AND n.user_id = ${user} AND n.seq <= ${seq}::bigint
          RETURNING n.id
        )
        SELECT (SELECT read_seq FROM moved), COALESCE((SELECT json_agg(id) FROM seen), '[]') AS withdrawn`.execute(
        db,
      )
      const { read_seq: moved = null, withdrawn = [] } = rows[0] ?? {}
      notifications.announce({ is: 'withdrawn', user, notifications: withdrawn })
      if (moved === null) return false
      for (const listener of listeners) listener({ user, conversation, seq: moved })
      return true
    },
    onMoved(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async of(conversation) {
      const rows = await db
        .selectFrom('participants')
        .select(['user_id', 'read_seq'])
        .where('conversation', '=', conversation)
        .execute()
      return Object.fromEntries(rows.map((row) => [row.user_id, row.read_seq]))
    },
  }
}
