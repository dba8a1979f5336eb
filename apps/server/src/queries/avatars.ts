import type { Millis } from '@parley/protocol'
import { sql } from 'kysely'
import type { Db } from './db.ts'

export interface StoredAvatar {
  readonly hash: string
  readonly key: string
  readonly bytes: number
}

/** What of a picture's address stands before its hash; the whole is what a profile or a conversation holds. */
export const AVATAR_PATH = '/api/avatars/'

export async function avatarByHash(db: Db, hash: string): Promise<StoredAvatar | undefined> {
  return db.selectFrom('avatars').select(['hash', 'key', 'bytes']).where('hash', '=', hash).executeTakeFirst()
}

/** It was given again: nobody tidies it away for a while. Answers whether it is there. */
export async function renewAvatar(db: Db, hash: string, now: Millis): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('avatars')
    .set({ at: now })
    .where('hash', '=', hash)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** A file of this key is going to be there: unless a row names it by `until`, it is removed. */
export async function reserveFile(db: Db, key: string, until: Millis): Promise<void> {
  await db.insertInto('discarded_files').values({ key, at: until }).execute()
}

/** Names a file that is there. If somebody has brought the same picture at this moment, theirs stays and ours goes. */
export async function keepAvatar(db: Db, avatar: StoredAvatar, now: Millis): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const kept = await sql<{ key: string }>`
      INSERT INTO avatars (hash, key, bytes, at) VALUES (${avatar.hash}, ${avatar.key}, ${avatar.bytes}, ${now})
      ON CONFLICT (hash) DO UPDATE SET at = excluded.at RETURNING key`.execute(tx)
    if (kept.rows[0]?.key === avatar.key)
      await tx.deleteFrom('discarded_files').where('key', '=', avatar.key).execute()
  })
}

/** Pictures that nobody shows and that were last given before `before`; their files follow (migration 0008). */
export async function dropUnusedAvatars(db: Db, before: Millis, batch: number): Promise<bigint> {
  const { numAffectedRows = 0n } = await sql`
    DELETE FROM avatars WHERE hash IN (
      SELECT hash FROM avatars a WHERE at < ${before}
        AND NOT EXISTS (SELECT FROM users WHERE avatar = ${AVATAR_PATH} || a.hash)
        AND NOT EXISTS (SELECT FROM conversations WHERE avatar = ${AVATAR_PATH} || a.hash AND avatar <> '')
      LIMIT ${batch} FOR UPDATE SKIP LOCKED)`.execute(db)
  return numAffectedRows
}
