import { createHash } from 'node:crypto'
import {
  canonicalJson,
  type ConversationId,
  type Event,
  type Kind,
  type Millis,
  type Seq,
  type UserId,
} from '@parley/protocol'
import { sql } from 'kysely'
import type { Db } from '../queries/db.ts'
import { eventsAfter } from '../queries/events.ts'
import type { ExportFooter, ExportHeader, ExportUser } from './format.ts'

/** How many events are in memory at a time. */
const PAGE = 250

interface Row {
  kind: Kind
  created_by: UserId
  created_at: Millis
  last_seq: Seq
  last_hash: string
  users: { id: UserId; name: string; username: string | null }[]
}

/**
 * A conversation as a file, see {@link exportHeader}; undefined when there is none. What is said
 * while it is read is not in it: a log only grows, so its first `lastSeq` events are one consistent
 * state, without a transaction that is held open for as long as a slow reader takes. Throws in the
 * middle, and so has no footer, if the conversation is deleted meanwhile.
 */
export async function exportConversation(
  db: Db,
  id: ConversationId,
): Promise<AsyncGenerator<Uint8Array> | undefined> {
  const { rows } = await sql<Row>`
    SELECT c.kind, c.created_by, c.created_at, c.last_seq, c.last_hash, (
      SELECT jsonb_agg(jsonb_build_object('id', u.id, 'name', u.name, 'username', u.username) ORDER BY u.id)
      FROM users u WHERE u.id IN (
        -- Whoever has said something was a member: a million messages need not be read for their authors.
        SELECT (e.payload ->> 'user')::uuid FROM events e WHERE e.conversation = c.id AND e.type = 'member'
      )) AS users
    FROM conversations c WHERE c.id = ${id} AND c.deleted_at IS NULL`.execute(db)
  const [row] = rows
  return row && write(db, id, row)
}

async function* write(db: Db, id: ConversationId, row: Row): AsyncGenerator<Uint8Array> {
  const digest = createHash('sha256')
  const lines = (values: readonly unknown[]): Buffer => {
    const bytes = Buffer.from(values.map((value) => `${canonicalJson(value)}\n`).join(''))
    digest.update(bytes)
    return bytes
  }
  yield lines([headerOf(id, row)])
  for (let seq = 0; seq < row.last_seq;) {
    const events = await eventsAfter(db, id, seq, Math.min(PAGE, row.last_seq - seq))
    const last: Event | undefined = events.at(-1)
    if (last === undefined) throw new Error(`the conversation ${id} was deleted while it was exported`)
    yield lines(events)
    seq = last.seq
  }
  const footer: ExportFooter = {
    lastSeq: row.last_seq,
    lastHash: row.last_hash,
    count: row.last_seq,
    sha256: digest.digest('hex'),
  }
  yield Buffer.from(`${canonicalJson(footer)}\n`)
}

const headerOf = (id: ConversationId, { kind, created_by, created_at, users }: Row): ExportHeader => ({
  format: 'parley-export',
  version: 1,
  conversation: { id, kind, createdBy: created_by, createdAt: created_at },
  users: users.map(({ username, ...user }): ExportUser => (username === null ? user : { ...user, username })),
})
