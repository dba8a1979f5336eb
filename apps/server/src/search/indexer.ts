import type { ConversationId } from '@parley/protocol'
import type { Bus } from '../log/bus.ts'
import type { Logger } from '../logger.ts'
import type { Db } from '../queries/db.ts'
import { findBehind, indexBatch } from './index-batch.ts'

/** How much goes into one transaction: little enough that nobody notices it, who waits for the same thread or the same row. */
const BATCH_EVENTS = 500
const BATCH_CONVERSATIONS = 100
/** What is said in between goes in together. */
const GATHER_MS = 250
/** Finds what other nodes left behind, and what the bus did not say. */
const SWEEP_MS = 60_000
const SWEEP_CONVERSATIONS = 10_000
const RETRY_MS = 5_000

export interface IndexerOptions {
  readonly db: Db
  readonly bus: Bus
  readonly logger: Logger
}

/**
 * Brings the words of messages into the index, behind each log and in its order. How far a log is
 * indexed is committed together with its words, so a crash loses nothing and repeats nothing; nodes
 * share the work by row locks. Between two batches it rests as long as the batch took: there is
 * always something more urgent. Decision 0016.
 */
export class Indexer {
  readonly #options: IndexerOptions
  readonly #behind = new Set<ConversationId>()
  readonly #unsubscribe: () => void
  readonly #sweep: NodeJS.Timeout
  #needsSweep = true
  #timer: NodeJS.Timeout | undefined
  #underWay: Promise<void> | undefined
  #isClosed = false

  constructor(options: IndexerOptions) {
    this.#options = options
    this.#unsubscribe = options.bus.subscribe(({ conversation, events }) => {
      if (!events.some((event) => event.type === 'message')) return
      this.#behind.add(conversation)
      this.#schedule(GATHER_MS)
    })
    this.#sweep = setInterval(() => {
      this.#needsSweep = true
      this.#schedule(0)
    }, SWEEP_MS).unref()
    this.#schedule(0)
  }

  /** Resolves when everything said so far can be found; rejects when the database is away. */
  async catchUp(): Promise<void> {
    await this.#underWay
    this.#needsSweep = true
    while (this.#hasWork) await this.#step()
  }

  /** Resolves when the batch under way is committed; what is left is found by the next sweep of any node. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#unsubscribe()
    clearInterval(this.#sweep)
    clearTimeout(this.#timer)
    await this.#underWay
  }

  get #hasWork(): boolean {
    return this.#needsSweep || this.#behind.size > 0
  }

  #schedule(delayMs: number): void {
    if (this.#isClosed || this.#timer !== undefined || this.#underWay !== undefined) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#underWay = this.#takeTurn().then((restMs) => {
        this.#underWay = undefined
        if (this.#hasWork) this.#schedule(restMs)
      })
    }, delayMs).unref()
  }

  /** Indexes a batch; answers how long to rest before the next. */
  async #takeTurn(): Promise<number> {
    const started = performance.now()
    try {
      await this.#step()
      return performance.now() - started
    } catch (err) {
      this.#options.logger.warn({ err }, 'what was said last cannot be found yet; trying again')
      return RETRY_MS
    }
  }

  async #step(): Promise<void> {
    const { db } = this.#options
    if (this.#needsSweep) {
      const found = await findBehind(db, SWEEP_CONVERSATIONS)
      for (const conversation of found) this.#behind.add(conversation)
      this.#needsSweep = found.length === SWEEP_CONVERSATIONS
    }
    const batch = [...this.#behind].slice(0, BATCH_CONVERSATIONS)
    if (batch.length === 0) return
    // Before, not after: whoever speaks meanwhile is behind again.
    for (const conversation of batch) this.#behind.delete(conversation)
    try {
      for (const conversation of await indexBatch(db, batch, BATCH_EVENTS)) this.#behind.add(conversation)
    } catch (error) {
      for (const conversation of batch) this.#behind.add(conversation)
      throw error
    }
  }
}
