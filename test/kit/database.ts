import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, inject } from 'vitest'
import { type Database, openDatabase } from '../../apps/server/src/db/database.ts'
import { migrate } from '../../apps/server/src/db/migrate.ts'
import { createLogger } from '../../apps/server/src/logger.ts'

export interface TestDatabase {
  readonly url: string
  /** Ends the sessions that are still open in it. */
  drop(): Promise<void>
}

/** A fresh, empty database on the PostgreSQL of this run. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `parley_test_${randomBytes(6).toString('hex')}`
  // The embedded default's own order of texts, also on a PostgreSQL that was set up with another.
  await administer(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'`)
  const url = new URL(inject('postgresUrl'))
  url.pathname = `/${name}`
  return { url: url.href, drop: () => administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) }
}

/** One migrated database for the tests of the calling file (or `describe`), dropped after the last. */
export function useDatabase(): Database & { readonly url: string } {
  let created: TestDatabase | undefined
  let opened: Database | undefined
  beforeAll(async () => {
    const logger = createLogger('silent')
    created = await createTestDatabase()
    opened = openDatabase({ url: created.url, logger })
    await migrate(opened.pool, logger)
  })
  afterAll(async () => {
    await opened?.close()
    await created?.drop()
  })
  const get = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('the database is there from beforeAll on')
    return value
  }
  return {
    get url() {
      return get(created).url
    },
    get pool() {
      return get(opened).pool
    },
    get writers() {
      return get(opened).writers
    },
    get kysely() {
      return get(opened).kysely
    },
    close: () => get(opened).close(),
  }
}

async function administer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('postgresUrl') })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
