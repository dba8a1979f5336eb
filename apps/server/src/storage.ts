import { mkdir } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type { Config } from './config.ts'
import { DataDirectoryInUse, type Holder, lockDataDirectory } from './db/data-lock.ts'
import { type Database, openDatabase } from './db/database.ts'
import { startEmbedded } from './db/embedded.ts'
import { urlOfRunning } from './db/embedded-running.ts'
import { migrate, requireMigrated } from './db/migrate.ts'
import type { Logger } from './logger.ts'
import { OperatorError } from './operator-error.ts'

export interface Storage {
  readonly database: Database
  close(): Promise<void>
}

type Place = Pick<Config, 'databaseUrl' | 'dataDir'>

/** The database this server uses, brought to this version's tables: the one of DATABASE_URL, or its own. */
export async function openStorage(
  { databaseUrl, dataDir }: Place,
  logger: Logger,
  holder: Holder = 'server',
): Promise<Storage> {
  const opened: (() => void | Promise<void>)[] = []
  const close = async (): Promise<void> => {
    for (const closeOne of opened.splice(0).reverse()) await closeOne()
  }
  try {
    let url = databaseUrl
    if (url === undefined) {
      // PostgreSQL runs as a user of its own when the server is root, and has to get through.
      await mkdir(dataDir, { recursive: true, mode: 0o711 })
      const lock = lockDataDirectory(dataDir, holder)
      opened.push(() => lock.release())
      const embedded = await startEmbedded(dataDir, logger)
      opened.push(() => embedded.stop())
      ;({ url } = embedded)
    }
    const database = openDatabase({ url, logger })
    opened.push(() => database.close())
    await untilReachable(database, logger)
    await migrate(database.pool, logger)
    return { database, close }
  } catch (error) {
    await close()
    throw error
  }
}

/**
 * The same database for a command, whether a server runs on it or not: the embedded one is that of
 * the running server, or is started for as long as the command lasts.
 */
export async function openStorageBeside(place: Place, logger: Logger): Promise<Storage> {
  const deadline = Date.now() + PATIENCE_MS
  for (;;) {
    try {
      return await openStorage(place, logger, 'command')
    } catch (error) {
      if (!(error instanceof DataDirectoryInUse) || Date.now() > deadline) throw error
      // Another command stops its PostgreSQL when it ends, whoever else is using it by then.
      const url = error.by === 'server' ? await urlOfRunning(place.dataDir) : undefined
      if (url !== undefined) return borrowStorage(url, logger)
    }
    await delay(RETRY_MS)
  }
}

async function borrowStorage(url: string, logger: Logger): Promise<Storage> {
  const database = openDatabase({ url, logger })
  try {
    await untilReachable(database, logger)
    await requireMigrated(database.pool)
    return { database, close: () => database.close() }
  } catch (error) {
    await database.close()
    throw error
  }
}

const PATIENCE_MS = 30_000
const RETRY_MS = 500

/** A machine that starts everything at once may start the database last. */
async function untilReachable({ pool }: Database, logger: Logger): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS
  let isSaid = false
  for (;;) {
    try {
      await pool.query('SELECT 1')
      return
    } catch (cause) {
      if (!isWorthWaiting(cause) || Date.now() > deadline) {
        const why = cause instanceof Error ? cause.message : String(cause)
        throw new OperatorError(`the database cannot be used: ${why}`, { cause })
      }
      if (!isSaid) logger.warn({ err: cause }, 'the database does not answer yet: waiting for it')
      isSaid = true
      await delay(RETRY_MS)
    }
  }
}

/** A wrong password or a missing database does not mend itself. */
function isWorthWaiting(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const REFUSED_FOR_GOOD = /^(28|3D|42)/
  return !REFUSED_FOR_GOOD.test(code)
}
