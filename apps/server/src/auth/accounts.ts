import { type Millis, newId, type rest, type UserId } from '@parley/protocol'
import { sql } from 'kysely'
import type { Db } from '../queries/db.ts'
import { violatedConstraint } from '../queries/database-errors.ts'
import { redeem } from './invitations.ts'
import type { Passwords } from './passwords.ts'

export type Taken = 'email' | 'username'
export type SignedUp =
  | { readonly user: UserId }
  | { readonly taken: Taken }
  /** The invitation is none, is used up, has expired, or is for another address. */
  | { readonly isInvited: false }

export interface Accounts {
  /** With an invitation it is used up, if the account is made. */
  signUp(details: Omit<rest.CreateUser, 'invitation'>, invitation?: string): Promise<SignedUp>
  /**
   * The account behind an email or a username and its password. Unknown, disabled and wrong are one
   * answer, after the same work.
   */
  verify(login: string, password: string): Promise<Verified | undefined>
  isPasswordOf(user: UserId, password: string): Promise<boolean>
  setPassword(user: UserId, password: string): Promise<void>
}

export interface Verified {
  readonly user: UserId
  /** Whether the password has not been changed since, nor its owner disabled. */
  readonly isStillRight: () => Promise<boolean>
}

interface AccountsDeps {
  readonly db: Db
  readonly passwords: Passwords
  readonly now: () => Millis
}

export function createAccounts({ db, passwords, now }: AccountsDeps): Accounts {
  const hashOf = async (user: UserId): Promise<string | undefined> => {
    const { rows } = await sql<{ password_hash: string }>`
      SELECT c.password_hash FROM credentials c JOIN users u ON u.id = c.user_id
      WHERE c.user_id = ${user} AND u.deleted_at IS NULL AND u.disabled_at IS NULL`.execute(db)
    return rows[0]?.password_hash
  }

  return {
    async signUp({ email, username, name, password }, invitation) {
      const user = newId<UserId>()
      const hash = await passwords.hash(password)
      try {
        await db.transaction().execute(async (tx) => {
          await sql`
            WITH created AS (
              INSERT INTO users (id, email, username, name, created_at)
              VALUES (${user}, ${email}, ${username}, ${name}, ${now()}) RETURNING id
            )
            INSERT INTO credentials (user_id, password_hash, changed_at) SELECT id, ${hash}, ${now()} FROM created`.execute(
            tx,
          )
          if (invitation !== undefined && !(await redeem(tx, invitation, { user, email, now: now() })))
            throw new NotInvited()
        })
      } catch (error) {
        if (error instanceof NotInvited) return { isInvited: false }
        const taken = takenBy(error)
        if (taken === undefined) throw error
        return { taken }
      }
      return { user }
    },

    async verify(login, password) {
      // A username has no "@", so a login is one or the other and never both.
      const condition = login.includes('@')
        ? sql`lower(u.email) = lower(${login})`
        : sql`u.username = lower(${login})`
      const { rows } = await sql<{ id: UserId; password_hash: string }>`
        SELECT u.id, c.password_hash FROM users u JOIN credentials c ON c.user_id = u.id
        WHERE ${condition} AND u.deleted_at IS NULL AND u.disabled_at IS NULL`.execute(db)
      const [row] = rows
      const isRight = await passwords.verify(row?.password_hash, password)
      if (row === undefined || !isRight) return undefined
      return { user: row.id, isStillRight: async () => (await hashOf(row.id)) === row.password_hash }
    },

    isPasswordOf: async (user, password) => passwords.verify(await hashOf(user), password),

    async setPassword(user, password) {
      const hash = await passwords.hash(password)
      await sql`
        UPDATE credentials SET password_hash = ${hash}, changed_at = ${now()} WHERE user_id = ${user}`.execute(
        db,
      )
    },
  }
}

/** Takes the account back that was made for it. */
class NotInvited extends Error {}

/** Which of a person's unique names somebody else already has, if that is what the error says. */
export function takenBy(error: unknown): Taken | undefined {
  switch (violatedConstraint(error)) {
    case 'users_email':
      return 'email'
    case 'users_username':
      return 'username'
    default:
      return undefined
  }
}
