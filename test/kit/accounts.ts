import { newId, type UserId } from '@parley/protocol'
import type pg from 'pg'
import { hashSecret, newTokenSecret } from '../../apps/server/src/auth/secrets.ts'

/** Somebody with an account and a bearer token, as a program has one. */
export interface TestAccount {
  readonly id: UserId
  readonly name: string
  readonly token: string
}

/** Accounts with tokens, straight into the tables: without the price of a password hash each. */
export async function addAccounts(
  pool: pg.Pool | pg.Client,
  names: readonly string[],
): Promise<TestAccount[]> {
  const accounts = names.map((name) => ({ id: newId<UserId>(), name, token: newTokenSecret() }))
  for (const { id, name, token } of accounts) {
    const username = `${name.toLowerCase()}.${id.slice(-12)}`
    await pool.query(`INSERT INTO users (id, email, username, name, created_at) VALUES ($1, $2, $3, $4, 0)`, [
      id,
      `${username}@example.org`,
      username,
      name,
    ])
    await pool.query(
      `INSERT INTO tokens (id, user_id, secret_hash, name, created_at) VALUES ($1, $2, $3, 'test', 0)`,
      [newId(), id, hashSecret(token)],
    )
  }
  return accounts
}
