import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { freePort } from '../free-port.ts'
import type { Dialect } from '../load/plan.ts'
import type { Group, World } from '../world.ts'
import type { ProbeRequest, ServerMemory } from './probe.ts'

/** A server to be measured, running. */
export interface Contestant {
  readonly dialect: Dialect
  readonly url: string
  /** The process behind it: its CPU, its memory, its profile. */
  readonly server: Server
  /** Makes the people and conversations known, if this contestant has to know them before they come. */
  settle(world: World): Promise<void>
  /** Fills a conversation with messages 0 … count − 1 of sender 0, unless its database has them already. */
  fill(group: Group, count: number): Promise<void>
  stop(): Promise<void>
}

export interface ServerOptions {
  readonly entry: URL
  readonly environment: Readonly<Record<string, string>>
  /** Answered with 200 as soon as the server is ready. */
  readonly readyPath: string
}

const READY_MILLIS = 30_000

export class Server {
  readonly url: string
  readonly #child: ChildProcess

  private constructor(url: string, child: ChildProcess) {
    this.url = url
    this.#child = child
  }

  static async start({ entry, environment, readyPath }: ServerOptions): Promise<Server> {
    const port = await freePort()
    const child = fork(entry, {
      execArgv: ['--expose-gc', '--import', new URL('./probe.ts', import.meta.url).href],
      env: { ...process.env, NODE_ENV: 'production', ...environment, PORT: String(port), HOST: '127.0.0.1' },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    const server = new Server(`http://127.0.0.1:${port}`, child)
    try {
      await server.#ready(readyPath)
    } catch (error) {
      await server.stop()
      throw error
    }
    return server
  }

  get pid(): number {
    const { pid } = this.#child
    if (pid === undefined) throw new Error('the server did not start')
    return pid
  }

  async memory(): Promise<ServerMemory> {
    return (await this.#ask({ ask: 'memory' })) as ServerMemory
  }

  async startProfile(): Promise<void> {
    await this.#ask({ ask: 'profile' })
  }

  async saveProfile(file: string): Promise<void> {
    await this.#ask({ ask: 'save profile', file })
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const exited = once(this.#child, 'exit')
    this.#child.kill('SIGTERM')
    const tooLong = setTimeout(() => this.#child.kill('SIGKILL'), 10_000)
    await exited
    clearTimeout(tooLong)
  }

  async #ask(request: ProbeRequest): Promise<unknown> {
    const answered = once(this.#child, 'message')
    this.#child.send(request)
    const [answer] = await answered
    return answer
  }

  async #ready(path: string): Promise<void> {
    const deadline = performance.now() + READY_MILLIS
    for (;;) {
      if (this.#child.exitCode !== null)
        throw new Error(`a server ended with ${this.#child.exitCode} while starting`)
      // Refused until it listens: the point of asking again.
      const response = await fetch(new URL(path, this.url)).catch(() => undefined)
      if (response?.ok === true) return
      if (performance.now() > deadline) throw new Error(`a server was not ready in ${READY_MILLIS} ms`)
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
  }
}
