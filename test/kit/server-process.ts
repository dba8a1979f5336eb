import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Child, startChild } from './child.ts'
import { createTestDatabase } from './database.ts'
import { UNHURRIED_ENV } from './limits.ts'

const MAIN = fileURLToPath(new URL('../../apps/server/src/main.ts', import.meta.url))

export interface ServerProcess {
  /** The same over all starts. */
  readonly url: string
  readonly port: number
  readonly databaseUrl: string | undefined
  readonly pid: number
  /** What the present or last process has written. */
  said(): string
  /** SIGKILL, and waits until the process is gone. */
  kill(): Promise<void>
  /** Starts it again after a kill or a stop, on the same port and database. */
  start(): Promise<void>
  /** SIGTERM, which drains; rejects when the process does not end well. */
  stop(): Promise<void>
  /** Waits until it ends by itself; answers its exit code, or the signal that ended it. */
  ended(): Promise<number | NodeJS.Signals>
  /** Ends it however it is, and drops its database. */
  dispose(): Promise<void>
}

/**
 * The server as `npm start` runs it, in a process that a test can kill. `env` adds to its
 * configuration; with `DATA_DIR` it runs its own embedded database, else it has a fresh one of the run's.
 */
export async function startServerProcess(env: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
  const database = 'DATA_DIR' in env ? undefined : await createTestDatabase()
  // Attachments are kept in a folder also where the database is elsewhere.
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-test-server-'))
  const port = await freePort()
  const { PATH = '' } = process.env
  const surroundings = {
    PATH,
    LOG_LEVEL: 'warn',
    DATABASE_URL: database?.url ?? '',
    DATA_DIR: dataDir,
    ...UNHURRIED_ENV,
    ...env,
    PORT: String(port),
  }
  const launch = async (): Promise<Child> => {
    const child = startChild(MAIN, [], { env: surroundings })
    await child.line('Parley is running at ')
    return child
  }
  const drop = async (): Promise<void> => {
    await database?.drop()
    await rm(dataDir, { recursive: true, force: true })
  }
  let child = await launch().catch(async (error: unknown) => {
    await drop()
    throw error
  })
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    databaseUrl: database?.url,
    get pid() {
      return child.process.pid ?? 0
    },
    said: () => child.said(),
    kill: async () => {
      await child.end('SIGKILL')
    },
    start: async () => {
      child = await launch()
    },
    ended: () => child.ended(),
    stop: async () => {
      const end = await child.end('SIGTERM')
      if (end !== 0) throw new Error(`the server ended with ${end}:\n${child.said()}`)
    },
    dispose: async () => {
      await child.end('SIGKILL')
      await drop()
    },
  }
}

const LAST_BLOCKED = 10_080

/**
 * A port that nothing listens on, from below the range that outgoing connections take theirs from:
 * so it is still free when a killed server is started again.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    // Above the last port that no fetch will speak to (https://fetch.spec.whatwg.org/#port-blocking).
    const port = LAST_BLOCKED + 1 + Math.floor(Math.random() * 20_000)
    const server = createServer()
    try {
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
    } catch {
      // Taken: the next one.
      continue
    }
    server.close()
    await once(server, 'close')
    return port
  }
}
