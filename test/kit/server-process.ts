import { fileURLToPath } from 'node:url'
import { type Child, startChild } from './child.ts'

const MAIN = fileURLToPath(new URL('../../apps/server/src/main.ts', import.meta.url))
const RUNNING = 'Parley is running at '

/** A Parley server in a process of its own, which can be killed and started again on the same port and database. */
export interface ServerProcess {
  readonly port: number
  readonly url: string
  readonly pid: number
  readonly isUp: boolean
  /** What all processes so far have written. */
  said(): string
  /** SIGKILL: nothing in it gets to say goodbye. */
  kill(): Promise<void>
  /** SIGTERM, and waits until it has drained [N4]. Answers its exit code. */
  stop(): Promise<number | NodeJS.Signals>
  /** Starts it again; resolves when it accepts connections. */
  start(): Promise<void>
}

export async function startServerProcess(databaseUrl: string, env: NodeJS.ProcessEnv = {}): Promise<ServerProcess> {
  const log: string[] = []
  let port = 0
  let child: Child | undefined

  async function start(): Promise<void> {
    const starting = startChild(MAIN, [], {
      env: {
        PATH: process.env['PATH'],
        LOG_LEVEL: 'warn',
        HOST: '127.0.0.1',
        ...env,
        PORT: String(port),
        DATABASE_URL: databaseUrl,
      },
    })
    const line = await starting.line(RUNNING)
    port = Number(new URL(line.slice(RUNNING.length)).port)
    child = starting
  }
  async function end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals> {
    const ending = child
    if (ending === undefined) return 0
    child = undefined
    const code = await ending.end(signal)
    log.push(ending.said())
    return code
  }

  await start()
  return {
    get port() {
      return port
    },
    get url() {
      return `http://127.0.0.1:${port}`
    },
    get pid() {
      if (child?.process.pid === undefined) throw new Error('the server is not running')
      return child.process.pid
    },
    get isUp() {
      return child !== undefined && child.process.exitCode === null && child.process.signalCode === null
    },
    said: () => [...log, child?.said() ?? ''].join('\n'),
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
    start,
  }
}
