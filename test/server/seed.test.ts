import {
  type ConversationId,
  directConversationId,
  EMPTY_TIP,
  findChainFault,
  foldConversation,
  memberEvent,
  messageEvent,
  type UserId,
} from '@parley/protocol'
import { beforeAll, expect, test } from 'vitest'
import type { Database } from '../../apps/server/src/db/database.ts'
import { loadConversation } from '../../apps/server/src/log/load-conversation.ts'
import { eventsAfter } from '../../apps/server/src/queries/events.ts'
import { seed } from '../../scripts/seed/seed.ts'
import { useDatabase } from '../kit/database.ts'
import { nodeSha256 } from '../kit/logs.ts'

const SIZES = { users: 300, conversations: 60, events: 6000, seed: 7 }

const database = useDatabase()
const again = useDatabase()
let conversations: { id: ConversationId; kind: string }[]

beforeAll(async () => {
  await sow(again)
  await sow(database)
  ;({ rows: conversations } = await database.pool.query('SELECT id, kind FROM conversations ORDER BY id'))
})

async function sow({ pool }: Database): Promise<void> {
  const client = await pool.connect()
  try {
    await seed(client, SIZES, 'no password')
  } finally {
    // It is set up for seeding.
    client.release(true)
  }
}

const logOf = (conversation: ConversationId) => eventsAfter(database.kysely, conversation, 0, SIZES.events)

const read = async (sql: string): Promise<Record<string, unknown>[]> =>
  (await database.pool.query<Record<string, unknown>>(sql)).rows

test('a world has the size that was asked for, all kinds of conversations, and all that people do in them', async () => {
  const [counts] =
    await read(`SELECT (SELECT count(*) FROM users) AS users, (SELECT count(*) FROM conversations) AS
    conversations, (SELECT count(*) FROM events) AS events`)
  expect(counts).toMatchObject({ users: SIZES.users, conversations: SIZES.conversations })
  expect(Number(counts?.['events'])).toBeGreaterThan(SIZES.events * 0.95)
  expect(new Set(conversations.map(({ kind }) => kind))).toEqual(new Set(['direct', 'group', 'channel']))
  const seen =
    await read(`SELECT DISTINCT type AS it FROM events UNION SELECT DISTINCT payload ->> 'cause' FROM events
    WHERE type = 'member' UNION SELECT k FROM events, jsonb_object_keys(payload) k UNION SELECT DISTINCT kind FROM notifications`)
  expect(seen.map(({ it }) => it)).toEqual(
    expect.arrayContaining(
      `message reaction member meta created added joined left removed role replyTo mentions attachments on
       mention reply direct friend_request`.split(/\s+/),
    ),
  )
})

test('[L1, L5, L7] every log is numbered, timed and chained as if it had been said one by one', async () => {
  for (const { id } of conversations)
    expect(findChainFault(EMPTY_TIP, await logOf(id), nodeSha256)).toBeUndefined()
})

test('[L8] what is stored beside a log is the fold of it', async () => {
  for (const { id } of conversations) {
    const stored = await loadConversation(database.pool, id)
    expect(stored).toEqual({ is: 'present', conversation: foldConversation(await logOf(id)) })
  }
})

test('how many are in a conversation is how many there are', async () => {
  expect(
    await read(`SELECT c.id FROM conversations c WHERE c.member_count <>
                (SELECT count(*) FROM participants p WHERE p.conversation = c.id)`),
  ).toEqual([])
})

test('only members speak, to members, and of what was said there', async () => {
  for (const { id } of conversations) {
    const members = new Set<UserId>()
    const said = new Set<string>()
    for (const event of await logOf(id)) {
      if (event.type === 'member') {
        memberEvent.parse(event)
        if (event.role === null) members.delete(event.user)
        else members.add(event.user)
      } else if (event.type === 'message') {
        messageEvent.parse(event)
        expect(members).toContain(event.author)
        for (const mention of event.mentions ?? [])
          if (mention !== 'everyone') expect(members).toContain(mention)
        if (event.replyTo !== undefined) expect(said).toContain(event.replyTo)
        said.add(event.id)
      } else if (event.type === 'reaction') {
        expect(members).toContain(event.author)
        expect(said).toContain(event.to)
      }
    }
  }
})

test('direct conversations are of two friends and have the id of the pair', async () => {
  const pairs = await read(`SELECT p.conversation, array_agg(p.user_id ORDER BY p.user_id) AS pair,
      (SELECT count(*) FROM friendships f WHERE f.user_a = min(p.user_id::text)::uuid AND f.user_b = max(p.user_id::text)::uuid) AS friends
    FROM participants p JOIN conversations c ON c.id = p.conversation WHERE c.kind = 'direct' GROUP BY 1`)
  expect(pairs.length).toBeGreaterThan(0)
  for (const { conversation, pair, friends } of pairs) {
    const [a, b] = pair as [UserId, UserId]
    expect(directConversationId(a, b)).toBe(conversation)
    expect(friends).toBe(1)
  }
})

test('nobody has read further than the log goes, and what waits for them lies beyond what they have read', async () => {
  expect(
    await read(`SELECT FROM participants p JOIN conversations c ON c.id = p.conversation
                WHERE p.read_seq > c.last_seq OR p.read_seq < p.since_seq`),
  ).toEqual([])
  expect(
    await read(`SELECT FROM notifications n LEFT JOIN events e ON e.id = n.event_id AND e.conversation = n.conversation
                LEFT JOIN participants p ON p.conversation = n.conversation AND p.user_id = n.user_id
                WHERE n.event_id IS NOT NULL AND (e.seq IS DISTINCT FROM n.seq OR p.read_seq >= n.seq OR p.user_id IS NULL)`),
  ).toEqual([])
})

test('friends became so by an accepted request, and nobody is friend and blocked at once', async () => {
  expect(
    await read(`SELECT FROM friendships f WHERE NOT EXISTS (SELECT FROM friend_requests r WHERE r.status = 'ACCEPTED'
                  AND LEAST(r.from_user, r.to_user) = f.user_a AND GREATEST(r.from_user, r.to_user) = f.user_b)
                OR EXISTS (SELECT FROM blocks b WHERE LEAST(b.blocker, b.blocked) = f.user_a
                  AND GREATEST(b.blocker, b.blocked) = f.user_b)`),
  ).toEqual([])
})

test('the same numbers give the same world', async () => {
  for (const table of ['users', 'events', 'participants', 'notifications', 'friendships', 'attachments']) {
    const digest = `SELECT md5(string_agg(t::text, '' ORDER BY t::text)) AS digest FROM ${table} t`
    const { rows } = await again.pool.query<Record<string, unknown>>(digest)
    expect(await read(digest)).toEqual(rows)
  }
})

test('a database with people in it is left alone', async () => {
  await expect(sow(database)).rejects.toThrow('there are people in this database already')
})
