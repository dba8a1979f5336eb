import type { ConversationId, EventType, MessagePayload, Millis, Seq, UserId } from '@parley/protocol'
import { sql } from 'kysely'
import type { Db } from '../queries/db.ts'
import { toVector } from './lexemes.ts'

interface EventRow {
  conversation: ConversationId
  seq: Seq
  type: EventType
  author: UserId
  at: Millis
  /** Of messages only. */
  payload: MessagePayload | null
}

/**
 * Indexes what has been said in these conversations since they were indexed last, at most
 * `maxEvents` in all; answers in which of them there may be more.
 */
export function indexBatch(
  db: Db,
  conversations: readonly ConversationId[],
  maxEvents: number,
): Promise<readonly ConversationId[]> {
  return db.transaction().execute(async (tx) => {
    // What a power cut takes back is made again: words and progress go together.
    await sql`SET LOCAL synchronous_commit = off`.execute(tx)
    // In one order, so that two nodes never wait for each other in a circle.
    const { rows: logs } = await sql<{ conversation: ConversationId; seq: Seq }>`
      SELECT conversation, seq FROM search_progress WHERE conversation = ANY (${conversations}::uuid[])
      ORDER BY conversation FOR UPDATE`.execute(tx)
    // A statement of its own: this one sees what was committed while the rows were waited for.
    const { rows: events } = await sql<EventRow>`
      SELECT e.* FROM unnest(${logs.map((log) => log.conversation)}::uuid[], ${logs.map((log) => log.seq)}::bigint[])
        AS log (conversation, seq)
      CROSS JOIN LATERAL (
        SELECT conversation, seq, type, author, at, CASE WHEN type = 'message' THEN payload END AS payload
        FROM events WHERE conversation = log.conversation AND seq > log.seq
        ORDER BY seq LIMIT ${maxEvents}) e
      LIMIT ${maxEvents}`.execute(tx)
    const taken = events.slice(0, countThatFit(events))
    const messages = taken.flatMap(({ payload, ...event }) =>
      payload === null ? [] : [{ ...event, ...payload }],
    )
    if (messages.length > 0) {
      await sql`
        INSERT INTO message_words (conversation, seq, at, words)
        SELECT * FROM unnest(${messages.map((message) => message.conversation)}::uuid[],
          ${messages.map((message) => message.seq)}::bigint[], ${messages.map((message) => message.at)}::bigint[],
          ${messages.map((message) => toVector(message.conversation, message))}::tsvector[])`.execute(tx)
    }
    const reached = new Map(taken.map(({ conversation, seq }) => [conversation, seq]))
    if (reached.size > 0) {
      await sql`
        UPDATE search_progress p SET seq = r.seq
        FROM unnest(${[...reached.keys()]}::uuid[], ${[...reached.values()]}::bigint[]) AS r (conversation, seq)
        WHERE p.conversation = r.conversation`.execute(tx)
    }
    return taken.length < maxEvents && taken.length === events.length
      ? []
      : logs.map((log) => log.conversation)
  })
}

/** So much text is taken into words without a pause, in UTF-16 code units: some tens of milliseconds of work. */
const MAX_TEXT = 200_000

/** How many of the events have no more text together than that; at least one. */
function countThatFit(events: readonly EventRow[]): number {
  let length = 0
  const beyond = events.findIndex(({ payload }) => (length += payload?.text.length ?? 0) > MAX_TEXT)
  return beyond === -1 ? events.length : Math.max(1, beyond)
}

/** Logs that are indexed less far than they go, those with the newest words first. */
export async function findBehind(db: Db, limit: number): Promise<ConversationId[]> {
  const { rows } = await sql<{ id: ConversationId }>`
    SELECT c.id FROM search_progress p JOIN conversations c ON c.id = p.conversation
    WHERE c.last_seq > p.seq ORDER BY c.last_at DESC LIMIT ${limit}`.execute(db)
  return rows.map(({ id }) => id)
}
