import type { Millis } from '@parley/protocol'
import { type Config, parseConfig } from '../config.ts'
import type { Database } from '../db/database.ts'
import { hasDatabase } from '../db/embedded-running.ts'
import { createLogger, type Logger } from '../logger.ts'
import type { Db } from '../queries/db.ts'
import { openStorageBeside } from '../storage.ts'
import { AdminError } from './admin-error.ts'
import { type Door, openDoor } from './door.ts'
import type { Terminal } from './secret-input.ts'

/** The process as a command sees it. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv
  readonly terminal: Terminal
  readonly stdout: NodeJS.WritableStream
  readonly now: () => Millis
}

/** What a command works with, for as long as it lasts. */
export interface Context {
  readonly config: Config
  readonly database: Database
  readonly db: Db
  readonly logger: Logger
  readonly now: () => Millis
  /** The way into conversations; what goes through it is announced before the command ends. */
  readonly door: () => Door
}

/** Runs `work` on the database that the environment names, whether or not a server is running on it. */
export async function withContext<T>(
  { env, terminal, now }: Surroundings,
  /** Whether the command makes sense before there ever was a server. */
  mayMake: boolean,
  work: (context: Context) => Promise<T>,
): Promise<T> {
  const config = parseConfig(env)
  // What a server tells in passing is nothing to whoever waits for an answer.
  const level = config.logLevel === 'info' ? 'warn' : config.logLevel
  const logger = createLogger(level, { write: (line) => terminal.say(line) })
  const { databaseUrl, dataDir, limits } = config
  if (!mayMake && databaseUrl === undefined && !(await hasDatabase(dataDir))) {
    throw new AdminError(
      'not_found',
      `there is no database in ${dataDir}: start the server once, or say by DATA_DIR or DATABASE_URL where it is`,
    )
  }
  const storage = await openStorageBeside(config, logger)
  const { database } = storage
  let door: Door | undefined
  try {
    const result = await work({
      config,
      database,
      db: database.kysely,
      logger,
      now,
      door: () => (door ??= openDoor({ database, limits, logger, now })),
    })
    await door?.close()
    return result
  } finally {
    await storage.close()
  }
}
