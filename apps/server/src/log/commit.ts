import type { ConversationId } from '@parley/protocol'
import type pg from 'pg'
import type { Notified } from '../notifications/notice.ts'
import { isAboutData } from '../queries/database-errors.ts'
import { type Append, type Appended, type AppendSettings, runAppend } from './append-statement.ts'
import type { Branch, Stored } from './branch.ts'
import { loadConversation } from './load-conversation.ts'
import { applySideEffects, createConversations, hasSideEffects, Outdated } from './side-effects.ts'

/**
 * Commits the appends of many conversations together; answers which had not moved in between, or,
 * with `isAllOrNone`, none if any had. Most change the log alone, and are one statement and so one
 * round trip.
 */
export async function commit(
  pool: pg.Pool,
  appends: readonly Append[],
  settings: AppendSettings,
): Promise<Appended> {
  try {
    return await withClient(pool, (client) =>
      appends.some(hasSideEffects)
        ? inTransaction(client, () => appendAll(client, appends, settings))
        : runAppend(client, appends, settings),
    )
  } catch (error) {
    if (error instanceof NoneMoved || error instanceof Outdated) return { moved: new Set(), notified: [] }
    throw error
  }
}

/** Ends a transaction that was to append all or none. */
class NoneMoved extends Error {}

/**
 * The slow and certain way: reads, decides and appends while holding the conversation's row, so that
 * nobody else can move it meanwhile.
 */
export function commitLocked(
  pool: pg.Pool,
  conversation: ConversationId,
  settings: Omit<AppendSettings, 'isAllOrNone'>,
  decide: (client: pg.PoolClient, stored: Stored) => Promise<Branch>,
): Promise<{ readonly branch: Branch; readonly notified: readonly Notified[] }> {
  return withClient(pool, (client) =>
    inTransaction(client, async () => {
      await client.query(`SELECT FROM conversations WHERE id = $1 FOR UPDATE`, [conversation])
      const branch = await decide(client, await loadConversation(client, conversation))
      if (branch.isUnchanged) return { branch, notified: [] }
      const { notified } = await appendAll(client, [{ conversation, branch }], {
        ...settings,
        isAllOrNone: false,
      })
      return { branch, notified }
    }),
  )
}

async function appendAll(
  client: pg.PoolClient,
  appends: readonly Append[],
  settings: AppendSettings,
): Promise<Appended> {
  await createConversations(client, appends)
  const appended = await runAppend(client, appends, settings)
  if (settings.isAllOrNone && appended.moved.size < appends.length) throw new NoneMoved()
  await applySideEffects(client, appends, appended.moved)
  return appended
}

async function inTransaction<T>(client: pg.PoolClient, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN')
  try {
    const result = await work()
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  }
}

async function withClient<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let failure: Error | undefined
  try {
    return await work(client)
  } catch (error) {
    // A connection that failed for another reason than the data is not used again.
    const isOurs = error instanceof NoneMoved || error instanceof Outdated
    if (!isAboutData(error) && !isOurs) failure = error as Error
    throw error
  } finally {
    client.release(failure)
  }
}
