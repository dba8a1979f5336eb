import type { ConversationId, MemberEvent, MessageEvent, MetaEvent, Millis } from '@parley/protocol'
import type pg from 'pg'
import type { Append } from './append-statement.ts'

/** Whether an append changes more than the log: then it needs a transaction of several statements. */
export const hasSideEffects = ({ branch }: Append): boolean =>
  branch.createsConversation ||
  branch.deletesConversation ||
  branch.silent.length > 0 ||
  branch.events.some((event) => event.type === 'member' || event.type === 'meta' || 'attachments' in event)

/** What was decided on is no longer there: all of it has to be decided again. */
export class Outdated extends Error {}

/** Makes the rows of conversations that begin with this batch, for the append to move. */
export async function createConversations(client: pg.PoolClient, appends: readonly Append[]): Promise<void> {
  for (const { conversation, branch } of appends) {
    const [first] = branch.events
    if (!branch.createsConversation || first === undefined) continue
    const kind = first.type === 'meta' ? first.kind : undefined
    // Somebody else may have created it meanwhile: then the append finds its tip moved.
    await client.query(
      `INSERT INTO conversations (id, kind, created_by, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING`,
      [conversation, kind, first.author, first.at],
    )
  }
}

/** Brings the side tables to what the appended events say, in the transaction that appends them. */
export async function applySideEffects(
  client: pg.PoolClient,
  appends: readonly Append[],
  moved: ReadonlySet<ConversationId>,
): Promise<void> {
  for (const append of appends) {
    const { conversation, branch } = append
    if (!moved.has(conversation)) continue
    for (const { id, author } of branch.silent) {
      await client.query(
        `INSERT INTO settled_commands (id, author, at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING`,
        [id, author, branch.now],
      )
    }
    if (branch.deletesConversation) {
      await deleteConversation(client, conversation, branch.now)
      continue
    }
    for (const event of branch.events) {
      if (event.type === 'member') await applyMember(client, conversation, event)
      else if (event.type === 'meta') await applyMeta(client, conversation, event)
      else if (event.type === 'message') await keepAttachments(client, conversation, event)
    }
  }
}

/**
 * From now on the files of a message stay. Throws {@link Outdated} where one has been thrown away
 * since it was decided (attachments/sweep.ts): whoever locks its row first has it.
 */
async function keepAttachments(
  client: pg.PoolClient,
  conversation: ConversationId,
  { attachments, at }: MessageEvent,
): Promise<void> {
  if (attachments === undefined) return
  const { rowCount } = await client.query(
    `UPDATE attachments SET sent_at = COALESCE(sent_at, $3) WHERE conversation = $1 AND id = ANY ($2::uuid[])`,
    [conversation, attachments.map(({ id }) => id), at],
  )
  if (rowCount !== attachments.length) throw new Outdated()
}

async function applyMember(
  client: pg.PoolClient,
  conversation: ConversationId,
  event: MemberEvent,
): Promise<void> {
  if (event.role === null) {
    await client.query(`DELETE FROM participants WHERE conversation = $1 AND user_id = $2`, [
      conversation,
      event.user,
    ])
    await client.query(`DELETE FROM notifications WHERE conversation = $1 AND user_id = $2`, [
      conversation,
      event.user,
    ])
  } else {
    await client.query(
      // What was said before somebody came is there to read, and is not their unread (R2).
      `INSERT INTO participants (conversation, user_id, role, since_seq, read_seq) VALUES ($1, $2, $3, $4, $4)
       ON CONFLICT (conversation, user_id) DO UPDATE SET role = excluded.role`,
      [conversation, event.user, event.role, event.seq],
    )
  }
}

async function applyMeta(
  client: pg.PoolClient,
  conversation: ConversationId,
  event: MetaEvent,
): Promise<void> {
  const { title, topic, avatar, archived, posting, inviting } = event
  await client.query(
    `UPDATE conversations SET title = COALESCE($2, title), topic = COALESCE($3, topic), avatar = COALESCE($4, avatar),
            archived = COALESCE($5, archived), posting = COALESCE($6, posting), inviting = COALESCE($7, inviting)
     WHERE id = $1`,
    [conversation, title, topic, avatar, archived, posting, inviting],
  )
}

/** The row stays as a tombstone; everything said and everybody in it goes. */
async function deleteConversation(
  client: pg.PoolClient,
  conversation: ConversationId,
  now: Millis,
): Promise<void> {
  await client.query(
    `UPDATE conversations SET deleted_at = $2, title = '', topic = '', avatar = '' WHERE id = $1`,
    [conversation, now],
  )
  // Its creation, sent again, is still a repeat and not an attempt to take a used id (C1).
  await client.query(
    `INSERT INTO settled_commands (id, author, at)
     SELECT id, author, $2 FROM events WHERE conversation = $1 AND seq = 1 ON CONFLICT (id) DO NOTHING`,
    [conversation, now],
  )
  await client.query(`DELETE FROM events WHERE conversation = $1`, [conversation])
  await client.query(`DELETE FROM participants WHERE conversation = $1`, [conversation])
  await client.query(`DELETE FROM attachments WHERE conversation = $1`, [conversation])
  await client.query(`DELETE FROM notifications WHERE conversation = $1`, [conversation])
  await client.query(`DELETE FROM documents WHERE name = 'conversation/' || $1::text`, [conversation])
}
