import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startEmbedded } from '../../apps/server/src/db/embedded.ts'
import { createLogger } from '../../apps/server/src/logger.ts'

/** Where soaks have their databases: on the server that is named, or on one of their own for as long as they run. */
export interface SoakPostgres {
  /** A database that is empty, and gone when `use` is done with it. */
  fresh<T>(name: string, use: (url: string) => Promise<T>): Promise<T>
  stop(): Promise<void>
}

export async function openSoakPostgres(): Promise<SoakPostgres> {
  const given = process.env['DATABASE_URL']
  const directory = await mkdtemp(join(tmpdir(), 'parley-soak-'))
  // As root PostgreSQL runs as another user, who has to get in.
  await chmod(directory, 0o711)
  const postgres =
    given === undefined || given === '' ? await startEmbedded(directory, createLogger('error')) : undefined
  const url = postgres?.url ?? given ?? ''

  const administer = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    try {
      await client.query(sql)
    } finally {
      await client.end()
    }
  }
  return {
    fresh: async (name, use) => {
      await administer(
        `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'`,
      )
      try {
        const target = new URL(url)
        target.pathname = `/${name}`
        return await use(target.href)
      } finally {
        await administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
      }
    },
    stop: async () => {
      await postgres?.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
