import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Millis } from '@parley/protocol'
import { type Config, parseConfig } from '../../apps/server/src/config.ts'
import { createLogger, type LogLevel } from '../../apps/server/src/logger.ts'
import { startServer } from '../../apps/server/src/server.ts'
import { UNHURRIED } from './limits.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'

export interface TestServer {
  /** `http://127.0.0.1:…`, without a slash at the end. */
  readonly url: string
  readonly port: number
  readonly databaseUrl: string
  /** Drains as SIGTERM does, and drops the database unless it was given. */
  close(): Promise<void>
}

export interface TestServerOptions extends Partial<Omit<Config, 'databaseUrl' | 'limits'>> {
  readonly limits?: Partial<Config['limits']>
  /** A database to share with another server; else a fresh one. */
  readonly database?: TestDatabase
  readonly now?: () => Millis
}

/** What the server of a test logs: errors, or as TEST_LOG_LEVEL says. */
const logLevel = (process.env['TEST_LOG_LEVEL'] ?? 'error') as LogLevel

/** The whole server in this process, on a database and a port of its own. */
export async function startTestServer({
  database,
  now,
  limits,
  ...overrides
}: TestServerOptions = {}): Promise<TestServer> {
  const used = database ?? (await createTestDatabase())
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-test-server-'))
  const discard = async (): Promise<void> => {
    await rm(dataDir, { recursive: true, force: true })
    if (database === undefined) await used.drop()
  }
  const config: Config = {
    ...parseConfig({}),
    port: 0,
    logLevel,
    dataDir,
    ...overrides,
    limits: { ...UNHURRIED, ...limits },
    databaseUrl: used.url,
  }
  try {
    const server = await startServer(config, createLogger(config.logLevel), now)
    return {
      url: server.url,
      port: server.port,
      databaseUrl: used.url,
      close: async () => {
        await server.close()
        await discard()
      },
    }
  } catch (error) {
    await discard()
    throw error
  }
}
