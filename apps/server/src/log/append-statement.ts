import { type ConversationId, EMPTY_TIP, type Event, type Millis, payloadOf } from '@parley/protocol'
import type pg from 'pg'
import { type Notified, toNoticeJson } from '../notifications/notice.ts'
import { notifyCtes } from '../notifications/notify-statement.ts'
import { type NotificationRow, toNotified } from '../queries/notifications.ts'
import type { Branch } from './branch.ts'

/** A branch that changes something, on its way into the database. */
export interface Append {
  readonly conversation: ConversationId
  readonly branch: Branch
}

/**
 * The line that stores a message. It moves each conversation's tip only while the tip is still what
 * the branch was decided on, and inserts events only for conversations it moved: a conversation
 * that has moved in between falls out, and the others are not held up by it. Rows are locked in
 * the order of their ids, so that two nodes never wait for each other in a circle.
 */
const APPEND = `
WITH expected AS (
  SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::text[], $5::bigint[])
    AS e (id, seq, last_seq, last_hash, last_at)
), locked AS (
  SELECT c.id FROM conversations c JOIN expected e ON e.id = c.id
  WHERE c.last_seq = e.seq AND c.deleted_at IS NULL
  ORDER BY c.id FOR NO KEY UPDATE OF c
), moved AS (
  UPDATE conversations c SET last_seq = e.last_seq, last_hash = e.last_hash, last_at = e.last_at
  FROM expected e JOIN locked l ON l.id = e.id
  WHERE c.id = e.id AND c.last_seq = e.seq
    AND (NOT $7 OR (SELECT count(*) FROM locked) = (SELECT count(*) FROM expected))
  RETURNING c.id
), said AS (
  INSERT INTO events (conversation, seq, id, type, author, at, hash, payload)
  SELECT v.conversation, v.seq, v.id, v.type, v.author, v.at, v.hash, v.payload
  FROM json_to_recordset($6::json)
    AS v (conversation uuid, seq bigint, id uuid, type text, author uuid, at bigint, hash text, payload jsonb)
  JOIN moved m ON m.id = v.conversation
)`

/** What most appends come to: they are about nobody in particular. */
const APPEND_ONLY = `${APPEND}
SELECT id, NULL AS notified FROM moved`

const NOTIFY = notifyCtes({
  notices: '$8',
  presentSince: '$9',
  transports: '$10',
  onlyIf: 'JOIN moved m ON m.id = n.conversation',
})

/** In the same statement: leaves word to those whom the events are about and who are not there. */
const APPEND_AND_NOTIFY = `${APPEND}, ${NOTIFY}
SELECT id, NULL AS notified FROM moved
UNION ALL SELECT n.conversation, to_json(n) FROM notified n`

export interface AppendSettings {
  readonly isAllOrNone: boolean
  /** Who has been heard of since then is there to see what is said. */
  readonly presentSince: Millis
  /** What each notification is to be sent over. */
  readonly transports: readonly string[]
}

/** What an append did. */
export interface Appended {
  /** The conversations that had not moved in between. */
  readonly moved: ReadonlySet<ConversationId>
  readonly notified: readonly Notified[]
}

/**
 * Appends what the branches say, to the conversations that have not moved in between. With
 * `isAllOrNone` nothing is appended unless none of them had. Call it within a transaction if any of
 * them has side effects.
 */
export async function runAppend(
  client: pg.PoolClient,
  appends: readonly Append[],
  { isAllOrNone, presentSince, transports }: AppendSettings,
): Promise<Appended> {
  const tips = appends.map(({ branch }) => ({
    before: branch.base.is === 'present' ? branch.base.conversation.tip : EMPTY_TIP,
    // Every event of the branch counts, so the last one is the new tip even if the conversation is deleted after it.
    after: branch.events.at(-1),
  }))
  const values = [
    appends.map((append) => append.conversation),
    tips.map((tip) => tip.before.seq),
    tips.map((tip) => tip.after?.seq ?? tip.before.seq),
    tips.map((tip) => tip.after?.hash ?? tip.before.hash),
    tips.map((tip) => tip.after?.at ?? tip.before.at),
    JSON.stringify(
      appends.flatMap(({ conversation, branch }) => branch.events.map((event) => toRow(conversation, event))),
    ),
    isAllOrNone,
  ]
  const notices = appends.flatMap(({ branch }) => branch.notices)
  const { rows } = await client.query<AppendedRow>(
    notices.length === 0
      ? { name: 'append', text: APPEND_ONLY, values }
      : {
          name: 'append and notify',
          text: APPEND_AND_NOTIFY,
          values: [...values, toNoticeJson(notices), presentSince, transports],
        },
  )
  return {
    moved: new Set(rows.flatMap((row) => (row.notified === null ? [row.id] : []))),
    notified: rows.flatMap(({ notified }) => (notified === null ? [] : [toNotified(notified)])),
  }
}

interface AppendedRow {
  readonly id: ConversationId
  readonly notified: NotificationRow | null
}

function toRow(conversation: ConversationId, event: Event) {
  const { seq, id, type, author, at, hash } = event
  return { conversation, seq, id, type, author, at, hash, payload: payloadOf(event) }
}
