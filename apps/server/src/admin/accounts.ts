import { type Millis, rest, type UserId, userId } from '@parley/protocol'
import { type RawBuilder, sql } from 'kysely'
import { createAccounts, takenBy } from '../auth/accounts.ts'
import { endCredentials } from '../auth/credentials.ts'
import { createPasswords } from '../auth/passwords.ts'
import type { Db } from '../queries/db.ts'
import { LAST_ACTIVE } from '../queries/users.ts'
import { AdminError } from './admin-error.ts'

/** `imported`: came with a conversation, and has neither an address nor a password. */
export type Standing = 'active' | 'disabled' | 'imported' | 'deleted'

export interface Account {
  readonly id: UserId
  readonly username: string | null
  readonly email: string | null
  readonly name: string
  readonly isAdmin: boolean
  readonly standing: Standing
  readonly createdAt: Millis
  readonly lastActiveAt: Millis | null
}

export interface AccountDetails extends Account {
  readonly sessions: number
  readonly tokens: number
  readonly conversations: { readonly direct: number; readonly group: number; readonly channel: number }
  /** Conversations that would be handed over with the account's deletion. */
  readonly owns: number
}

const COLUMNS = sql`
  u.id, u.username, u.email, u.name, u.is_admin AS "isAdmin", u.created_at AS "createdAt",
  ${LAST_ACTIVE} AS "lastActiveAt",
  CASE WHEN u.deleted_at IS NOT NULL THEN 'deleted' WHEN u.disabled_at IS NOT NULL THEN 'disabled'
       WHEN u.email IS NULL THEN 'imported' ELSE 'active' END AS standing`

/** Somebody by id, email or username; throws `not_found`. */
export async function findAccount(db: Db, who: string): Promise<Account> {
  const condition = userId.safeParse(who.toLowerCase()).success
    ? sql`u.id = ${who.toLowerCase()}`
    : who.includes('@')
      ? sql`lower(u.email) = lower(${who})`
      : sql`u.username = lower(${who})`
  const { rows } = await sql<Account>`SELECT ${COLUMNS} FROM users u WHERE ${condition}`.execute(db)
  const [account] = rows
  if (account === undefined) throw new AdminError('not_found', `there is no user "${who}"`)
  return account
}

/** The same, of one who still has the account. */
export async function findLiving(db: Db, who: string): Promise<Account> {
  const account = await findAccount(db, who)
  if (account.standing === 'deleted')
    throw new AdminError('not_found', `the account ${account.id} was deleted`)
  return account
}

export async function describeAccount(db: Db, who: string): Promise<AccountDetails> {
  const account = await findAccount(db, who)
  const kind = (name: string) => sql`count(*) FILTER (WHERE c.kind = ${name})`
  const { rows } = await sql<Pick<AccountDetails, Exclude<keyof AccountDetails, keyof Account>>>`
    SELECT (SELECT count(*) FROM sessions WHERE user_id = ${account.id} AND expires_at > now()) AS sessions,
           (SELECT count(*) FROM tokens WHERE user_id = ${account.id}) AS tokens,
           (SELECT count(*) FROM participants WHERE user_id = ${account.id} AND role = 'owner') AS owns,
           (SELECT json_build_object('direct', ${kind('direct')}, 'group', ${kind('group')}, 'channel', ${kind('channel')})
            FROM participants p JOIN conversations c ON c.id = p.conversation
            WHERE p.user_id = ${account.id}) AS conversations`.execute(db)
  const [counts] = rows
  if (counts === undefined) throw new Error('a query without FROM gives a row')
  return { ...account, ...counts }
}

export interface AccountFilter {
  /** Part of a username, name or email. */
  readonly query?: string | undefined
  readonly standing?: Standing | undefined
  readonly limit: number
}

/** Newest first; and how many there are beyond the limit. */
export async function listAccounts(
  db: Db,
  { query, standing, limit }: AccountFilter,
): Promise<{ users: Account[]; total: number }> {
  const pattern = `%${(query ?? '').replaceAll(/[\\%_]/g, '\\$&')}%`
  const conditions: RawBuilder<unknown>[] = [sql`true`]
  if (query !== undefined)
    conditions.push(sql`(u.username ILIKE ${pattern} OR u.name ILIKE ${pattern} OR u.email ILIKE ${pattern})`)
  const { rows } = await sql<Account & { total: number }>`
    SELECT *, count(*) OVER () AS total FROM (SELECT ${COLUMNS} FROM users u WHERE ${sql.join(conditions, sql` AND `)}) found
    WHERE ${standing === undefined ? sql`standing <> 'deleted'` : sql`standing = ${standing}`}
    ORDER BY "createdAt" DESC, id DESC LIMIT ${limit}`.execute(db)
  return { users: rows.map(({ total: _total, ...account }) => account), total: rows[0]?.total ?? 0 }
}

export interface NewAccount {
  readonly email: string
  readonly username: string
  readonly name: string
  readonly password: string
  readonly isAdmin: boolean
}

export async function createAccount(
  db: Db,
  { isAdmin, ...details }: NewAccount,
  now: () => Millis,
): Promise<Account> {
  const { signUp } = createAccounts({ db, passwords: createPasswords(), now })
  const signedUp = await signUp(details)
  if ('taken' in signedUp) throw new AdminError('conflict', `this ${signedUp.taken} is already in use`)
  if (!('user' in signedUp)) throw new Error('an operator was asked for an invitation')
  if (isAdmin) await setAdmin(db, signedUp.user, true)
  return findAccount(db, signedUp.user)
}

/** Ends every session and token as well: whoever knew the old password is out (S4). */
export async function resetPassword(
  db: Db,
  account: Account,
  { password, email }: { password: string; email: string | undefined },
  now: Millis,
): Promise<void> {
  if (account.email === null && email === undefined) {
    throw new AdminError(
      'invalid',
      `${account.name} was imported and has no email address: give one with --email, and they can log in`,
    )
  }
  const hash = await createPasswords().hash(checkedPassword(password))
  try {
    await db.transaction().execute(async (tx) => {
      if (email !== undefined)
        await tx.updateTable('users').set({ email }).where('id', '=', account.id).execute()
      await sql`
        INSERT INTO credentials (user_id, password_hash, changed_at) VALUES (${account.id}, ${hash}, ${now})
        ON CONFLICT (user_id) DO UPDATE SET password_hash = excluded.password_hash, changed_at = excluded.changed_at`.execute(
        tx,
      )
      await endCredentials(tx, account.id)
    })
  } catch (error) {
    throw takenBy(error) === 'email' ? new AdminError('conflict', 'this email is already in use') : error
  }
}

/** Whether it was otherwise before. Nobody disabled can log in or act; what they belong to they go on belonging to. */
export function setDisabled(db: Db, user: UserId, isDisabled: boolean, now: Millis): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('users')
      .set({ disabled_at: isDisabled ? now : null })
      .where('id', '=', user)
      .where('disabled_at', isDisabled ? 'is' : 'is not', null)
      .executeTakeFirst()
    if (isDisabled) await endCredentials(tx, user)
    return numUpdatedRows > 0n
  })
}

/** Whether it was otherwise before. */
export async function setAdmin(db: Db, user: UserId, isAdmin: boolean): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('users')
    .set({ is_admin: isAdmin })
    .where('id', '=', user)
    .where('is_admin', '=', !isAdmin)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export function checkedPassword(password: string): string {
  const { error } = rest.password.safeParse(password)
  if (error !== undefined)
    throw new AdminError('invalid', `the password ${error.issues[0]?.message ?? 'is not valid'}`)
  return password
}
