import {
  type ConversationId,
  EMPTY_CONVERSATION,
  type EventType,
  type Event,
  type EventId,
  type Kind,
  type Millis,
  type Seq,
  type UserId,
} from '@parley/protocol'
import { sql } from 'kysely'
import type { Db } from '../queries/db.ts'
import { type Notice, noticesOf } from './notice.ts'

/** How far back each conversation is looked through: far more than is said in the minute it takes to notice a death. */
const LAST_EVENTS = 1_000

interface MissedRow {
  conversation: ConversationId
  kind: Kind
  seq: Seq
  id: EventId
  type: EventType
  author: UserId
  at: Millis
  hash: string
  payload: object
  repliesToUser: boolean
}

/**
 * What was said about `user` after `since` and not read by them. A connection that dies silently
 * counts as there for up to a minute more, and what came in that minute was seen by nobody.
 */
export async function missedNotices(db: Db, user: UserId, since: Millis): Promise<Notice[]> {
  const { rows } = await sql<MissedRow>`
    SELECT c.id AS conversation, c.kind, e.seq, e.id, e.type, e.author, e.at, e.hash, e.payload,
           EXISTS (SELECT FROM events r
                   WHERE r.id = (e.payload ->> 'replyTo')::uuid AND r.author = ${user}) AS "repliesToUser"
    FROM participants p
    JOIN conversations c ON c.id = p.conversation AND c.last_at > ${since}
    CROSS JOIN LATERAL (
      SELECT * FROM events
      WHERE conversation = c.id AND seq > c.last_seq - ${LAST_EVENTS} AND at > ${since} AND author <> ${user}
        AND (type = 'message' AND seq > p.read_seq OR type = 'member' AND payload ->> 'user' = ${user})
    ) e
    WHERE p.user_id = ${user}
    ORDER BY e.at`.execute(db)
  return rows.flatMap(({ conversation, kind, repliesToUser, payload, ...envelope }) => {
    const { seq, id, type, author, at, hash } = envelope
    const event = { seq, id, type, author, at, hash, ...payload } as Event
    const members = new Map([[user, { role: 'member' as const, since: seq }]])
    return noticesOf(event, conversation, { ...EMPTY_CONVERSATION, kind, members }, () =>
      repliesToUser ? user : undefined,
    )
  })
}
