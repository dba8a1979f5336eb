import { type Event, payloadOf, type UserId } from '@parley/protocol'
import type pg from 'pg'
import type { Random } from '../../test/kit/random.ts'
import { idAt } from './draw.ts'
import type { People } from './people.ts'
import type { Talk } from './talk.ts'
import { readPositions, type Waiting, type WaitingNotice } from './waiting.ts'

type Column = readonly [name: string, type: string, values: readonly unknown[]]

const BATCH = 10_000

/** Inserts columns of equal length as rows. */
async function insert(client: pg.ClientBase, table: string, columns: readonly Column[]): Promise<void> {
  const rows = columns[0]?.[2].length ?? 0
  const names = columns.map(([name]) => name).join(', ')
  const arrays = columns.map(([, type], index) => `$${index + 1}::${type}[]`).join(', ')
  for (let from = 0; from < rows; from += BATCH) {
    await client.query(
      `INSERT INTO ${table} (${names}) SELECT * FROM unnest(${arrays})`,
      columns.map(([, , values]) => values.slice(from, from + BATCH)),
    )
  }
}

/** Everybody can log in with the password behind `passwordHash`. */
export async function storePeople(
  client: pg.ClientBase,
  { users, friends, requests, blocks }: People,
  passwordHash: string,
): Promise<void> {
  const ids = users.map(({ id }) => id)
  const created = users.map(({ createdAt }) => createdAt)
  await insert(client, 'users', [
    ['id', 'uuid', ids],
    ['email', 'text', users.map(({ username }) => `${username}@example.org`)],
    ['username', 'text', users.map(({ username }) => username)],
    ['name', 'text', users.map(({ name }) => name)],
    ['created_at', 'bigint', created],
    ['last_active_at', 'bigint', users.map(({ lastActiveAt }) => lastActiveAt)],
  ])
  await insert(client, 'credentials', [
    ['user_id', 'uuid', ids],
    ['password_hash', 'text', ids.map(() => passwordHash)],
    ['changed_at', 'bigint', created],
  ])
  await insert(client, 'friend_requests', [
    ['id', 'uuid', requests.map(({ id }) => id)],
    ['from_user', 'uuid', requests.map(({ from }) => from)],
    ['to_user', 'uuid', requests.map(({ to }) => to)],
    ['status', 'text', requests.map(({ status }) => status)],
    ['created_at', 'bigint', requests.map(({ createdAt }) => createdAt)],
    ['answered_at', 'bigint', requests.map(({ answeredAt }) => answeredAt)],
  ])
  const since = new Map(requests.map(({ from, to, answeredAt }) => [`${from} ${to}`, answeredAt]))
  const pairs = friends.map(([a, b]) => [ids[a] as UserId, ids[b] as UserId] as const)
  await insert(client, 'friendships', [
    ['user_a', 'uuid', pairs.map(([a, b]) => (a < b ? a : b))],
    ['user_b', 'uuid', pairs.map(([a, b]) => (a < b ? b : a))],
    ['since', 'bigint', pairs.map(([a, b]) => since.get(`${a} ${b}`))],
  ])
  await insert(client, 'blocks', [
    ['blocker', 'uuid', blocks.map(({ blocker }) => blocker)],
    ['blocked', 'uuid', blocks.map(({ blocked }) => blocked)],
    ['at', 'bigint', blocks.map(({ at }) => at)],
  ])
}

/** What people are told of requests that they have not answered. */
export async function storeRequestNotices(
  client: pg.ClientBase,
  random: Random,
  { requests }: People,
): Promise<void> {
  const open = requests.filter(({ status }) => status === 'PENDING')
  await insert(client, 'notifications', [
    ['id', 'uuid', open.map(({ createdAt }) => idAt(random, createdAt))],
    ['user_id', 'uuid', open.map(({ to }) => to)],
    ['kind', 'text', open.map(() => 'friend_request')],
    ['request_id', 'uuid', open.map(({ id }) => id)],
    ['actor', 'uuid', open.map(({ from }) => from)],
    ['created_at', 'bigint', open.map(({ createdAt }) => createdAt)],
  ])
}

export interface Said {
  readonly talk: Talk
  readonly event: Event
}

/** In the order it was said over all conversations: that is how the rows of a server that has run for years lie on disk. */
export async function storeEvents(client: pg.ClientBase, said: readonly Said[]): Promise<void> {
  const ordered = said.toSorted((a, b) => a.event.at - b.event.at || a.event.seq - b.event.seq)
  await insert(client, 'events', [
    ['conversation', 'uuid', ordered.map(({ talk }) => talk.id)],
    ['seq', 'bigint', ordered.map(({ event }) => event.seq)],
    ['id', 'uuid', ordered.map(({ event }) => event.id)],
    ['type', 'text', ordered.map(({ event }) => event.type)],
    ['author', 'uuid', ordered.map(({ event }) => event.author)],
    ['at', 'bigint', ordered.map(({ event }) => event.at)],
    ['hash', 'text', ordered.map(({ event }) => event.hash)],
    ['payload', 'jsonb', ordered.map(({ event }) => JSON.stringify(payloadOf(event)))],
  ])
}

/** The rows that every append keeps beside the log, as they are after the last event. */
export async function storeConversations(client: pg.ClientBase, talks: readonly Talk[]): Promise<void> {
  await insert(client, 'conversations', [
    ['id', 'uuid', talks.map(({ id }) => id)],
    ['kind', 'text', talks.map(({ crowd }) => crowd.meta.kind)],
    ['title', 'text', talks.map(({ crowd }) => crowd.meta.title)],
    ['topic', 'text', talks.map(({ crowd }) => crowd.meta.topic)],
    ['created_by', 'uuid', talks.map(({ creator }) => creator)],
    ['created_at', 'bigint', talks.map(({ plan }) => plan.from)],
    ['last_seq', 'bigint', talks.map(({ tip }) => tip.seq)],
    ['last_hash', 'text', talks.map(({ tip }) => tip.hash)],
    ['last_at', 'bigint', talks.map(({ tip }) => tip.at)],
  ])
}

/** Who is in it and has read how far, what they are still told of it, and the files that were sent. */
export async function storeMembers(
  client: pg.ClientBase,
  random: Random,
  talks: readonly Talk[],
  waiting: ReadonlyMap<Talk, Waiting>,
): Promise<void> {
  const rows: unknown[][] = []
  const notices: (WaitingNotice & { talk: Talk })[] = []
  for (const talk of talks) {
    const positions = readPositions(random, talk)
    for (const [user, { role, since }] of talk.crowd.members)
      rows.push([talk.id, user, role, since, positions.get(user)])
    for (const notice of waiting.get(talk)?.beyond(positions) ?? []) notices.push({ ...notice, talk })
  }
  const column = (index: number) => rows.map((row) => row[index])
  await insert(client, 'participants', [
    ['conversation', 'uuid', column(0)],
    ['user_id', 'uuid', column(1)],
    ['role', 'text', column(2)],
    ['since_seq', 'bigint', column(3)],
    ['read_seq', 'bigint', column(4)],
  ])
  await insert(client, 'notifications', [
    ['id', 'uuid', notices.map(({ at }) => idAt(random, at))],
    ['user_id', 'uuid', notices.map(({ user }) => user)],
    ['kind', 'text', notices.map(({ kind }) => kind)],
    ['conversation', 'uuid', notices.map(({ talk }) => talk.id)],
    ['seq', 'bigint', notices.map(({ seq }) => seq)],
    ['event_id', 'uuid', notices.map(({ event }) => event)],
    ['actor', 'uuid', notices.map(({ actor }) => actor)],
    ['created_at', 'bigint', notices.map(({ at }) => at)],
  ])
}

export async function storeAttachments(client: pg.ClientBase, sent: readonly Said[]): Promise<void> {
  const files = sent.flatMap(({ talk, event }) =>
    event.type === 'message' ? (event.attachments ?? []).map((file) => ({ talk, event, file })) : [],
  )
  await insert(client, 'attachments', [
    ['id', 'uuid', files.map(({ file }) => file.id)],
    ['key', 'uuid', files.map(({ file }) => file.id)],
    ['conversation', 'uuid', files.map(({ talk }) => talk.id)],
    ['uploader', 'uuid', files.map(({ event }) => event.author)],
    ['name', 'text', files.map(({ file }) => file.name)],
    ['media_type', 'text', files.map(({ file }) => file.mediaType)],
    ['bytes', 'bigint', files.map(({ file }) => file.bytes)],
    // There is no file: the seed is for what is asked of the database.
    ['sha256', 'bytea', files.map(() => Buffer.alloc(32))],
    ['width', 'integer', files.map(({ file }) => file.width ?? null)],
    ['height', 'integer', files.map(({ file }) => file.height ?? null)],
    ['created_at', 'bigint', files.map(({ event }) => event.at)],
    ['sent_at', 'bigint', files.map(({ event }) => event.at)],
  ])
}
