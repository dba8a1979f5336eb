import { type ConversationId, isSeen, type Millis, type Seq, type UserId } from '@parley/protocol'
import type pg from 'pg'
import * as Y from 'yjs'
import { renewed } from './account-rebuild.ts'

/** Vectors of old are kept up to this: a person with six page loads a day fills it in fifty years. */
const MAX_SEEN_BYTES = 1024 * 1024

/** What earlier generations of a document have seen of these writers; those that are not in it are new. */
export async function seenBefore(
  db: pg.Pool | pg.PoolClient,
  name: string,
  writers: ReadonlySet<number>,
): Promise<Map<number, number>> {
  const { rows } = await db.query<{ seen: Buffer }>(`SELECT seen FROM account_generations WHERE name = $1`, [
    name,
  ])
  const found = new Map<number, number>()
  for (const { seen } of rows)
    for (const [client, clock] of Y.decodeStateVector(seen))
      if (writers.has(client)) found.set(client, Math.max(clock, found.get(client) ?? 0))
  return found
}

/**
 * Begins a stored account document anew if it is bloated, and answers its new state, undefined if it was not.
 * To be called while no device has it open here; a node where one has it would merge its replica into this one,
 * and be heard like a device of old.
 */
export async function renewAccount(
  pool: pg.Pool,
  name: string,
  owner: UserId,
  now: Millis,
): Promise<Uint8Array | undefined> {
  const client = await pool.connect()
  let failure: Error | undefined
  try {
    await client.query('BEGIN')
    await lockAccount(client, name)
    const { rows } = await client.query<{ state: Buffer }>(`SELECT state FROM documents WHERE name = $1`, [
      name,
    ])
    const state = rows[0]?.state
    const anew = state === undefined ? undefined : await renew(client, name, owner, state, now)
    await client.query('COMMIT')
    return anew
  } catch (error) {
    failure = error as Error
    throw error
  } finally {
    client.release(failure)
  }
}

/** A lock on the name rather than on the row: at the first save there is no row to lock. Held until the transaction ends. */
export async function lockAccount(client: pg.PoolClient, name: string): Promise<void> {
  await client.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [name])
}

async function renew(
  client: pg.PoolClient,
  name: string,
  owner: UserId,
  state: Uint8Array,
  now: Millis,
): Promise<Uint8Array | undefined> {
  const old = new Y.Doc()
  Y.applyUpdate(old, state)
  const over = await seenBefore(client, name, new Set(old.store.clients.keys()))
  const stored = await readPositions(client, owner)
  const next = renewed(old, state.length, {
    isOver: (place) => isSeen(over, place),
    isStored: (conversation, seq) => (stored.get(conversation) ?? 0) >= seq,
  })
  if (next === undefined) return undefined
  await client.query(
    `INSERT INTO account_generations (name, generation, seen, at)
     SELECT $1, coalesce(max(generation), 0) + 1, $2, $3 FROM account_generations WHERE name = $1`,
    [name, next.seen, now],
  )
  await client.query(
    `DELETE FROM account_generations g USING (
       SELECT generation, sum(octet_length(seen)) OVER (ORDER BY generation DESC) AS bytes,
         row_number() OVER (ORDER BY generation DESC) AS age
       FROM account_generations WHERE name = $1
     ) aged WHERE g.name = $1 AND g.generation = aged.generation AND aged.bytes > $2 AND aged.age > 1`,
    [name, MAX_SEEN_BYTES],
  )
  await client.query(`UPDATE documents SET state = $2, updated_at = $3 WHERE name = $1`, [
    name,
    next.state,
    now,
  ])
  return next.state
}

async function readPositions(
  client: pg.PoolClient,
  owner: UserId,
): Promise<ReadonlyMap<ConversationId, Seq>> {
  const { rows } = await client.query<{ conversation: ConversationId; read_seq: Seq }>(
    `SELECT conversation, read_seq FROM participants WHERE user_id = $1`,
    [owner],
  )
  return new Map(rows.map(({ conversation, read_seq }) => [conversation, read_seq]))
}
