import {
  type CommandId,
  type ConversationId,
  type Kind,
  type Millis,
  newId,
  type Seq,
  type UserId,
} from '@parley/protocol'
import { sql } from 'kysely'
import type { Appender } from '../log/appender.ts'
import type { Branch } from '../log/branch.ts'
import type { Db } from '../queries/db.ts'
import { AdminError } from './admin-error.ts'

export interface ConversationLine {
  readonly id: ConversationId
  readonly kind: Kind
  readonly title: string
  readonly archived: boolean
  readonly members: number
  readonly owner: string | null
  readonly events: Seq
  readonly lastAt: Millis
}

export interface ConversationFilter {
  readonly kind?: Kind | undefined
  /** Part of a title. */
  readonly query?: string | undefined
  readonly member?: UserId | undefined
  readonly limit: number
}

/** Newest activity first; and how many there are beyond the limit. */
export async function listConversations(
  db: Db,
  { kind, query, member, limit }: ConversationFilter,
): Promise<{ conversations: ConversationLine[]; total: number }> {
  const pattern = `%${(query ?? '').replaceAll(/[\\%_]/g, '\\$&')}%`
  const { rows } = await sql<ConversationLine & { total: number }>`
    WITH found AS (
      SELECT c.*, count(*) OVER () AS total FROM conversations c
      WHERE c.deleted_at IS NULL
        ${kind === undefined ? sql`` : sql`AND c.kind = ${kind}`}
        ${query === undefined ? sql`` : sql`AND c.title ILIKE ${pattern}`}
        ${member === undefined ? sql`` : sql`AND EXISTS (SELECT FROM participants p WHERE p.conversation = c.id AND p.user_id = ${member})`}
      ORDER BY c.last_at DESC, c.id DESC LIMIT ${limit}
    )
    SELECT f.id, f.kind, f.title, f.archived, f.last_seq AS events, f.last_at AS "lastAt", f.total,
           (SELECT count(*) FROM participants p WHERE p.conversation = f.id) AS members,
           (SELECT COALESCE(u.username, u.name) FROM participants p JOIN users u ON u.id = p.user_id
            WHERE p.conversation = f.id AND p.role = 'owner' ORDER BY p.since_seq LIMIT 1) AS owner
    FROM found f ORDER BY f.last_at DESC, f.id DESC`.execute(db)
  return { conversations: rows.map(({ total: _total, ...line }) => line), total: rows[0]?.total ?? 0 }
}

/** Who settles a command that nobody on the server gave. */
const OPERATOR = '00000000-0000-7000-8000-000000000000' as UserId

/**
 * Deletes a conversation for everyone, whoever owns it: by the appender, like its owner would. Whether
 * there was anything left to delete; throws `not_found` for one that never was.
 */
export async function deleteConversation(appender: Appender, conversation: ConversationId): Promise<boolean> {
  const stored = await appender.read(conversation)
  if (stored.is === 'deleted') return false
  if (stored.is === 'absent') throw new AdminError('not_found', `there is no conversation ${conversation}`)
  const id = newId<CommandId>()
  const decide = (branch: Branch) => {
    if (!branch.isDeleted) branch.delete(id, OPERATOR)
    return { refuses: false }
  }
  await appender.submit([{ conversation, commands: [id], prepare: undefined, decide }])
  return true
}
