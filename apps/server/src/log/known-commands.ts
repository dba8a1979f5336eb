import {
  type CommandId,
  type ConversationId,
  type Event,
  type EventType,
  type Millis,
  type Seq,
  type UserId,
} from '@parley/protocol'
import type pg from 'pg'
import type { Settled } from './branch.ts'

interface EventRow {
  seq: Seq
  id: CommandId
  type: EventType
  author: UserId
  at: Millis
  hash: string
  payload: object
}

interface SilentRow {
  seq: null
  id: CommandId
  author: UserId
}

/** Which of these commands have taken effect already, and what it was (C1). */
export async function findKnownCommands(
  db: pg.Pool | pg.PoolClient,
  ids: readonly CommandId[],
): Promise<Map<CommandId, Settled>> {
  const { rows } = await db.query<EventRow | SilentRow>(
    `SELECT id, author, seq, type, at, hash, payload FROM events WHERE id = ANY ($1::uuid[])
     UNION ALL
     SELECT id, author, NULL, NULL, NULL, NULL, NULL FROM settled_commands WHERE id = ANY ($1::uuid[])`,
    [ids],
  )
  return new Map(
    rows.map((row) => [row.id, { author: row.author, events: row.seq === null ? [] : [toEvent(row)] }]),
  )
}

function toEvent({ payload, ...envelope }: EventRow): Event {
  return { ...envelope, ...payload } as Event
}

/** The tip's number as it is stored now: what a refusal must have been decided on. */
export async function readLastSeq(
  db: pg.Pool | pg.PoolClient,
  conversation: ConversationId,
): Promise<Seq | undefined> {
  const { rows } = await db.query<{ last_seq: Seq }>(
    `SELECT last_seq FROM conversations WHERE id = $1 AND deleted_at IS NULL`,
    [conversation],
  )
  return rows[0]?.last_seq
}
