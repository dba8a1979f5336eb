import { type ConversationId, type Event, type Millis, payloadOf, type Seq } from '@parley/protocol'
import { sql } from 'kysely'
import { announce } from '../db/announcements.ts'
import { violatedConstraint } from '../queries/database-errors.ts'
import type { Db } from '../queries/db.ts'
import type { LogState } from './log-state.ts'
import { bringPeople, type BroughtUser } from './people.ts'
import type { OpenExport } from './read-export.ts'

/** The file is right in itself, and cannot be brought together with what is on this server. */
export class ImportConflict extends Error {
  override name = 'ImportConflict'
}

export interface Imported {
  readonly conversation: ConversationId
  /** How many events were there before, and how many there are now. */
  readonly before: Seq
  readonly after: Seq
  /** Who was made known with it. */
  readonly users: readonly BroughtUser[]
}

interface Stored {
  readonly last_seq: Seq
  readonly last_hash: string
  readonly deleted_at: Millis | null
}

const BATCH = 1_000

/**
 * Brings an exported conversation into this database: the same events, numbers, ids and hashes, and
 * what the log makes of them. All of it or nothing, in one transaction; what is there already stays
 * and is continued if the file continues the same chain. Throws an {@link ImportConflict} if it does
 * not, and an ExportFault if the file is not right.
 */
export function importConversation(
  db: Db,
  { header, state, events }: OpenExport,
  now: Millis,
): Promise<Imported> {
  const { id } = header.conversation
  return db.transaction().execute(async (tx) => {
    // It waits for a file, and moves a million rows at once.
    await sql`SET LOCAL statement_timeout = 0`.execute(tx)
    await sql`SET LOCAL idle_in_transaction_session_timeout = 0`.execute(tx)
    const stored = await readStored(tx, id)
    const before = stored?.last_seq ?? 0
    await stage(tx, events, stored)
    const after = state.tip.seq
    if (after <= before) return { conversation: id, before, after: before, users: [] }
    // Only from here on anything is held that others may wait for.
    const users = await bringPeople(tx, header.users, now)
    await claim(tx, header.conversation, stored)
    await append(tx, id)
    await settle(tx, state)
    await announce(tx, [{ about: 'log', conversation: id, after: before }])
    return { conversation: id, before, after, users }
  })
}

async function readStored(tx: Db, id: ConversationId): Promise<Stored | undefined> {
  const stored = await tx
    .selectFrom('conversations')
    .select(['last_seq', 'last_hash', 'deleted_at'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (stored !== undefined && stored.deleted_at !== null)
    throw new ImportConflict(`the conversation ${id} was deleted on this server, and stays so`)
  return stored
}

/**
 * Reads the file to its end, and puts aside what is new. Not yet into the log, where a server that
 * appends the same numbers meanwhile would have to wait for us, and everybody for it.
 */
async function stage(tx: Db, events: AsyncIterable<Event>, stored: Stored | undefined): Promise<void> {
  await sql`CREATE TEMPORARY TABLE imported (
    seq bigint, id uuid, type text, author uuid, at bigint, hash text, payload jsonb
  ) ON COMMIT DROP`.execute(tx)
  let batch: object[] = []
  const flush = async (): Promise<void> => {
    if (batch.length === 0) return
    await sql`
      INSERT INTO imported SELECT * FROM json_to_recordset(${JSON.stringify(batch)}::json)
        AS e (seq bigint, id uuid, type text, author uuid, at bigint, hash text, payload jsonb)`.execute(tx)
    batch = []
  }
  let last: Event | undefined
  for await (const event of events) {
    last = event
    if (stored !== undefined && event.seq <= stored.last_seq) {
      // The hash stands for everything before it.
      if (event.seq === stored.last_seq && event.hash !== stored.last_hash) throw contradiction(event.seq)
      continue
    }
    const { seq, id, type, author, at, hash } = event
    batch.push({ seq, id, type, author, at, hash, payload: payloadOf(event) })
    if (batch.length === BATCH) await flush()
  }
  await flush()
  if (stored !== undefined && last !== undefined && last.seq < stored.last_seq) await compare(tx, last)
}

/** The file ends earlier than what is stored: is it the beginning of the same? */
async function compare(tx: Db, { id, seq, hash }: Event): Promise<void> {
  const row = await tx.selectFrom('events').select(['seq', 'hash']).where('id', '=', id).executeTakeFirst()
  if (row?.seq !== seq || row.hash !== hash) throw contradiction(seq)
}

const contradiction = (seq: Seq): ImportConflict =>
  new ImportConflict(
    `another log of this conversation is on this server: up to event ${seq} the two have parted, and neither continues the other`,
  )

/** Holds the conversation's row, made if there was none, for the moment until COMMIT. */
async function claim(
  tx: Db,
  { id, kind, createdBy, createdAt }: OpenExport['header']['conversation'],
  stored: Stored | undefined,
): Promise<void> {
  if (stored === undefined) {
    await tx
      .insertInto('conversations')
      .values({ id, kind, created_by: createdBy, created_at: createdAt })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
  const { rows } = await sql<{ last_seq: Seq }>`
    SELECT last_seq FROM conversations WHERE id = ${id} AND deleted_at IS NULL FOR UPDATE`.execute(tx)
  if (rows[0]?.last_seq !== (stored?.last_seq ?? 0))
    throw new ImportConflict('somebody spoke in the conversation while the file was read: try again')
}

async function append(tx: Db, id: ConversationId): Promise<void> {
  try {
    await sql`
      INSERT INTO events (conversation, seq, id, type, author, at, hash, payload)
      SELECT ${id}, seq, id, type, author, at, hash, payload FROM imported ORDER BY seq`.execute(tx)
  } catch (error) {
    if (violatedConstraint(error) !== 'events_id') throw error
    throw new ImportConflict('an event of the file stands in another conversation of this server', {
      cause: error,
    })
  }
}

/** Brings what is kept beside the log to what the log says. */
async function settle(tx: Db, state: LogState): Promise<void> {
  const { id, tip, title, topic, avatar, archived, posting, inviting, members, spoke } = state
  await tx
    .updateTable('conversations')
    .set({
      title,
      topic,
      avatar,
      archived,
      posting,
      inviting,
      last_seq: tip.seq,
      last_hash: tip.hash,
      last_at: tip.at,
    })
    .where('id', '=', id)
    .execute()
  const rows = [...members].map(([user, { role, since }]) => ({
    user,
    role,
    since,
    // How far people have read is not in a log; but who spoke had read so far.
    read: Math.max(since, spoke.get(user) ?? 0),
  }))
  await sql`
    WITH member AS (
      SELECT * FROM json_to_recordset(${JSON.stringify(rows)}::json)
        AS m ("user" uuid, role text, since bigint, read bigint)
    ), gone AS (
      DELETE FROM participants WHERE conversation = ${id} AND user_id NOT IN (SELECT "user" FROM member)
    )
    INSERT INTO participants (conversation, user_id, role, since_seq, read_seq)
    SELECT ${id}, "user", role, since, read FROM member
    ON CONFLICT (conversation, user_id) DO UPDATE SET role = excluded.role, since_seq = excluded.since_seq,
      read_seq = GREATEST(participants.read_seq, excluded.read_seq)`.execute(tx)
}
