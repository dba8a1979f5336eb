import { accountDocument, accountRoots, type UserId } from '@parley/protocol'
import type pg from 'pg'
import { expect } from 'vitest'
import * as Y from 'yjs'
import { connectDevice } from './sync-server.ts'

/** How often the account document was begun anew, and what it takes. */
export async function storedAccount(
  pool: pg.Pool,
  user: UserId,
): Promise<{ bytes: number; generations: number }> {
  const { rows } = await pool.query<{ bytes: number; generations: number }>(
    `SELECT length(state) AS bytes,
       (SELECT count(*)::int FROM account_generations g WHERE g.name = d.name) AS generations
     FROM documents d WHERE name = $1`,
    [accountDocument(user)],
  )
  return rows[0] ?? { bytes: 0, generations: 0 }
}

/** Resolves when no device of this person is connected. */
export const isLeft = (pool: pg.Pool, user: UserId): Promise<void> =>
  expect
    .poll(
      async () => (await pool.query('SELECT FROM active_connections WHERE user_id = $1', [user])).rowCount,
    )
    .toBe(0)

/**
 * Has the server begin this person's account document anew: a program loads it 500 times, changing a
 * preference each time, and opens it once more. No device may be connected.
 */
export async function beginAnew(syncUrl: string, pool: pg.Pool, user: UserId, token: string): Promise<void> {
  const { generations } = await storedAccount(pool, user)
  const visit = async (change: (doc: Y.Doc) => void): Promise<void> => {
    await isLeft(pool, user)
    await visitAccount(syncUrl, user, token, change)
    await isLeft(pool, user)
  }
  await visit((doc) => Y.applyUpdate(doc, Y.encodeStateAsUpdate(afterLoads(doc))))
  await expect
    .poll(async () => {
      await visit(() => undefined)
      return (await storedAccount(pool, user)).generations
    })
    .toBeGreaterThan(generations)
}

/** Opens the document as any program does, and leaves when the server has what it changed. */
export async function visitAccount(
  syncUrl: string,
  user: UserId,
  token: string,
  change: (doc: Y.Doc) => void,
): Promise<void> {
  const program = connectDevice(syncUrl, user, token)
  const account = program.account()
  await account.until(() => account.provider.isSynced)
  change(account.doc)
  await account.until(() => account.provider.unsyncedChanges === 0)
  program.close()
}

/** The document after 500 page loads that each changed a preference. */
export function afterLoads(doc: Y.Doc): Y.Doc {
  const pages = new Y.Doc()
  Y.applyUpdate(pages, Y.encodeStateAsUpdate(doc))
  for (let load = 0; load < 500; load += 1) {
    pages.clientID = new Y.Doc().clientID
    accountRoots(pages).prefs.set('loads', load)
  }
  return pages
}
