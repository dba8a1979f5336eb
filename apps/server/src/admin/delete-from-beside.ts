import type { Millis, UserId } from '@parley/protocol'
import type { CommandHandler } from '../commands/outcome.ts'
import { announce } from '../db/announcements.ts'
import type { Database } from '../db/database.ts'
import { deleteAccount } from '../http/delete-account.ts'
import { readCircles } from '../presence/read-circles.ts'
import type { Db } from '../queries/db.ts'

interface Deps {
  readonly database: Database
  readonly db: Db
  readonly handler: CommandHandler
  readonly now: () => Millis
}

/** Deletes an account as its owner would, and tells the servers whose devices will look different. */
export async function deleteFromBeside({ database, db, handler, now }: Deps, user: UserId): Promise<void> {
  // Afterwards a deleted account knows nobody.
  const circle = (await readCircles(database.pool, [user])).get(user)
  // That the credentials have ended is announced with their end.
  const auth = { announceErased: () => undefined }
  await deleteAccount({ db, handler, now, auth }, user)
  if (circle === undefined) return
  const [friends, conversations, blocks] = [
    [...circle.friends],
    [...circle.conversations],
    [...circle.blocks],
  ]
  await announce(db, [{ about: 'end', user, friends, conversations, blocks }])
}
