import type { ConversationId, rest, UserId } from '@parley/protocol'
import type { Db } from './db.ts'

export interface MemberFilter {
  readonly user?: UserId
  /** The last one of the page before. */
  readonly after?: UserId | undefined
  readonly limit: number
}

/** The people in a conversation, in the order of their ids, which a channel of any size can be paged by. */
export async function membersOf(
  db: Db,
  conversation: ConversationId,
  filter: MemberFilter,
): Promise<rest.MemberListing[]> {
  let query = db
    .selectFrom('participants as p')
    .innerJoin('users as u', 'u.id', 'p.user_id')
    .select(['p.user_id', 'p.role', 'p.since_seq', 'p.read_seq', 'u.username', 'u.name'])
    .where('p.conversation', '=', conversation)
    .orderBy('p.user_id')
    .limit(filter.limit)
  if (filter.user !== undefined) query = query.where('p.user_id', '=', filter.user)
  if (filter.after !== undefined) query = query.where('p.user_id', '>', filter.after)
  const rows = await query.execute()
  return rows.map((row) => ({
    user: row.user_id,
    role: row.role,
    since: row.since_seq,
    username: row.username ?? '',
    name: row.name,
    readSeq: row.read_seq,
  }))
}
