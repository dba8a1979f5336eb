import type { ConversationId, rest, UserId } from '@parley/protocol'
import { sql } from 'kysely'
import type { Db } from './db.ts'

export interface ChannelFilter {
  readonly text: string
  /** The last channel of the page before. */
  readonly after?: { readonly title: string; readonly id: ConversationId } | undefined
  readonly limit: number
}

/** Channels whose title begins with `text`, whatever its case and accents: all that those who are not in one may know of it [S2]. */
export async function findChannels(
  db: Db,
  viewer: UserId,
  { text, after, limit }: ChannelFilter,
): Promise<rest.Channel[]> {
  const { rows } = await sql<rest.Channel>`
    SELECT c.id, c.title, c.topic, c.member_count AS "memberCount",
           EXISTS (SELECT FROM participants p WHERE p.conversation = c.id AND p.user_id = ${viewer}) AS "isMember"
    FROM conversations c
    WHERE c.kind = 'channel' AND c.deleted_at IS NULL AND NOT c.archived
      AND c.title_key ^@ fold_name(${text})
      ${after === undefined ? sql`` : sql`AND (c.title_key, c.id) > (fold_name(${after.title}), ${after.id})`}
    ORDER BY c.title_key, c.id LIMIT ${limit}`.execute(db)
  return rows
}
