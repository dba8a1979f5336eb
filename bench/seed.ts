import { createHash, hash } from 'node:crypto'
import {
  type ConversationId,
  type Draft,
  EMPTY_TIP,
  type Event,
  type Millis,
  newId,
  payloadOf,
  seal,
  type Sha256,
  type Tip,
} from '@parley/protocol'
import type pg from 'pg'
import { markedText } from './load/marker.ts'
import type { Group, World } from './world.ts'

/**
 * Writes people and logs straight into Parley's database: valid events in a valid chain, as if they
 * had been said one by one, but a million of them in a minute.
 */

const BATCH = 10_000
const sha256: Sha256 = {
  hex: (text) => hash('sha256', text, 'hex'),
  bytes: (text) => hash('sha256', text, 'buffer'),
}

/** Makes a world known; what is known already stays as it is. */
export async function seedWorld(client: pg.ClientBase, { groups }: World): Promise<void> {
  const people = [...new Set(groups.flatMap(({ members }) => members))]
  const now = Date.now()
  const ids = people.map(({ id }) => id)
  await client.query(
    `INSERT INTO users (id, email, username, name, created_at)
      SELECT id, id || '@bench.example', 'b' || left(md5(id::text), 24), 'Member ' || left(id::text, 8), $2
      FROM unnest($1::uuid[]) AS person (id) ON CONFLICT DO NOTHING`,
    [ids, now],
  )
  await client.query(
    `INSERT INTO tokens (id, user_id, secret_hash, name, created_at)
      SELECT gen_random_uuid(), user_id, secret_hash, 'bench', $3
      FROM unnest($1::uuid[], $2::bytea[]) AS token (user_id, secret_hash) ON CONFLICT DO NOTHING`,
    [ids, people.map(({ token }) => createHash('sha256').update(token).digest()), now],
  )
  for (const group of groups) await seedGroup(client, group, now)
}

async function seedGroup(client: pg.ClientBase, { id, members }: Group, now: number): Promise<void> {
  const [owner] = members
  if (owner === undefined) throw new Error('a group without members')
  const { rowCount } = await client.query(
    `INSERT INTO conversations (id, kind, title, created_by, created_at)
      VALUES ($1, 'group', 'Benchmark', $2, $3) ON CONFLICT DO NOTHING`,
    [id, owner.id, now],
  )
  if (rowCount === 0) return
  const drafts: Draft[] = [
    { id: newId(), type: 'meta', author: owner.id, kind: 'group', title: 'Benchmark' },
    ...members.map((person): Draft => {
      const role = person === owner ? 'owner' : 'member'
      return { id: newId(), type: 'member', author: owner.id, user: person.id, role, cause: 'created' }
    }),
  ]
  const events = seal(EMPTY_TIP, drafts, now, sha256)
  await client.query(
    `INSERT INTO participants (conversation, user_id, role, since_seq)
      SELECT $1, user_id, role, since_seq FROM unnest($2::uuid[], $3::text[], $4::bigint[]) AS m (user_id, role, since_seq)`,
    [
      id,
      members.map((person) => person.id),
      members.map((person) => (person === owner ? 'owner' : 'member')),
      members.map((_, index) => index + 2),
    ],
  )
  await insertEvents(client, id, events)
}

/** Says messages 0 … count − 1 of sender 0, unless the log is already that long. */
export async function seedMessages(client: pg.ClientBase, group: Group, count: number): Promise<void> {
  if ((await tipOf(client, group.id)).seq < count) await sayMore(client, group, count)
}

/** Says so many messages more, of sender 0; answers how long the log is then. */
export async function sayMore(client: pg.ClientBase, group: Group, count: number): Promise<number> {
  const [author] = group.members
  if (author === undefined) throw new Error('a group without members')
  const batches = Math.ceil(count / BATCH)
  return await saySpells(client, group, batches, (batch) => {
    const now = Date.now()
    const drafts = Array.from({ length: Math.min(BATCH, count - batch * BATCH) }, (_, index): Draft => {
      const text = markedText(0, batch * BATCH + index, 0)
      return { id: newId(), type: 'message', author: author.id, text, writtenAt: now }
    })
    return { at: now, drafts }
  })
}

/** What is said at one moment. */
export interface Spell {
  readonly at: Millis
  readonly drafts: readonly Draft[]
}

/** Says so many spells, one after the other; answers how long the log is then. */
export async function saySpells(
  client: pg.ClientBase,
  { id }: Group,
  count: number,
  spell: (index: number) => Spell,
): Promise<number> {
  let tip = await tipOf(client, id)
  let unwritten: Event[] = []
  for (let index = 0; index < count; index += 1) {
    const { at, drafts } = spell(index)
    const events = seal(tip, drafts, at, sha256)
    tip = events.at(-1) ?? tip
    unwritten.push(...events)
    if (unwritten.length < BATCH && index < count - 1) continue
    await insertEvents(client, id, unwritten)
    unwritten = []
  }
  await client.query('ANALYZE events')
  return tip.seq
}

async function tipOf(client: pg.ClientBase, conversation: ConversationId): Promise<Tip> {
  const { rows } = await client.query<{ seq: string; hash: string; at: string }>(
    'SELECT last_seq AS seq, last_hash AS hash, last_at AS at FROM conversations WHERE id = $1',
    [conversation],
  )
  const [row] = rows
  if (row === undefined) throw new Error(`no conversation ${conversation}`)
  return { seq: Number(row.seq), hash: row.hash, at: Number(row.at) }
}

async function insertEvents(
  client: pg.ClientBase,
  conversation: ConversationId,
  events: readonly Event[],
): Promise<void> {
  const last = events.at(-1)
  if (last === undefined) return
  await client.query(
    `WITH tip AS (UPDATE conversations SET last_seq = $9, last_hash = $10, last_at = $11 WHERE id = $1)
      INSERT INTO events (conversation, seq, id, type, author, at, hash, payload)
      SELECT $1, seq, id, type, author, at, hash, payload
      FROM unnest($2::bigint[], $3::uuid[], $4::text[], $5::uuid[], $6::bigint[], $7::text[], $8::jsonb[])
        AS event (seq, id, type, author, at, hash, payload)`,
    [
      conversation,
      events.map(({ seq }) => seq),
      events.map(({ id }) => id),
      events.map(({ type }) => type),
      events.map(({ author }) => author),
      events.map(({ at }) => at),
      events.map((event) => event.hash),
      events.map((event) => JSON.stringify(payloadOf(event))),
      last.seq,
      last.hash,
      last.at,
    ],
  )
}
