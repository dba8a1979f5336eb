import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { UNHURRIED_ENV } from '../../test/kit/limits.ts'
import { seedMessages, seedWorld } from '../seed.ts'
import { type Contestant, Server } from './contestant.ts'

/** The product as it is started for users, on the run's PostgreSQL, with its rates out of the way. */
export async function startParley(database: string): Promise<Contestant> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'parley-bench-data-'))
  const server = await Server.start({
    entry: new URL('../../apps/server/src/main.ts', import.meta.url),
    environment: {
      DATABASE_URL: database,
      DATA_DIR: dataFolder,
      LOG_LEVEL: 'warn',
      // One sender of the benchmark stands for as many people as it takes to keep the server busy, and
      // all of them are at one address.
      ...UNHURRIED_ENV,
    },
    readyPath: '/healthz',
  })
  return {
    dialect: 'parley',
    url: server.url,
    server,
    settle: (world) => onDatabase(database, (client) => seedWorld(client, world)),
    fill: (group, count) => onDatabase(database, (client) => seedMessages(client, group, count)),
    stop: async () => {
      await server.stop()
      await rm(dataFolder, { recursive: true, force: true })
    },
  }
}

async function onDatabase(url: string, work: (client: pg.ClientBase) => Promise<void>): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}
