import type { Conversation, ConversationId, Kind, Member, Role, UserId } from '@parley/protocol'
import type pg from 'pg'
import type { Stored } from './branch.ts'

interface Row {
  kind: Kind
  title: string
  topic: string
  avatar: string
  archived: boolean
  posting: Conversation['posting']
  inviting: Conversation['inviting']
  last_seq: number
  last_hash: string
  last_at: number
  deleted_at: number | null
  members: [UserId, Role, number][] | null
}

/**
 * What a log has made of its conversation, from the side tables that every append keeps beside it:
 * a log of a million events loads like one of ten. One statement, so that row and members are of
 * the same moment.
 */
export async function loadConversation(db: pg.Pool | pg.PoolClient, id: ConversationId): Promise<Stored> {
  const { rows } = await db.query<Row>({
    name: 'load-conversation',
    text: `SELECT c.kind, c.title, c.topic, c.avatar, c.archived, c.posting, c.inviting,
                  c.last_seq, c.last_hash, c.last_at, c.deleted_at,
                  (SELECT json_agg(json_build_array(p.user_id, p.role, p.since_seq))
                   FROM participants p WHERE p.conversation = c.id) AS members
           FROM conversations c WHERE c.id = $1`,
    values: [id],
  })
  const [row] = rows
  if (row === undefined) return { is: 'absent' }
  if (row.deleted_at !== null) return { is: 'deleted' }
  const { kind, title, topic, avatar, archived, posting, inviting } = row
  const members = new Map<UserId, Member>(
    (row.members ?? []).map(([user, role, since]) => [user, { role, since }]),
  )
  const tip = { seq: row.last_seq, hash: row.last_hash, at: row.last_at }
  return {
    is: 'present',
    conversation: { tip, kind, title, topic, avatar, archived, posting, inviting, members },
  }
}
