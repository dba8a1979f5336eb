import { accountDocument, type Millis, type rest, type UserId } from '@parley/protocol'
import { sql } from 'kysely'
import { endCredentials } from '../auth/credentials.ts'
import type { Db } from './db.ts'
import { DELETED_USER_NAME } from './users.ts'

export type ProfileChange = Pick<rest.UpdateUser, 'name' | 'username' | 'email' | 'avatar'>

export async function updateProfile(db: Db, user: UserId, change: ProfileChange): Promise<void> {
  const { name, username, email, avatar } = change
  const set = {
    ...(name !== undefined && { name }),
    ...(username !== undefined && { username }),
    ...(email !== undefined && { email }),
    ...(avatar !== undefined && { avatar: avatar === '' ? null : avatar }),
  }
  if (Object.keys(set).length === 0) return
  await db.updateTable('users').set(set).where('id', '=', user).where('deleted_at', 'is', null).execute()
}

/**
 * Takes away everything that is the user's own. The row stays without a name, because the log goes on
 * naming it as an author; answered friend requests stay as the history of the other side.
 */
export async function eraseUser(db: Db, user: UserId, now: Millis): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await endCredentials(tx, user)
    await tx.deleteFrom('credentials').where('user_id', '=', user).execute()
    await tx.deleteFrom('documents').where('name', '=', accountDocument(user)).execute()
    await tx
      .deleteFrom('friendships')
      .where((eb) => eb.or([eb('user_a', '=', user), eb('user_b', '=', user)]))
      .execute()
    await tx
      .deleteFrom('blocks')
      .where((eb) => eb.or([eb('blocker', '=', user), eb('blocked', '=', user)]))
      .execute()
    await tx
      .deleteFrom('friend_requests')
      .where('status', '=', 'PENDING')
      .where((eb) => eb.or([eb('from_user', '=', user), eb('to_user', '=', user)]))
      .execute()
    await tx.deleteFrom('notifications').where('user_id', '=', user).execute()
    await tx.deleteFrom('notification_preferences').where('user_id', '=', user).execute()
    // What was sent stays with its message; the files of the rest follow their rows.
    await tx.deleteFrom('uploads').where('uploader', '=', user).execute()
    await tx.deleteFrom('attachments').where('uploader', '=', user).where('sent_at', 'is', null).execute()
    await tx.deleteFrom('active_connections').where('user_id', '=', user).execute()
    await sql`
      UPDATE users SET email = NULL, username = NULL, avatar = NULL, name = ${DELETED_USER_NAME}, is_admin = false,
             last_active_at = NULL, deleted_at = ${now}
      WHERE id = ${user}`.execute(tx)
  })
}
