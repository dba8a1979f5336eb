import {
  type ConversationId,
  type Event,
  type Kind,
  rest,
  type Role,
  type Seq,
  type UserId,
} from '@parley/protocol'
import { sql } from 'kysely'
import type { Db } from './db.ts'
import { toUser, type UserRow } from './users.ts'

/** How many of a conversation's people a list shows: enough for a title and a few faces. */
const FACES = 8

interface SummaryRow {
  id: ConversationId
  kind: Kind
  title: string
  topic: string
  avatar: string
  archived: boolean
  posting: 'members' | 'admins'
  inviting: 'admins' | 'members'
  last_seq: Seq
  last_hash: string
  last_at: number
  last_event: Event | null
  read_seq: Seq
  role: Role
  unread: number
  mentions: number
  member_count: number
  faces: Omit<UserRow, 'last_active_at'>[] | null
}

export interface ListFilter {
  readonly id?: ConversationId
  /** The last conversation of the page before. */
  readonly before?: { readonly lastAt: number; readonly id: ConversationId } | undefined
  readonly limit: number
}

/**
 * The conversations of `user`, newest activity first, with what is unread in them: a function of the
 * log and the read position, counted anew each time, so that it cannot be stuck [R2].
 *
 * Membership is the join with `participants`: of a conversation one is not in nothing comes out. The
 * page is cut first, and only for its rows anything is counted. Both counts walk an index in order and
 * stop at a limit, so a million unread messages cost what a thousand do; without the ORDER BY the
 * planner takes a bitmap, which is read whole before the limit counts. What is unread is counted in the
 * key of the log alone; mentions have an index of their own, of messages that mention somebody.
 */
export async function conversationsOf(
  db: Db,
  user: UserId,
  filter: ListFilter,
): Promise<rest.ConversationSummary[]> {
  const { rows } = await sql<SummaryRow>`
    WITH page AS (
      SELECT c.*, p.role, p.read_seq FROM participants p JOIN conversations c ON c.id = p.conversation
      WHERE p.user_id = ${user} AND c.deleted_at IS NULL
        ${filter.id === undefined ? sql`` : sql`AND c.id = ${filter.id}`}
        ${filter.before === undefined ? sql`` : sql`AND (c.last_at, c.id) < (${filter.before.lastAt}, ${filter.before.id})`}
      ORDER BY c.last_at DESC, c.id DESC LIMIT ${filter.limit}
    )
    SELECT page.id, page.kind, page.title, page.topic, page.avatar, page.archived, page.posting, page.inviting,
           page.last_seq, page.last_hash, page.last_at, page.read_seq, page.role,
           (SELECT jsonb_build_object('seq', e.seq, 'id', e.id, 'type', e.type, 'author', e.author, 'at', e.at,
                                      'hash', e.hash) || e.payload
            FROM events e WHERE e.conversation = page.id AND e.seq = page.last_seq) AS last_event,
           (SELECT count(*) FROM (
              SELECT FROM events e
              WHERE e.conversation = page.id AND e.seq > page.read_seq AND e.type = 'message' AND e.author <> ${user}
              ORDER BY e.seq LIMIT ${rest.COUNT_LIMIT}) m) AS unread,
           (SELECT count(*) FILTER (WHERE m.mentions ?| ARRAY[${user}::text, 'everyone']) FROM (
              SELECT e.payload -> 'mentions' AS mentions FROM events e
              WHERE e.conversation = page.id AND e.seq > page.read_seq AND e.type = 'message' AND e.author <> ${user}
                AND e.payload ? 'mentions'
              ORDER BY e.seq DESC LIMIT ${rest.COUNT_LIMIT}) m) AS mentions,
           page.member_count,
           CASE WHEN page.kind <> 'channel' THEN (
             SELECT jsonb_agg(f ORDER BY f.name_key, f.id) FROM (
               SELECT u.id, u.username, u.name, u.name_key, u.avatar
               FROM (SELECT user_id FROM participants p
                     WHERE p.conversation = page.id ORDER BY user_id LIMIT ${FACES}) few
               JOIN users u ON u.id = few.user_id) f) END AS faces
    FROM page ORDER BY page.last_at DESC, page.id DESC`.execute(db)
  return rows.map(toSummary)
}

const toSummary = (row: SummaryRow): rest.ConversationSummary => ({
  id: row.id,
  kind: row.kind,
  title: row.title,
  ...(row.topic !== '' && { topic: row.topic }),
  ...(row.avatar !== '' && { avatar: row.avatar }),
  archived: row.archived,
  posting: row.posting,
  inviting: row.inviting,
  lastSeq: row.last_seq,
  lastHash: row.last_hash,
  lastAt: row.last_at,
  ...(row.last_event !== null && { lastEvent: row.last_event }),
  readSeq: row.read_seq,
  unread: row.unread,
  mentions: row.mentions,
  role: row.role,
  memberCount: row.member_count,
  members: (row.faces ?? []).map((face) => toUser({ ...face, last_active_at: null })),
})

/** Whether `user` may read the conversation, and where its log ends; undefined when not, or when there is none. */
export async function lastSeqFor(
  db: Db,
  user: UserId,
  conversation: ConversationId,
): Promise<Seq | undefined> {
  const row = await db
    .selectFrom('participants')
    .innerJoin('conversations', 'conversations.id', 'participants.conversation')
    .select('conversations.last_seq')
    .where('participants.conversation', '=', conversation)
    .where('participants.user_id', '=', user)
    .where('conversations.deleted_at', 'is', null)
    .executeTakeFirst()
  return row?.last_seq
}

/** What `user` can leave: everything but conversations of two, which have no leaving. */
export async function leavableConversations(db: Db, user: UserId): Promise<ConversationId[]> {
  const rows = await db
    .selectFrom('participants')
    .innerJoin('conversations', 'conversations.id', 'participants.conversation')
    .select('conversations.id')
    .where('participants.user_id', '=', user)
    .where('conversations.kind', '<>', 'direct')
    .where('conversations.deleted_at', 'is', null)
    .execute()
  return rows.map((row) => row.id)
}
