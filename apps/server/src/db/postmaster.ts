import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import type { Logger } from '../logger.ts'
import { type Place, readIfThere } from './embedded-place.ts'

const run = promisify(execFile)

export const ROLE = 'parley'
/** Only names the socket's file: PostgreSQL listens on no network address. */
const PORT = 5432

/** What everything of ours is in. */
export const DATABASE = 'parley'

export const urlIn = (socketDirectory: string, database: string): string =>
  `postgresql://${ROLE}@localhost:${PORT}/${database}?host=${encodeURIComponent(socketDirectory)}`

export const urlOf = (place: Place, database: string): string => urlIn(place.socketDirectory, database)

export const clusterOf = (directory: string): string => join(directory, 'data')

/** What PostgreSQL's own processes get: nothing of ours, above all no PG… variable, and messages in English. */
export const asOwner = (place: Place) => ({
  ...place.owner,
  cwd: place.directory,
  env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
})

export interface Postmaster {
  readonly process: ChildProcess
  /** Ends sessions, saves, and waits until it is gone. */
  stop(): Promise<void>
}

const START_LIMIT_MS = 60_000
const STOP_LIMIT_MS = 30_000
const PROBE_MS = 25

/**
 * Starts PostgreSQL on an initialised cluster and waits until it answers. Right after a crash the
 * processes of the one before may hold its memory for a moment: that start fails and is repeated.
 */
export async function startPostmaster(place: Place, logger: Logger): Promise<Postmaster> {
  const deadline = Date.now() + START_LIMIT_MS
  for (;;) {
    await stopOrphan(place.directory, logger)
    const said: string[] = []
    const child = spawnPostgres(place, logger, said)
    try {
      await untilAnswering(place, child, deadline)
      return { process: child, stop: () => stopProcess(child) }
    } catch (cause) {
      await stopProcess(child)
      const words = said.join('\n')
      const heldByPredecessor = /pre-existing shared memory block|lock file .* already exists/.test(words)
      if (!heldByPredecessor || Date.now() > deadline) {
        throw new Error(`the embedded PostgreSQL did not start:\n${words}`, { cause })
      }
      await delay(250)
    }
  }
}

function spawnPostgres(place: Place, logger: Logger, said: string[]): ChildProcess {
  const settings = {
    listen_addresses: '',
    port: PORT,
    unix_socket_directories: place.socketDirectory,
    unix_socket_permissions: '0700',
  }
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child = spawn(join(place.programs, 'bin', 'postgres'), ['-D', clusterOf(place.directory), ...args], {
    ...asOwner(place),
    stdio: ['ignore', 'ignore', 'pipe'],
    // A session of its own: Ctrl+C in the terminal is for the server, which stops PostgreSQL last.
    detached: true,
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    for (const line of text.split('\n').filter(Boolean)) {
      if (said.length < 50) said.push(line)
      logger[line.includes('PANIC: ') ? 'error' : 'debug']({ postgres: line }, 'embedded PostgreSQL')
    }
  })
  return child
}

async function untilAnswering(place: Place, child: ChildProcess, deadline: number): Promise<void> {
  const gone = once(child, 'exit').then(() => {
    throw new Error('it ended while starting')
  })
  // Waited for only until the first answer; its later end is the caller's to watch.
  gone.catch(() => undefined)
  for (;;) {
    const answers = await Promise.race([probe(place), gone])
    if (answers) return
    if (Date.now() > deadline) throw new Error(`it does not answer after ${START_LIMIT_MS / 1000} s`)
    await Promise.race([delay(PROBE_MS), gone])
  }
}

async function probe(place: Place): Promise<boolean> {
  const client = new pg.Client({ connectionString: urlOf(place, 'postgres'), connectionTimeoutMillis: 2_000 })
  try {
    await client.connect()
    await client.end()
    return true
  } catch {
    // Not there yet, or still replaying its log: asked again until the deadline.
    return false
  }
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const exited = once(child, 'exit')
  child.kill('SIGINT')
  const impatience = setTimeout(() => child.kill('SIGQUIT'), STOP_LIMIT_MS)
  await exited
  clearTimeout(impatience)
}

/**
 * A server that was killed leaves its PostgreSQL running: finds it by `postmaster.pid` and stops it.
 * The number alone proves nothing, because after a reboot (or in a restarted container, where
 * numbers are small) it may be any other program's, which is neither stopped nor waited for.
 */
export async function stopOrphan(directory: string, logger: Logger): Promise<void> {
  const path = join(clusterOf(directory), 'postmaster.pid')
  const pid = Number((await readIfThere(path))?.split('\n')[0])
  if (!Number.isInteger(pid) || pid <= 0 || !isRunning(pid)) return
  if (!(await isPostmasterOf(pid, directory))) return disown(path)
  logger.warn({ pid }, 'the embedded PostgreSQL of a server that was killed is still running: stopping it')
  signal(pid, 'SIGINT')
  const deadline = Date.now() + STOP_LIMIT_MS
  while (isRunning(pid)) {
    if (Date.now() > deadline) signal(pid, 'SIGQUIT')
    if (Date.now() > deadline + STOP_LIMIT_MS)
      throw new Error(`the PostgreSQL with process number ${pid} does not stop`)
    await delay(PROBE_MS)
  }
}

/** The highest process number there can be is far lower. */
const NOBODY = 2 ** 31 - 1

/**
 * PostgreSQL refuses to start while the process in the file runs, whatever it is. The file also
 * names the memory that processes of a crashed PostgreSQL may still share, which must stay checked:
 * so the number goes and the file stays.
 */
async function disown(path: string): Promise<void> {
  const [, ...rest] = (await readFile(path, 'utf8')).split('\n')
  await writeFile(path, [NOBODY, ...rest].join('\n'))
}

async function isPostmasterOf(pid: number, directory: string): Promise<boolean> {
  const command = await commandOf(pid)
  return command !== undefined && /\bpostgres\b/.test(command) && command.includes(clusterOf(directory))
}

async function commandOf(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') return readIfThere(`/proc/${pid}/cmdline`)
  try {
    return (await run('ps', ['-o', 'command=', '-p', String(pid)])).stdout
  } catch {
    // `ps` fails for a process that is gone.
    return undefined
  }
}

const isRunning = (pid: number): boolean => signal(pid, 0)

/** Whether there was a process to signal. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, name)
    return true
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    // EPERM: it runs, and belongs to somebody else.
    if (error.code === 'ESRCH' || error.code === 'EPERM') return error.code === 'EPERM'
    throw error
  }
}
