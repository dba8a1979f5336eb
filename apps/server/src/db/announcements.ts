import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import pg from 'pg'
import type { Logger } from '../logger.ts'
import type { Db } from '../queries/db.ts'
import { type Announcement, announcement } from './announcement.ts'

const CHANNEL = 'parley_announcements'
/** An announcement is seen from its COMMIT on, a little later than it says. */
const OVERLAP_MS = 60_000
const SWEEP_MS = 30_000
const PING_LIMIT_MS = 5_000
const FIRST_RETRY_MS = 250
const MAX_RETRY_MS = 10_000

/**
 * Tells every server on this database: within a transaction, at its COMMIT and not before. For what
 * is done beside the servers and rarely; PostgreSQL lets transactions that notify commit one at a time.
 */
export async function announce(db: Db, announcements: readonly Announcement[]): Promise<void> {
  if (announcements.length === 0) return
  await sql`
    WITH old AS (DELETE FROM announcements WHERE said_at < now() - interval '1 day'),
    said AS (
      INSERT INTO announcements (announcement)
      SELECT value FROM jsonb_array_elements(${JSON.stringify(announcements)}::jsonb)
    )
    SELECT pg_notify(${CHANNEL}, '')`.execute(db)
}

export interface ListenerOptions {
  /** The same database as `db`: listening needs a connection of its own. */
  readonly url: string
  readonly db: Db
  readonly logger: Logger
  /** Called again later with what it rejects. */
  readonly hear: (announcement: Announcement) => void | Promise<void>
  /** How long what no notification came for stays unheard. */
  readonly sweepMs?: number
}

/**
 * Hears what other processes announce: within milliseconds by PostgreSQL's LISTEN; what is said
 * while that connection is away, after it is back or by the next sweep [N2, N3].
 */
export class AnnouncementListener {
  readonly #options: ListenerOptions
  readonly #closing = new AbortController()
  readonly #sweep: NodeJS.Timeout
  readonly #listening: Promise<void>
  #client: pg.Client | undefined
  #lastReadAt = performance.now()
  #heard: ReadonlySet<number> = new Set()
  #reading: Promise<void> | undefined
  #isStale = false

  constructor(options: ListenerOptions) {
    this.#options = options
    this.#sweep = setInterval(() => {
      this.#wake()
      void this.#ping()
    }, options.sweepMs ?? SWEEP_MS).unref()
    this.#listening = this.#listen()
  }

  /** Lets what is being heard be heard out. */
  async close(): Promise<void> {
    clearInterval(this.#sweep)
    this.#closing.abort()
    this.#hangUp()
    await this.#listening
    await this.#reading
  }

  async #listen(): Promise<void> {
    const { signal } = this.#closing
    for (let retryMs = FIRST_RETRY_MS; !signal.aborted; retryMs = Math.min(retryMs * 2, MAX_RETRY_MS)) {
      const client = new pg.Client({
        connectionString: this.#options.url,
        application_name: 'parley announcements',
        connectionTimeoutMillis: 5_000,
        query_timeout: PING_LIMIT_MS,
        keepAlive: true,
      })
      this.#client = client
      const ended = new Promise<void>((resolve) => client.once('end', resolve))
      client.on('error', ({ message }) => {
        if (!signal.aborted) this.#options.logger.debug({ reason: message }, 'lost the listening connection')
        this.#hangUp()
      })
      client.on('notification', () => this.#wake())
      try {
        // Hung up while it opens, it says neither that it is open nor that it failed.
        await Promise.race([client.connect(), ended, aborted(signal)])
        if (signal.aborted) return
        await client.query(`LISTEN ${CHANNEL}`)
        retryMs = FIRST_RETRY_MS
        // Whatever was said before anybody listened.
        this.#wake()
        await ended
      } catch (err) {
        if (!signal.aborted) this.#options.logger.warn({ err }, 'cannot listen to other processes yet')
        this.#hangUp()
      }
      await pause(retryMs, undefined, { signal, ref: false }).catch(() => undefined)
    }
  }

  /** A connection that a network swallowed looks open for hours. */
  async #ping(): Promise<void> {
    const client = this.#client
    await client?.query('SELECT 1').catch(() => {
      if (this.#client === client) this.#hangUp()
    })
  }

  #hangUp(): void {
    const client = this.#client
    this.#client = undefined
    // It may be lost already: then there is nobody to say good-bye to.
    client?.end().catch(() => undefined)
  }

  #wake(): void {
    if (this.#reading !== undefined) {
      this.#isStale = true
      return
    }
    this.#reading = this.#readOn().finally(() => {
      this.#reading = undefined
    })
  }

  async #readOn(): Promise<void> {
    do {
      this.#isStale = false
      try {
        await this.#read()
      } catch (err) {
        // The next sweep, or the connection when it is back, reads again from where this began.
        this.#options.logger.warn({ err }, 'what other processes announce could not be read')
        return
      }
    } while (this.#isStale && !this.#closing.signal.aborted)
  }

  async #read(): Promise<void> {
    const startedAt = performance.now()
    const windowMs = startedAt - this.#lastReadAt + OVERLAP_MS
    const { rows } = await sql<{ id: number; announcement: unknown }>`
      SELECT id, announcement FROM announcements
      WHERE said_at > clock_timestamp() - ${windowMs}::float8 * interval '1 millisecond'
      ORDER BY id`.execute(this.#options.db)
    const heard = new Set<number>()
    for (const row of rows) if (this.#heard.has(row.id) || (await this.#hear(row))) heard.add(row.id)
    // What could not be acted on stays in the window until it can.
    if (heard.size === rows.length) this.#lastReadAt = startedAt
    this.#heard = heard
  }

  async #hear(row: { id: number; announcement: unknown }): Promise<boolean> {
    const { hear, logger } = this.#options
    const parsed = announcement.safeParse(row.announcement)
    if (!parsed.success) {
      logger.warn({ id: row.id }, 'another process announced what this version does not understand')
      return true
    }
    try {
      await hear(parsed.data)
      return true
    } catch (err) {
      logger.warn(
        { err, announcement: parsed.data },
        'an announcement could not be acted on: it is tried again',
      )
      return false
    }
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
