import {
  type ConversationId,
  type Draft,
  EMPTY_TIP,
  type Event,
  type EventId,
  type Millis,
  newId,
  payloadOf,
  seal,
  type UserId,
} from '@parley/protocol'
import type pg from 'pg'
import { nodeSha256 } from './logs.ts'

export interface PastMessage {
  readonly at: Millis
  readonly author: UserId
  readonly text: string
  /** Which of the messages before it answers, counted from 0. */
  readonly replyTo?: number
}

/** A group whose messages were said long ago, as the database has it: nobody can say anything then by asking. */
export async function groupOfThePast(
  client: pg.ClientBase,
  title: string,
  members: readonly [UserId, ...UserId[]],
  messages: readonly PastMessage[],
): Promise<ConversationId> {
  const id = newId<ConversationId>()
  const [owner] = members
  const start = messages[0]?.at ?? 0
  const log: Event[] = []
  const append = (draft: Draft, at: Millis) =>
    log.push(...seal(log.at(-1) ?? EMPTY_TIP, [draft], at, nodeSha256))
  append({ id: newId(), type: 'meta', author: owner, kind: 'group', title }, start)
  for (const user of members) {
    const role = user === owner ? 'owner' : 'member'
    append({ id: newId(), type: 'member', author: owner, user, role, cause: 'created' }, start)
  }
  const ids: EventId[] = messages.map(() => newId())
  for (const [index, { at, author, text, replyTo }] of messages.entries()) {
    const target = replyTo === undefined ? undefined : ids[replyTo]
    const said = { type: 'message', author, text, writtenAt: at, ...(target && { replyTo: target }) } as const
    append({ id: ids[index] as EventId, ...said }, at)
  }
  const tip = log.at(-1) as Event
  await client.query('BEGIN')
  await client.query(
    `INSERT INTO conversations (id, kind, title, topic, created_by, created_at, last_seq, last_hash, last_at)
     VALUES ($1, 'group', $2, '', $3, $4, $5, $6, $7)`,
    [id, title, owner, start, tip.seq, tip.hash, tip.at],
  )
  await client.query(
    `INSERT INTO events (conversation, seq, id, type, author, at, hash, payload)
     SELECT $1, e.seq, e.id, e.type, e.author, e.at, e.hash, e.payload FROM jsonb_to_recordset($2::jsonb)
       AS e (seq bigint, id uuid, type text, author uuid, at bigint, hash text, payload jsonb)`,
    [id, JSON.stringify(log.map((event) => ({ ...event, payload: payloadOf(event) })))],
  )
  await client.query(
    `INSERT INTO participants (conversation, user_id, role, since_seq, read_seq)
     SELECT $1, m.id, CASE WHEN m.id = $3 THEN 'owner' ELSE 'member' END, 1, $4 FROM unnest($2::uuid[]) AS m (id)`,
    [id, members, owner, tip.seq],
  )
  await client.query('COMMIT')
  return id
}
