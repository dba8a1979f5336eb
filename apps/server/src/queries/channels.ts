import type { ConversationId, rest, UserId } from '@parley/protocol'
import { sql } from 'kysely'
import type { Db } from './db.ts'

export interface ChannelFilter {
  readonly text: string
  /** The last channel of the page before. */
  readonly after?: { readonly title: string; readonly id: ConversationId } | undefined
  readonly limit: number
}

/** As the index has it. */
const KEY = sql`(fold_name(c.title) COLLATE "C")`

/** Channels whose title begins with `text`, whatever its case and accents: all that those who are not in one may know of it [S2]. */
export async function findChannels(
  db: Db,
  viewer: UserId,
  { text, after, limit }: ChannelFilter,
): Promise<rest.Channel[]> {
  const { rows } = await sql<rest.Channel>`
    SELECT c.id, c.title, c.topic,
           (SELECT count(*) FROM participants p WHERE p.conversation = c.id) AS "memberCount",
           EXISTS (SELECT FROM participants p WHERE p.conversation = c.id AND p.user_id = ${viewer}) AS "isMember"
    FROM conversations c
    WHERE c.kind = 'channel' AND c.deleted_at IS NULL AND NOT c.archived
      AND ${KEY} ^@ fold_name(${text})
      ${after === undefined ? sql`` : sql`AND (${KEY}, c.id) > (fold_name(${after.title}), ${after.id})`}
    ORDER BY ${KEY}, c.id LIMIT ${limit}`.execute(db)
  return rows
}
