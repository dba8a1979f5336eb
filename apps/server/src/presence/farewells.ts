import { setTimeout as pause } from 'node:timers/promises'
import type { Millis, UserId } from '@parley/protocol'
import type { Logger } from '../logger.ts'
import { isDatabaseTrouble } from '../queries/database-errors.ts'
import type { Gone } from './connection-rows.ts'
import { Worker } from './worker.ts'

const AT_ONCE = 10
/** How long the end of a node may take for it, when everybody goes together. */
const CLOSE_MS = 5_000

/**
 * Called when a person's last active connection, on whatever node, has ended or expired and its row
 * is removed: once, on the node that removed it. What was sent to them after `lastHeardAt` may not
 * have arrived: a socket whose other end is gone without a word is found out up to a minute late.
 * While the database is away a listener that rejects for that is called again.
 */
export type GoneListener = (user: UserId, lastHeardAt: Millis) => Promise<void>

/** Tells of people who are gone, beside the storing of those who come. */
export class Farewells {
  readonly #listeners: GoneListener[] = []
  readonly #logger: Logger
  readonly #gone: Gone[] = []
  readonly #worker: Worker

  constructor(logger: Logger) {
    this.#logger = logger
    this.#worker = new Worker({
      work: () => this.#tell(),
      onTrouble: (err) => logger.warn({ err }, 'what people missed could not be stored; it is tried again'),
    })
  }

  onGone(listener: GoneListener): void {
    this.#listeners.push(listener)
  }

  add(gone: readonly Gone[]): void {
    if (gone.length === 0) return
    this.#gone.push(...gone)
    this.#worker.wake()
  }

  /** Tells what is left to tell, if there is a database to tell it to. */
  async close(): Promise<void> {
    await Promise.race([
      this.#worker.stop().then(() => this.#tell()),
      pause(CLOSE_MS, undefined, { ref: false }),
    ]).catch((err: unknown) =>
      this.#logger.warn({ err, people: this.#gone.length }, 'what people missed could not be stored'),
    )
  }

  async #tell(): Promise<void> {
    while (this.#gone.length > 0) {
      const some = this.#gone.slice(0, AT_ONCE)
      await Promise.all(some.map((gone) => this.#tellOf(gone)))
      this.#gone.splice(0, some.length)
    }
  }

  async #tellOf({ user, lastHeardAt }: Gone): Promise<void> {
    try {
      for (const listener of this.#listeners) await listener(user, lastHeardAt)
    } catch (error) {
      if (isDatabaseTrouble(error)) throw error
      this.#logger.error({ err: error, user }, 'what somebody missed cannot be stored')
    }
  }
}
