import { mkdir } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type { Config } from './config.ts'
import { lockDataDirectory } from './db/data-lock.ts'
import { type Database, openDatabase } from './db/database.ts'
import { startEmbedded } from './db/embedded.ts'
import { migrate } from './db/migrate.ts'
import type { Logger } from './logger.ts'
import { OperatorError } from './operator-error.ts'

export interface Storage {
  readonly database: Database
  close(): Promise<void>
}

/** The database this server uses, brought to this version's tables: the one of DATABASE_URL, or its own. */
export async function openStorage({ databaseUrl, dataDir }: Config, logger: Logger): Promise<Storage> {
  const opened: (() => void | Promise<void>)[] = []
  const close = async (): Promise<void> => {
    for (const closeOne of opened.splice(0).reverse()) await closeOne()
  }
  try {
    let url = databaseUrl
    if (url === undefined) {
      // PostgreSQL runs as a user of its own when the server is root, and has to get through.
      await mkdir(dataDir, { recursive: true, mode: 0o711 })
      const lock = lockDataDirectory(dataDir)
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
