import type { UserId } from '@parley/protocol'
import type pg from 'pg'
import * as Y from 'yjs'
import { lockAccount } from './account-generations.ts'

export interface StoredAccount {
  readonly state: Uint8Array
  /** The document was begun anew before, once or more often (account-generations.ts). */
  readonly isRenewed: boolean
}

/** What is stored of an account document; undefined when nothing has been yet. */
export async function loadAccount(pool: pg.Pool, name: string): Promise<StoredAccount | undefined> {
  const { rows } = await pool.query<StoredAccount>(
    `SELECT state, EXISTS (SELECT FROM account_generations g WHERE g.name = d.name) AS "isRenewed"
     FROM documents d WHERE name = $1`,
    [name],
  )
  return rows[0]
}

/**
 * Merges a state of an account document into the stored one, never over it: another node may have
 * stored what this one has not seen. The document of a deleted user stays gone.
 */
export async function mergeAccount(
  pool: pg.Pool,
  name: string,
  owner: UserId,
  state: Uint8Array,
): Promise<void> {
  const client = await pool.connect()
  let failure: Error | undefined
  try {
    await client.query('BEGIN')
    await lockAccount(client, name)
    const { rows } = await client.query<{ state: Buffer }>(`SELECT state FROM documents WHERE name = $1`, [
      name,
    ])
    const merged = rows[0] === undefined ? state : Y.mergeUpdates([rows[0].state, state])
    await client.query(
      `INSERT INTO documents (name, state, updated_at)
       SELECT $1, $2, $3 FROM users WHERE id = $4 AND deleted_at IS NULL
       ON CONFLICT (name) DO UPDATE SET state = excluded.state, updated_at = excluded.updated_at`,
      [name, merged, Date.now(), owner],
    )
    await client.query('COMMIT')
  } catch (error) {
    failure = error as Error
    throw error
  } finally {
    client.release(failure)
  }
}

/** Whether the owner may still do anything here. */
export async function isLetIn(pool: pg.Pool, owner: UserId): Promise<boolean> {
  const { rowCount } = await pool.query(
    `SELECT FROM users WHERE id = $1 AND deleted_at IS NULL AND disabled_at IS NULL`,
    [owner],
  )
  return rowCount === 1
}
