import type { UserId } from '@parley/protocol'
import { sql } from 'kysely'
import { announce } from '../db/announcements.ts'
import type { Db } from '../queries/db.ts'

/** The public ids of a user's sessions and tokens that open something now. */
export async function standingCredentials(db: Db, user: UserId): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    SELECT c.id FROM (
      SELECT encode(id_hash, 'hex') AS id FROM sessions WHERE user_id = ${user} AND expires_at > now()
      UNION ALL SELECT id::text FROM tokens WHERE user_id = ${user}
    ) c WHERE EXISTS (SELECT FROM users WHERE id = ${user} AND deleted_at IS NULL AND disabled_at IS NULL)`.execute(
    db,
  )
  return new Set(rows.map(({ id }) => id))
}

/** Ends every session and token of a user, on all servers (S4). */
export async function endCredentials(tx: Db, user: UserId): Promise<void> {
  await tx.deleteFrom('sessions').where('user_id', '=', user).execute()
  await tx.deleteFrom('tokens').where('user_id', '=', user).execute()
  await announce(tx, [{ about: 'credentials', user }])
}
