import { randomBytes } from 'node:crypto'
import type { Millis, UserId } from '@parley/protocol'
import { sql } from 'kysely'
import type { Db } from '../queries/db.ts'
import { hashSecret } from './secrets.ts'

export interface Invitation {
  /** Where it is for one person only. */
  readonly email: string | undefined
  readonly expiresAt: Millis
  readonly now: Millis
}

/** Makes an invitation; answers its code, which is known only now. */
export async function invite(db: Db, { email, expiresAt, now }: Invitation): Promise<string> {
  const code = randomBytes(18).toString('base64url')
  await db
    .insertInto('invitations')
    .values({ code_hash: hashSecret(code), email: email ?? null, created_at: now, expires_at: expiresAt })
    .execute()
  return code
}

/** Uses an invitation up for the account that is made in the same transaction; false if it is not good, or not any more. */
export async function redeem(
  tx: Db,
  code: string,
  { user, email, now }: { user: UserId; email: string; now: Millis },
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    UPDATE invitations SET used_at = ${now}, used_by = ${user}
    WHERE code_hash = ${hashSecret(code)} AND used_at IS NULL AND expires_at > ${now}
      AND (email IS NULL OR lower(email) = lower(${email}))`.execute(tx)
  return numAffectedRows === 1n
}
