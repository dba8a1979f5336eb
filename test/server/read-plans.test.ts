import { newId, type UserId } from '@parley/protocol'
import { type CompiledQuery, Kysely, PostgresDialect } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { hashSecret, newTokenSecret } from '../../apps/server/src/auth/secrets.ts'
import type { Tables } from '../../apps/server/src/db/tables.ts'
import { Bus } from '../../apps/server/src/log/bus.ts'
import { createLogger } from '../../apps/server/src/logger.ts'
import { Indexer } from '../../apps/server/src/search/indexer.ts'
import { type ReadCase, readCases } from '../../scripts/measure/cases.ts'
import { lookAround } from '../../scripts/measure/world.ts'
import { seed } from '../../scripts/seed/seed.ts'
import { createTestApi, type TestApi } from '../kit/api.ts'
import { useDatabase } from '../kit/database.ts'
import { ENDPOINTS } from '../kit/endpoints.ts'

// Every question to the API is asked once of a small world, and PostgreSQL is asked how it would answer
// if it must not read whole tables nor join them whole: where there is no index for it, it still would. How long
// it takes in a large world is measured by scripts/measure-reads.ts, which asks the same.

const database = useDatabase()
const asked: CompiledQuery[] = []
let api: TestApi
let cases: ReadCase[]

beforeAll(async () => {
  const client = await database.pool.connect()
  await seed(client, { users: 500, conversations: 100, events: 8_000, seed: 3 }, 'no password')
  const indexer = new Indexer({
    db: database.kysely,
    bus: new Bus(() => undefined),
    logger: createLogger('silent'),
  })
  await indexer.catchUp()
  await indexer.close()
  await client.query('VACUUM ANALYZE')
  cases = readCases(await lookAround(client))
  client.release(true)
  const kysely = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: database.pool }),
    log: ({ query }) => void asked.push(query),
  })
  api = createTestApi({ ...database, pool: database.pool, writers: database.writers, kysely })
})

async function tokenOf(user: UserId): Promise<string> {
  const token = newTokenSecret()
  await database.pool.query(
    `INSERT INTO tokens (id, user_id, secret_hash, name, created_at) VALUES ($1, $2, $3, 'plans', 0)`,
    [newId(), user, hashSecret(token)],
  )
  return token
}

interface Plan {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Name'?: string
  readonly 'Index Cond'?: string
  readonly Filter?: string
  readonly 'Rows Removed by Filter'?: number
  readonly 'Actual Loops': number
  readonly Plans?: readonly Plan[]
}

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)]

/** Counting what is unread looks at whose each message is, in the key alone. */
const isCount = (node: Plan): boolean =>
  node['Index Name'] === 'events_pkey' &&
  /author/.test(node.Filter ?? '') &&
  node['Node Type'] === 'Index Only Scan'

/** Of a log that is ten times as long, ten times as many rows would be read in vain. */
const MAX_IN_VAIN = 200

/**
 * The parts of a plan that read a table, or an index, from one end to the other, or that fetch many
 * rows to answer few. Not of what is searched: a phrase is found by looking at all that have its words.
 */
async function readsTooMuch({ sql, parameters }: CompiledQuery): Promise<string[]> {
  const client = await database.pool.connect()
  try {
    await client.query(
      'BEGIN; SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off',
    )
    const { rows } = await client.query<{ 'QUERY PLAN': { Plan: Plan }[] }>(
      `EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`,
      [...parameters],
    )
    await client.query('ROLLBACK')
    const nodes = nodesOf(rows[0]?.['QUERY PLAN'][0]?.Plan ?? expect.fail())
    return nodes
      .filter(
        (node) =>
          node['Node Type'] === 'Seq Scan' ||
          (!isCount(node) &&
            node['Relation Name'] !== 'message_words' &&
            (node['Rows Removed by Filter'] ?? 0) * node['Actual Loops'] > MAX_IN_VAIN) ||
          (/^(Index|Index Only|Bitmap Index) Scan$/.test(node['Node Type']) &&
            node['Index Cond'] === undefined),
      )
      .map((node) => `${node['Node Type']} on ${node['Relation Name'] ?? node['Index Name'] ?? '?'}`)
  } finally {
    client.release()
  }
}

test('every question about the database is among those that are looked at and measured', () => {
  const withoutRows = [
    '/api/attachments/{id}',
    '/api/attachments/{id}/preview',
    '/api/avatars/{hash}',
    '/api/push-key',
    '/api/uploads/{id}',
  ]
  const gets = ENDPOINTS.filter(({ method, path }) => method === 'GET' && !withoutRows.includes(path))
  expect([...new Set(cases.map(({ endpoint }) => endpoint))].toSorted()).toEqual(
    gets.map(({ path }) => path).toSorted(),
  )
})

test('no question reads a whole table, nor much that it does not answer', async () => {
  const faults: string[] = []
  let queries = 0
  for (const { endpoint, what, asks } of cases) {
    for (const { user, path } of asks.slice(0, 1)) {
      const token = await tokenOf(user)
      asked.length = 0
      const { status } = await api.ask('GET', path, undefined, { Authorization: `Bearer ${token}` })
      expect([path, status]).toEqual([path, 200])
      for (const query of asked.splice(0)) {
        if (!/^\s*(SELECT|WITH)/i.test(query.sql) || /FOR UPDATE|set_config/.test(query.sql)) continue
        queries += 1
        for (const fault of await readsTooMuch(query))
          faults.push(
            `${endpoint} (${what}): ${fault}, in ${query.sql.replaceAll(/\s+/g, ' ').slice(0, 200)}`,
          )
      }
    }
  }
  expect([...new Set(faults)]).toEqual([])
  expect(queries).toBeGreaterThan(cases.length * 2)
})
