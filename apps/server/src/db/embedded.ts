import { execFile } from 'node:child_process'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import type { Logger } from '../logger.ts'
import { OperatorError } from '../operator-error.ts'
import { directoryIn, findPlace, type Place, readIfThere } from './embedded-place.ts'
import { asOwner, clusterOf, DATABASE, ROLE, startPostmaster, stopOrphan, urlOf } from './postmaster.ts'

const run = promisify(execFile)

export interface EmbeddedPostgres {
  /** Of the database `parley`, whose role may do everything. */
  readonly url: string
  /** Stops it, after which its data is at rest on disk. A second call does nothing. */
  stop(): Promise<void>
}

const RESTART_MS = 500

/**
 * Runs a real PostgreSQL in `dataDir`, which must exist, be absolute and be locked by the caller.
 * It listens on a socket that only its owner (and root) can open, commits to the disk (fsync), and
 * is started again when something kills it. Decision 0004 says why it is like this.
 */
export async function startEmbedded(dataDir: string, logger: Logger): Promise<EmbeddedPostgres> {
  if (process.platform === 'win32')
    throw new OperatorError('the embedded PostgreSQL is not supported on Windows: set DATABASE_URL')
  const place = await findPlace(dataDir, logger)
  await initialise(place, logger)
  let postmaster = await startPostmaster(place, logger)
  let restarted: Promise<void> | undefined
  let stopped: Promise<void> | undefined

  // Forced out before it could stop: PostgreSQL saves and ends by itself once told.
  const atExit = (): void => void postmaster.process.kill('SIGINT')
  process.on('exit', atExit)

  const watch = (): void => {
    postmaster.process.once('exit', (code, signal) => {
      if (stopped !== undefined) return
      logger.error({ code, signal }, 'the embedded PostgreSQL ended by itself: starting it again')
      restarted = restart()
    })
  }
  const restart = async (): Promise<void> => {
    while (stopped === undefined) {
      try {
        postmaster = await startPostmaster(place, logger)
        return watch()
      } catch (err) {
        logger.error({ err }, 'the embedded PostgreSQL does not start again: trying on')
        await delay(RESTART_MS)
      }
    }
  }
  const stop = async (): Promise<void> => {
    await restarted
    await postmaster.stop()
    process.off('exit', atExit)
  }

  await createDatabase(place)
  watch()
  return { url: urlOf(place, DATABASE), stop: () => (stopped ??= stop()) }
}

/** Stops the PostgreSQL that a killed server left running in `dataDir`, if there is one. */
export const stopLeftBehind = (dataDir: string, logger: Logger): Promise<void> =>
  stopOrphan(directoryIn(dataDir), logger)

/** Makes the cluster once. It gets its name only when it is whole, so a crash half-way leaves nothing that looks like one. */
async function initialise(place: Place, logger: Logger): Promise<void> {
  const version = await readIfThere(join(clusterOf(place.directory), 'PG_VERSION'))
  const ours = place.version.split('.')[0]
  if (version === ours) return
  if (version !== undefined) {
    throw new OperatorError(
      `the database in ${place.directory} was made by PostgreSQL ${version}, and this Parley brings ${ours}: ` +
        `dump it with the Parley that made it, or run a PostgreSQL ${version} on it and set DATABASE_URL`,
    )
  }
  logger.info({ directory: place.directory }, 'making the database')
  const unfinished = join(place.directory, 'data.unfinished')
  await rm(unfinished, { recursive: true, force: true })
  // Texts sort by code point everywhere, so that an update of the system cannot break an index.
  const options = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  // The socket's folder is what guards the way in: see Place.
  const access = [`--username=${ROLE}`, '--auth-local=trust', '--auth-host=reject']
  try {
    await run(
      join(place.programs, 'bin', 'initdb'),
      [`--pgdata=${unfinished}`, ...options, ...access],
      asOwner(place),
    )
  } catch (cause) {
    const words = cause instanceof Error && 'stderr' in cause ? String(cause.stderr) : ''
    throw new OperatorError(`the database could not be made in ${place.directory}: ${words}`, { cause })
  }
  await rename(unfinished, clusterOf(place.directory))
}

async function createDatabase(place: Place): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(place, 'postgres') })
  await client.connect()
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE])
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`)
  } finally {
    await client.end()
  }
}
