import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import type { ServerProcess } from './server-process.ts'

export interface Backup {
  /** Puts the server back to how it was, as an operator does: stopped, its database replaced, started. */
  restore(): Promise<void>
  drop(): Promise<void>
}

/** A copy of a server's database; the server rests while it is taken. */
export async function takeBackup(server: ServerProcess): Promise<Backup> {
  const original = nameOf(server)
  const copy = `${original}_${randomBytes(3).toString('hex')}`
  await server.stop()
  await administer(`CREATE DATABASE ${copy} TEMPLATE ${original}`)
  await server.start()
  return {
    restore: async () => {
      await server.stop()
      await administer(
        `DROP DATABASE ${original} WITH (FORCE)`,
        `CREATE DATABASE ${original} TEMPLATE ${copy}`,
      )
      await server.start()
    },
    drop: () => administer(`DROP DATABASE IF EXISTS ${copy} WITH (FORCE)`),
  }
}

/** What somebody does to a server's database who is at home there, while the server is stopped. */
export async function tamper(
  server: ServerProcess,
  change: (client: pg.Client) => Promise<void>,
): Promise<void> {
  await server.stop()
  await within(server, change)
  await server.start()
}

/** One connection to a server's database, for as long as `use` takes. */
export async function within<T>(server: ServerProcess, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: server.databaseUrl })
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}

const nameOf = ({ databaseUrl }: ServerProcess): string => {
  if (databaseUrl === undefined) throw new Error('this server has a database of its own')
  return new URL(databaseUrl).pathname.slice(1)
}

async function administer(...statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: inject('postgresUrl') })
  await client.connect()
  try {
    for (const each of statements) await client.query(each)
  } finally {
    await client.end()
  }
}
