import type { AttachmentId, ConversationId, Limits, Millis, UserId } from '@parley/protocol'
import { sql } from 'kysely'
import type { Db } from './db.ts'

/** A file on its way in. */
export interface Upload {
  readonly id: AttachmentId
  /** Names what has arrived of it, and the finished file. */
  readonly key: string
  readonly conversation: ConversationId
  readonly uploader: UserId
  readonly name: string
  readonly claimed_type: string | null
  /** How long it is going to be; null until it is declared. */
  readonly bytes: number | null
  readonly created_at: Millis
  readonly expires_at: Millis
}

/** How long nothing may arrive of an upload until it is given up. */
export const UPLOAD_EXPIRES_MS = 24 * 60 * 60 * 1000

export interface WantedUpload {
  readonly id: AttachmentId
  readonly conversation: ConversationId
  readonly uploader: UserId
  readonly name: string
  readonly claimedType: string | undefined
  readonly bytes: number | undefined
}

export type AttachmentLimits = Pick<Limits, 'attachmentBytes' | 'pendingUploads' | 'pendingUploadBytes'>

/** What became of a wish to upload; `full` names the limit that was met. */
export type Reserved =
  | { readonly is: 'reserved' | 'there'; readonly upload: Upload }
  /** The id stands for another file, or for somebody else's. */
  | { readonly is: 'taken' }
  | { readonly is: 'full'; readonly limit: 'pendingUploads' | 'pendingUploadBytes' }
  /** The account ended meanwhile. */
  | { readonly is: 'nobody' }

/**
 * Keeps a place for an upload, unless it has one (C1) or too much of the user's waits to be sent
 * already. What has no declared length counts as the longest.
 */
export async function reserveUpload(
  db: Db,
  wanted: WantedUpload,
  limits: AttachmentLimits,
  now: Millis,
): Promise<Reserved> {
  return db.transaction().execute(async (tx) => {
    // One at a time for each user: each must count what the one before has taken.
    const user = await sql`
      SELECT FROM users WHERE id = ${wanted.uploader} AND deleted_at IS NULL FOR NO KEY UPDATE`.execute(tx)
    if (user.rows.length === 0) return { is: 'nobody' }
    const upload = await uploadById(tx, wanted.id)
    if (upload !== undefined) {
      if (!isSame(upload, wanted)) return { is: 'taken' }
      // Also one that was to be given up and has not been yet.
      await tx
        .updateTable('uploads')
        .set({ expires_at: now + UPLOAD_EXPIRES_MS })
        .where('id', '=', upload.id)
        .execute()
      return { is: 'there', upload: { ...upload, expires_at: now + UPLOAD_EXPIRES_MS } }
    }
    const { rows } = await sql<{ taken: boolean; count: number; bytes: number }>`
      SELECT EXISTS (SELECT FROM attachments WHERE id = ${wanted.id}) AS taken,
             count(*) AS count, COALESCE(sum(bytes), 0)::bigint AS bytes
      FROM (SELECT COALESCE(bytes, ${limits.attachmentBytes}) AS bytes FROM uploads WHERE uploader = ${wanted.uploader}
            UNION ALL
            SELECT bytes FROM attachments WHERE uploader = ${wanted.uploader} AND sent_at IS NULL) pending`.execute(
      tx,
    )
    const [pending] = rows
    if (pending === undefined || pending.taken) return { is: 'taken' }
    if (pending.count >= limits.pendingUploads) return { is: 'full', limit: 'pendingUploads' }
    if (pending.bytes + (wanted.bytes ?? limits.attachmentBytes) > limits.pendingUploadBytes)
      return { is: 'full', limit: 'pendingUploadBytes' }
    const { claimedType = null, bytes = null } = wanted
    const inserted = await sql<Upload>`
      INSERT INTO uploads (id, key, conversation, uploader, name, claimed_type, bytes, created_at, expires_at)
      VALUES (${wanted.id}, gen_random_uuid(), ${wanted.conversation}, ${wanted.uploader}, ${wanted.name},
              ${claimedType}, ${bytes}, ${now}, ${now + UPLOAD_EXPIRES_MS})
      ON CONFLICT (id) DO NOTHING RETURNING *`.execute(tx)
    const [reserved] = inserted.rows
    // Somebody else has taken the id at this moment.
    return reserved === undefined ? { is: 'taken' } : { is: 'reserved', upload: reserved }
  })
}

const isSame = (upload: Upload, wanted: WantedUpload): boolean =>
  upload.uploader === wanted.uploader &&
  upload.conversation === wanted.conversation &&
  (upload.bytes === null || wanted.bytes === undefined || upload.bytes === wanted.bytes)

/** The user's own upload; undefined for another's, one that was given up, or none. */
export async function uploadOf(
  db: Db,
  uploader: UserId,
  id: AttachmentId,
  now: Millis,
): Promise<Upload | undefined> {
  const { rows } = await sql<Upload>`
    SELECT * FROM uploads WHERE id = ${id} AND uploader = ${uploader} AND expires_at > ${now}`.execute(db)
  return rows[0]
}

export async function uploadById(db: Db, id: AttachmentId): Promise<Upload | undefined> {
  const { rows } = await sql<Upload>`SELECT * FROM uploads WHERE id = ${id}`.execute(db)
  return rows[0]
}

/** Something arrives of it: it is waited for as long again. Answers whether it is still there. */
export async function prolongUpload(db: Db, id: AttachmentId, now: Millis): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('uploads')
    .set({ expires_at: now + UPLOAD_EXPIRES_MS })
    .where('id', '=', id)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function declareLength(db: Db, id: AttachmentId, bytes: number): Promise<void> {
  await db.updateTable('uploads').set({ bytes }).where('id', '=', id).execute()
}

/** Gives it up; what has arrived of it follows (migration 0004). */
export async function dropUpload(db: Db, id: AttachmentId): Promise<void> {
  await db.deleteFrom('uploads').where('id', '=', id).execute()
}
