import type { ConversationId, UserId } from '@parley/protocol'
import type pg from 'pg'
import type { Circle } from './circles.ts'

interface CircleRow {
  readonly id: UserId
  readonly conversations: ConversationId[]
  readonly friends: UserId[]
  readonly blocks: UserId[]
}

/** The circles of these people, in one query over indexes that begin with the person. */
export async function readCircles(
  pool: pg.Pool,
  users: readonly UserId[],
): Promise<ReadonlyMap<UserId, Circle>> {
  const { rows } = await pool.query<CircleRow>(
    `SELECT u.id,
            ARRAY(SELECT p.conversation FROM participants p JOIN conversations c ON c.id = p.conversation
                  WHERE p.user_id = u.id AND c.kind <> 'channel' AND c.deleted_at IS NULL) AS conversations,
            ARRAY(SELECT f.user_b FROM friendships f WHERE f.user_a = u.id
                  UNION ALL SELECT f.user_a FROM friendships f WHERE f.user_b = u.id) AS friends,
            ARRAY(SELECT b.blocked FROM blocks b WHERE b.blocker = u.id) AS blocks
     FROM unnest($1::uuid[]) AS u (id)`,
    [users],
  )
  return new Map(
    rows.map(({ id, conversations, friends, blocks }) => [
      id,
      { conversations: new Set(conversations), friends: new Set(friends), blocks: new Set(blocks) },
    ]),
  )
}
