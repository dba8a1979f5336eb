import type { Conversation, ConversationId, Event, Millis, Seq } from '@parley/protocol'
import type pg from 'pg'
import type { Logger } from '../logger.ts'
import type { Bus } from './bus.ts'
import type { ConversationCache } from './conversation-cache.ts'
import { readLastSeq } from './known-commands.ts'

const PAGE = 1_000
const FIRST_RETRY_MS = 250
const MAX_RETRY_MS = 10_000
/** PostgreSQL ends a statement after 30 s (db/database.ts): until then one that we lost may still commit. */
const DOUBT_MS = 35_000

export interface ReconcilerOptions {
  readonly pool: pg.Pool
  readonly cache: ConversationCache
  readonly bus: Bus
  readonly eventsAfter: (conversation: ConversationId, after: Seq, limit: number) => Promise<Event[]>
  readonly logger: Logger
}

interface Pursuit {
  /** What has been told up to here. */
  seq: Seq
  /** The state at `seq`, where it is known. */
  before: Conversation | undefined
  until: Millis
}

/**
 * Finds out, as soon as the database answers, whether a log has moved beyond what was told, and
 * tells it. An append whose answer was lost would otherwise be in the log and on nobody's screen
 * until the next one.
 */
export class Reconciler {
  readonly #options: ReconcilerOptions
  readonly #pursuits = new Map<ConversationId, Pursuit>()
  #isClosed = false

  constructor(options: ReconcilerOptions) {
    this.#options = options
  }

  /** An append after `seq` has no answer: it may have committed, or may still. */
  doubt(conversation: ConversationId, seq: Seq, before: Conversation | undefined): void {
    this.#pursue(conversation, { seq, before, until: Date.now() + DOUBT_MS })
  }

  /** What stands after `seq` was stored without being told here. */
  untold(conversation: ConversationId, seq: Seq): void {
    this.#pursue(conversation, { seq, before: undefined, until: Date.now() })
  }

  close(): void {
    this.#isClosed = true
  }

  #pursue(conversation: ConversationId, pursuit: Pursuit): void {
    const underWay = this.#pursuits.get(conversation)
    if (underWay === undefined) {
      this.#pursuits.set(conversation, pursuit)
      void this.#attempt(conversation, pursuit, FIRST_RETRY_MS)
      return
    }
    underWay.until = Math.max(underWay.until, pursuit.until)
    if (pursuit.seq < underWay.seq) Object.assign(underWay, { seq: pursuit.seq, before: pursuit.before })
  }

  async #attempt(conversation: ConversationId, pursuit: Pursuit, retryMs: number): Promise<void> {
    try {
      await this.#tellNews(conversation, pursuit)
      if (Date.now() >= pursuit.until) {
        this.#pursuits.delete(conversation)
        return
      }
    } catch (error) {
      if (this.#isClosed) return
      this.#options.logger.warn({ err: error, conversation }, 'whether an append was stored is not known yet')
    }
    setTimeout(() => {
      void this.#attempt(conversation, pursuit, Math.min(retryMs * 2, MAX_RETRY_MS))
    }, retryMs).unref()
  }

  async #tellNews(conversation: ConversationId, pursuit: Pursuit): Promise<void> {
    const { cache, bus, pool, eventsAfter } = this.#options
    const { seq } = pursuit
    // Of a long log that was imported the end is told: documents that are open catch up with the rest.
    const from = Math.max(seq, ((await readLastSeq(pool, conversation)) ?? 0) - PAGE)
    const events = await eventsAfter(conversation, from, PAGE)
    const last = events.at(-1)
    const believed = cache.peek(conversation)?.conversation
    // No event may mean that there is no log any more, which what is cached would hide.
    if (believed === undefined || last === undefined || believed.tip.seq < last.seq) cache.drop(conversation)
    const stored = await cache.read(conversation)
    if (last === undefined && stored.is !== 'deleted') return
    const after = stored.is === 'present' ? stored.conversation : undefined
    const isBelievedBefore = after === undefined || believed?.tip.seq === from
    const before = (from === seq ? pursuit.before : undefined) ?? (isBelievedBefore ? believed : undefined)
    if (last !== undefined && pursuit.seq === seq) Object.assign(pursuit, { seq: last.seq, before: after })
    bus.publish({ conversation, events, before, after, notified: [], isOurs: false })
  }
}
