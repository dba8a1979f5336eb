import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type { ClientBase, Pool } from 'pg'
import type { Logger } from '../logger.ts'
import { OperatorError } from '../operator-error.ts'

export const MIGRATIONS = new URL('./migrations/', import.meta.url)

/** The database and the migrations of this version contradict each other; the message says how and what to do. */
export class MigrationError extends OperatorError {
  override name = 'MigrationError'
}

interface Migration {
  readonly name: string
  readonly sql: string
  readonly checksum: string
}

/** A constant that no other program on the same database is likely to lock. */
const LOCK = 7_236_811_520_011

/**
 * Brings the database to this version's tables. All new files run in one transaction, so a failure
 * or a crash leaves the database as it was, and under a lock, so nodes that start together take turns.
 */
export async function migrate(pool: Pool, logger: Logger, directory: URL = MIGRATIONS): Promise<void> {
  const migrations = await readMigrations(directory)
  const client = await pool.connect()
  try {
    // An index on a large table may take longer than any query may otherwise.
    await client.query('BEGIN; SET LOCAL statement_timeout = 0')
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK])
    await client.query(`CREATE TABLE IF NOT EXISTS migrations (
      name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now()
    )`)
    for (const migration of await pending(client, migrations)) {
      await apply(client, migration)
      logger.info({ migration: migration.name }, 'migrated the database')
    }
    await client.query('COMMIT')
    client.release()
  } catch (error) {
    // Ends the transaction with the connection, whatever state the failure left it in.
    client.release(true)
    throw error
  }
}

/** Rejects with a {@link MigrationError} unless the database has exactly this version's tables. */
export async function requireMigrated(pool: Pool): Promise<void> {
  const client = await pool.connect()
  try {
    const missing = await pending(client, await readMigrations(MIGRATIONS))
    if (missing.length > 0)
      throw new MigrationError(
        'the running server is older than this command: restart it, which brings it up to date',
      )
  } finally {
    client.release()
  }
}

async function readMigrations(directory: URL): Promise<Migration[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).toSorted()
  return Promise.all(
    names.map(async (name, index) => {
      if (!name.startsWith(`${String(index + 1).padStart(4, '0')}-`)) {
        throw new MigrationError(
          `the migrations are numbered 0001, 0002 …, and ${name} stands at place ${index + 1}`,
        )
      }
      const sql = await readFile(new URL(name, directory), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

async function pending(client: ClientBase, migrations: readonly Migration[]): Promise<readonly Migration[]> {
  const { rows } = await client.query<{ name: string; checksum: string }>(
    'SELECT name, checksum FROM migrations ORDER BY name',
  )
  rows.forEach((applied, index) => {
    const migration = migrations[index]
    if (migration?.name !== applied.name) {
      throw new MigrationError(
        `the database has the migration ${applied.name}, which this version does not know: ` +
          'a newer version has used it; start that one, or restore a backup from before',
      )
    }
    if (migration.checksum !== applied.checksum) {
      throw new MigrationError(
        `${applied.name} has changed since it was applied to this database: ` +
          'restore the file, and put the change into a new migration',
      )
    }
  })
  return migrations.slice(rows.length)
}

async function apply(client: ClientBase, { name, sql, checksum }: Migration): Promise<void> {
  try {
    await client.query(sql)
  } catch (cause) {
    throw new MigrationError(`${name} failed: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    })
  }
  await client.query('INSERT INTO migrations (name, checksum) VALUES ($1, $2)', [name, checksum])
}
