import type { Attachment, AttachmentId, ConversationId, Millis, UserId } from '@parley/protocol'
import { sql } from 'kysely'
import type { Db } from './db.ts'
import type { Upload } from './uploads.ts'

/** A finished file, as it is served. */
export interface StoredAttachment {
  readonly id: AttachmentId
  readonly conversation: ConversationId
  readonly key: string
  readonly name: string
  readonly media_type: string
  readonly bytes: number
  readonly sha256: Buffer
  /** Of images that could be measured, which have a preview too; null of all else. */
  readonly width: number | null
  readonly height: number | null
  readonly preview_bytes: number | null
}

/** As a message names it. */
export const toAttachment = (row: StoredAttachment): Attachment => ({
  id: row.id,
  name: row.name,
  mediaType: row.media_type,
  bytes: row.bytes,
  ...(row.width !== null && row.height !== null && { width: row.width, height: row.height }),
})

/** What is found out about a file when it is whole. */
export type Findings = Pick<StoredAttachment, 'media_type' | 'sha256' | 'width' | 'height' | 'preview_bytes'>

/** Makes an upload an attachment; answers false, and does nothing, if the upload was given up meanwhile. */
export async function keepAttachment(
  db: Db,
  upload: Upload,
  bytes: number,
  findings: Findings,
  now: Millis,
): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const there =
      await sql`SELECT FROM uploads WHERE id = ${upload.id} AND key = ${upload.key} FOR UPDATE`.execute(tx)
    if (there.rows.length === 0) return false
    const { id, key, conversation, uploader, name } = upload
    await tx
      .insertInto('attachments')
      .values({ id, key, conversation, uploader, name, bytes, ...findings, created_at: now })
      .execute()
    // Only now, so that the key passes on and the file is not thrown away (migration 0004).
    await tx.deleteFrom('uploads').where('id', '=', id).execute()
    return true
  })
}

/** The file of a key is, or may be, there although no row names it: it is removed by the next sweep. */
export async function discardFile(db: Db, key: string, now: Millis): Promise<void> {
  await sql`
    INSERT INTO discarded_files (key, at) VALUES (${key}, ${now})
    ON CONFLICT (key) DO UPDATE SET at = discarded_files.at + 1`.execute(db)
}

const COLUMNS = sql`
  a.id, a.conversation, a.key, a.name, a.media_type, a.bytes, a.sha256, a.width, a.height, a.preview_bytes`

/**
 * What `user` may fetch: files of messages of their conversations, and their own that no message
 * names yet. Undefined for all others, whether or not there are such.
 */
export async function readableAttachment(
  db: Db,
  user: UserId,
  id: AttachmentId,
): Promise<StoredAttachment | undefined> {
  const { rows } = await sql<StoredAttachment>`
    SELECT ${COLUMNS} FROM attachments a
    WHERE a.id = ${id} AND CASE WHEN a.sent_at IS NULL THEN a.uploader = ${user}
      ELSE EXISTS (SELECT FROM participants p JOIN conversations c ON c.id = p.conversation
                   WHERE p.conversation = a.conversation AND p.user_id = ${user} AND c.deleted_at IS NULL) END`.execute(
    db,
  )
  return rows[0]
}

/** A finished upload of the user's own, sent or not. */
export async function ownAttachment(
  db: Db,
  user: UserId,
  id: AttachmentId,
): Promise<(StoredAttachment & { readonly sent_at: Millis | null }) | undefined> {
  const { rows } = await sql<StoredAttachment & { sent_at: Millis | null }>`
    SELECT ${COLUMNS}, a.sent_at FROM attachments a WHERE a.id = ${id} AND a.uploader = ${user}`.execute(db)
  return rows[0]
}

/** Throws away what no message names; answers false where a message does by now. */
export async function dropUnsent(db: Db, user: UserId, id: AttachmentId): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('attachments')
    .where('id', '=', id)
    .where('uploader', '=', user)
    .where('sent_at', 'is', null)
    .executeTakeFirst()
  return numDeletedRows > 0n
}
