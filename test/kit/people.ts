import { type Command, type ConversationId, newId, type UserId } from '@parley/protocol'
import type pg from 'pg'

/** Rows of people who exist, for tests that need authors and no log-in. */
export async function addPeople(pool: pg.Pool, count: number): Promise<UserId[]> {
  const ids = Array.from({ length: count }, () => newId<UserId>())
  await pool.query(
    `INSERT INTO users (id, email, username, name, created_at)
     SELECT id, id || '@example.org', 'u' || replace(substr(id::text, 1, 8) || substr(id::text, 20), '-', ''), 'Person', 0
     FROM unnest($1::uuid[]) AS u (id)`,
    [ids],
  )
  return ids
}

export async function befriend(pool: pg.Pool, a: UserId, b: UserId): Promise<void> {
  await pool.query(
    `INSERT INTO friendships (user_a, user_b, since) VALUES (LEAST($1::uuid, $2), GREATEST($1::uuid, $2), 0)`,
    [a, b],
  )
}

export const createGroup = (
  conversation: ConversationId,
  members: readonly UserId[] = [],
  title = 'Crew',
): Command => ({
  id: newId(),
  createdAt: 1,
  type: 'conversation.create',
  conversation,
  kind: 'group',
  title,
  members: [...members],
})

export const say = (conversation: ConversationId, text: string): Command & { type: 'message.send' } => ({
  id: newId(),
  createdAt: 1,
  type: 'message.send',
  conversation,
  text,
})
