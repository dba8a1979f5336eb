import { randomUUID } from 'node:crypto'
import type { UserId } from '@parley/protocol'
import { expect, test } from 'vitest'
import { useDatabase } from '../../../../test/kit/database.ts'
import { createLogger } from '../logger.ts'
import { openDatabase } from './database.ts'

const database = useDatabase()

test('a bigint is a number, in rows and in aggregates', async () => {
  const { rows } = await database.pool.query(
    'SELECT 9007199254740991::bigint AS max, count(*) AS n FROM users',
  )
  expect(rows).toEqual([{ max: Number.MAX_SAFE_INTEGER, n: 0 }])
})

test('a bigint that no number holds fails the query instead of being rounded', async () => {
  await expect(database.pool.query('SELECT 9007199254740992::bigint')).rejects.toThrow(
    'does not fit a number',
  )
  expect((await database.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
})

test('a row written through the typed tables comes back as it was', async () => {
  const id = randomUUID() as UserId
  await database.kysely
    .insertInto('users')
    .values({ id, email: 'ana@example.org', username: 'ana', name: 'Ana', created_at: 1_790_000_000_000 })
    .execute()
  const row = await database.kysely
    .selectFrom('users')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  expect(row).toMatchObject({
    id,
    username: 'ana',
    is_admin: false,
    created_at: 1_790_000_000_000,
    deleted_at: null,
  })
})

test('[N3] losing connections, idle or in a transaction, ends nothing but the query under way', async () => {
  const { pool, close } = openDatabase({ url: database.url, logger: createLogger('silent') })
  const idle = await pool.connect()
  const busy = await pool.connect()
  await busy.query('BEGIN')
  const pids = (
    await Promise.all([idle, busy].map((client) => client.query('SELECT pg_backend_pid() AS pid')))
  ).map(({ rows }) => (rows[0] as { pid: number }).pid)
  idle.release()
  // Not events.once: it listens to 'error' too, and would hide that nobody else does.
  const lost = Promise.all(
    [idle, busy].map((client) => new Promise<void>((resolve) => client.once('end', resolve))),
  )
  await database.pool.query('SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid', [pids])
  await lost
  await expect(busy.query('SELECT 1')).rejects.toThrow()
  busy.release(true)
  expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
  await close()
  await close()
})
