import type { Millis, rest, UserId } from '@parley/protocol'
import { sql } from 'kysely'
import type { Logger } from '../logger.ts'
import type { Db } from '../queries/db.ts'
import { NOTIFICATION_COLUMNS } from './notify-statement.ts'
import { type NotificationRow, toNotified } from '../queries/notifications.ts'

/** A way to reach people who are away: push, mail, a webhook. */
export interface Transport {
  /** What its jobs are stored under. */
  readonly name: string
  /** Sends one. Rejecting with {@link NotSent} means that certainly nobody was told: it is tried again later. */
  send(user: UserId, notification: rest.Notification): Promise<void>
}

/** The message did not go out. */
export class NotSent extends Error {
  override name = 'NotSent'
}

const BATCH = 50
/** Jobs that another node left behind, or whose time to be tried again has come. */
const SWEEP_MS = 10_000
const FIRST_RETRY_MS = 30_000
const MAX_ATTEMPTS = 8

export interface DispatcherOptions {
  readonly db: Db
  readonly transports: readonly Transport[]
  readonly now: () => Millis
  readonly logger: Logger
}

/**
 * Sends the notifications whose jobs were committed with them. A job is taken out of the table
 * before it is tried, and put back only if certainly nothing was sent: whatever crashes, nobody is
 * told twice (R3), and what was not sent still waits in the app. Nodes share the jobs by row locks.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions
  readonly #sweep: NodeJS.Timeout | undefined
  #underWay: Promise<void> | undefined
  #isWoken = false
  #isClosed = false

  constructor(options: DispatcherOptions) {
    this.#options = options
    if (options.transports.length > 0) this.#sweep = setInterval(() => this.wake(), SWEEP_MS).unref()
  }

  /** There may be jobs. */
  wake(): void {
    if (this.#isClosed || this.#options.transports.length === 0) return
    this.#isWoken = true
    this.#underWay ??= this.#run().finally(() => {
      this.#underWay = undefined
    })
  }

  /** Resolves when what it was woken for has been sent or put back; more than a batch waits for the next node [N4]. */
  async close(): Promise<void> {
    this.#isClosed = true
    clearInterval(this.#sweep)
    await this.#underWay
  }

  async #run(): Promise<void> {
    while (this.#isWoken) {
      this.#isWoken = false
      try {
        const sent = await Promise.all(this.#options.transports.map((transport) => this.#sendDue(transport)))
        this.#isWoken ||= !this.#isClosed && sent.some((jobs) => jobs === BATCH)
      } catch (err) {
        this.#options.logger.warn({ err }, 'notifications could not be sent; they are tried again')
      }
    }
  }

  /** Sends a batch; answers how many there were. */
  async #sendDue(transport: Transport): Promise<number> {
    const jobs = await takeDue(this.#options.db, transport.name, this.#options.now())
    await Promise.all(jobs.map((job) => this.#send(transport, job)))
    return jobs.length
  }

  async #send(transport: Transport, job: Job): Promise<void> {
    const { user, notification } = toNotified(job)
    const { db, now, logger } = this.#options
    const where = { transport: transport.name, user, notification: notification.id }
    try {
      await transport.send(user, notification)
    } catch (err) {
      const attempts = job.attempts + 1
      if (!(err instanceof NotSent) || attempts >= MAX_ATTEMPTS) {
        logger.warn({ err, ...where }, 'a notification is given up on this transport')
        return
      }
      await putBack(db, job, transport.name, { attempts, dueAt: now() + FIRST_RETRY_MS * 2 ** job.attempts })
    }
  }
}

type Job = NotificationRow & { readonly attempts: number }

async function takeDue(db: Db, transport: string, now: Millis): Promise<Job[]> {
  const { rows } = await sql<Job>`
    WITH taken AS (
      DELETE FROM notification_jobs WHERE (notification, transport) IN (
        SELECT notification, transport FROM notification_jobs
        WHERE transport = ${transport} AND due_at <= ${now}
        ORDER BY due_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
      RETURNING notification, attempts
    )
    SELECT ${sql.raw(NOTIFICATION_COLUMNS)}, attempts
    FROM taken JOIN notifications ON id = notification`.execute(db)
  return rows
}

/** Unless it was acknowledged meanwhile. */
async function putBack(
  db: Db,
  job: Job,
  transport: string,
  { attempts, dueAt }: { attempts: number; dueAt: Millis },
): Promise<void> {
  await sql`
    INSERT INTO notification_jobs (notification, transport, due_at, attempts)
    SELECT id, ${transport}, ${dueAt}, ${attempts} FROM notifications WHERE id = ${job.id}
    ON CONFLICT DO NOTHING`.execute(db)
}
