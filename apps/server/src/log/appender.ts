import type { CommandId, Conversation, ConversationId, Event, Millis, Seq } from '@parley/protocol'
import { LRUCache } from 'lru-cache'
import type pg from 'pg'
import { Unavailable } from '../commands/outcome.ts'
import type { Logger } from '../logger.ts'
import { type Append, runAppend } from './append-statement.ts'
import { Branch, type Settled, type Stored } from './branch.ts'
import type { Bus } from './bus.ts'
import { findKnownCommands, readLastSeq } from './known-commands.ts'
import { loadConversation } from './load-conversation.ts'
import { applySideEffects, createConversations, hasSideEffects } from './side-effects.ts'

/** Commands of one author for one conversation, to be decided together and in order. */
export interface Work {
  readonly conversation: ConversationId
  readonly commands: readonly CommandId[]
  /** Reads what deciding needs beyond the folded conversation; undefined when nothing is. Called again after each conflict. */
  readonly prepare: ((db: pg.Pool | pg.PoolClient, stored: Stored) => Promise<void>) | undefined
  /** Decides against the branch. Called again on another branch if the log turns out to have moved: only the last time counts. */
  readonly decide: (branch: Branch, known: ReadonlyMap<CommandId, Settled>) => void
}

interface Waiting {
  readonly work: Work
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
  /** How often the log had moved under this work. */
  conflicts: number
  /** The state read for a conversation that is not in the cache because there is nothing to fold. */
  absent?: Stored
  /** The tip on which this work's refusals were confirmed against the database. */
  confirmedSeq?: number
}

export interface AppenderOptions {
  readonly pool: pg.Pool
  readonly bus: Bus
  readonly now: () => Millis
  readonly eventsAfter: (conversation: ConversationId, after: Seq, limit: number) => Promise<Event[]>
  readonly logger: Logger
  /** How many folded conversations are kept in memory. */
  readonly cachedConversations?: number
  /** How many answered commands are remembered without asking the database. */
  readonly rememberedCommands?: number
}

/** After so many conflicts a conversation is appended to under its row's lock, so that no writer starves. */
const CONFLICTS_BEFORE_LOCK = 3
const RECONCILE_PAGE = 1_000
const FIRST_RETRY_MS = 250
const MAX_RETRY_MS = 10_000

/**
 * Appends to the logs: optimistically, with group commit. Each piece of work is decided against the
 * folded conversation in memory; one statement appends everything that gathered while the previous
 * one was in flight, and succeeds per conversation only while its tip is still what was believed.
 * Nothing waits for a timer. Decision record 0002.
 */
export class Appender {
  readonly #pool: pg.Pool
  readonly #bus: Bus
  readonly #now: () => Millis
  readonly #conversations: LRUCache<ConversationId, Stored & { is: 'present' }>
  readonly #remembered: LRUCache<CommandId, Settled>
  readonly #eventsAfter: AppenderOptions['eventsAfter']
  readonly #logger: Logger
  readonly #reconciling = new Set<ConversationId>()
  #isClosed = false
  #queue: Waiting[] = []
  #isScheduled = false
  #idle: Promise<void> = Promise.resolve()

  constructor(options: AppenderOptions) {
    this.#pool = options.pool
    this.#bus = options.bus
    this.#now = options.now
    this.#eventsAfter = options.eventsAfter
    this.#logger = options.logger
    this.#conversations = new LRUCache({ max: options.cachedConversations ?? 10_000 })
    this.#remembered = new LRUCache({ max: options.rememberedCommands ?? 20_000 })
  }

  /** Resolves after COMMIT. Rejects with {@link Unavailable} when what became of the work is not known. */
  submit(work: Work): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#enter({ work, resolve, reject, conflicts: 0 })
    })
  }

  /** The folded conversation if it is in memory: what the next decision will be made on unless the log moves. */
  peek(conversation: ConversationId): Conversation | undefined {
    return this.#conversations.get(conversation)?.conversation
  }

  /** The state that decisions on this conversation are made against now. */
  async read(conversation: ConversationId): Promise<Stored> {
    return this.#conversations.get(conversation) ?? this.#load(this.#pool, conversation)
  }

  /** Resolves when nothing is in flight and nothing waits. */
  async close(): Promise<void> {
    this.#isClosed = true
    do await this.#idle
    while (this.#isScheduled)
  }

  async #load(db: pg.Pool | pg.PoolClient, conversation: ConversationId): Promise<Stored> {
    const stored = await loadConversation(db, conversation)
    const cached = this.#conversations.get(conversation)
    // An append may have committed while this was read: what it left is newer.
    if (cached !== undefined && (stored.is !== 'present' || stored.conversation.tip.seq < cached.conversation.tip.seq)) return cached
    if (stored.is === 'present') this.#conversations.set(conversation, stored)
    return stored
  }

  #enter(waiting: Waiting): void {
    const { work } = waiting
    if (work.prepare === undefined && this.#conversations.has(work.conversation)) {
      this.#enqueue(waiting)
      return
    }
    this.#prepare(waiting).then(() => this.#enqueue(waiting), (cause: unknown) => waiting.reject(unavailable(cause)))
  }

  async #prepare(waiting: Waiting): Promise<void> {
    const { work } = waiting
    const stored = await this.read(work.conversation)
    if (stored.is !== 'present') waiting.absent = stored
    await work.prepare?.(this.#pool, stored)
  }

  #enqueue(waiting: Waiting): void {
    this.#queue.push(waiting)
    if (this.#isScheduled) return
    this.#isScheduled = true
    // Everything that arrives in this turn of the event loop goes together, without waiting for more.
    this.#idle = new Promise((resolve) => {
      setImmediate(() => this.#run().finally(resolve))
    })
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0) {
      const gathered = this.#queue
      this.#queue = []
      await this.#flush(gathered)
    }
    this.#isScheduled = false
  }

  async #flush(gathered: readonly Waiting[]): Promise<void> {
    const groups = new Map<ConversationId, Waiting[]>()
    for (const waiting of gathered) {
      const group = groups.get(waiting.work.conversation)
      if (group === undefined) groups.set(waiting.work.conversation, [waiting])
      else group.push(waiting)
    }
    const ready: Group[] = []
    for (const [conversation, waitings] of groups) {
      const group = this.#decide(conversation, waitings)
      if (group !== undefined) ready.push(group)
    }
    const changing = ready.filter(({ branch }) => !branch.isUnchanged)
    for (const { waitings, branch } of ready) if (branch.isUnchanged) for (const { resolve } of waitings) resolve()
    if (changing.length > 0) await this.#append(changing)
  }

  /** Decides a conversation's works one after the other; undefined when they wait for something else first. */
  #decide(conversation: ConversationId, waitings: readonly Waiting[]): Group | undefined {
    const stored = this.#conversations.get(conversation) ?? waitings.find((waiting) => waiting.absent)?.absent
    if (stored === undefined) {
      for (const waiting of waitings) this.#enter(waiting)
      return undefined
    }
    if (waitings.some((waiting) => waiting.conflicts >= CONFLICTS_BEFORE_LOCK)) {
      void this.#appendLocked(conversation, waitings)
      return undefined
    }
    const branch = new Branch(stored, this.#now())
    for (const { work } of waitings) work.decide(branch, this.#known)
    if (branch.hasRefused) {
      const seq = seqOf(stored)
      const unconfirmed = waitings.filter((waiting) => waiting.confirmedSeq !== seq)
      if (unconfirmed.length > 0) {
        void this.#confirm(conversation, waitings, seq)
        return undefined
      }
    }
    return { conversation, branch, waitings }
  }

  readonly #known: ReadonlyMap<CommandId, Settled> = {
    get: (id: CommandId) => this.#remembered.get(id),
  } as ReadonlyMap<CommandId, Settled>

  /**
   * Before anything is refused: is it perhaps a repeat of what was accepted once (C1), or was it
   * decided on a state that another node has moved on from?
   */
  async #confirm(conversation: ConversationId, waitings: readonly Waiting[], seq: number): Promise<void> {
    try {
      const [known, lastSeq] = await Promise.all([
        findKnownCommands(this.#pool, waitings.flatMap(({ work }) => work.commands)),
        readLastSeq(this.#pool, conversation),
      ])
      for (const [id, settled] of known) this.#remembered.set(id, settled)
      if ((lastSeq ?? 0) !== seq) this.#conversations.delete(conversation)
      for (const waiting of waitings) {
        waiting.confirmedSeq = lastSeq ?? 0
        if ((lastSeq ?? 0) === seq) this.#enqueue(waiting)
        else this.#enter(waiting)
      }
    } catch (error) {
      for (const { reject } of waitings) reject(unavailable(error))
    }
  }

  async #append(groups: readonly Group[]): Promise<void> {
    let moved: Set<ConversationId>
    try {
      moved = await this.#commit(groups)
    } catch (error) {
      await this.#recover(groups, error)
      return
    }
    for (const group of groups) {
      if (moved.has(group.conversation)) this.#settle(group)
      else this.#retry(group)
    }
  }

  async #commit(groups: readonly Append[]): Promise<Set<ConversationId>> {
    const client = await this.#pool.connect()
    let failure: Error | undefined
    try {
      if (!groups.some(hasSideEffects)) return await runAppend(client, groups)
      await client.query('BEGIN')
      try {
        await createConversations(client, groups)
        const moved = await runAppend(client, groups)
        await applySideEffects(client, groups, moved)
        await client.query('COMMIT')
        return moved
      } catch (error) {
        await client.query('ROLLBACK')
        throw error
      }
    } catch (error) {
      if (!isAboutData(error)) failure = error as Error
      throw error
    } finally {
      // A connection that failed for another reason than the data is not used again.
      client.release(failure)
    }
  }

  /** The whole statement failed: because of what one of the groups holds, or because the database is in trouble. */
  async #recover(groups: readonly Group[], error: unknown): Promise<void> {
    const waitings = groups.flatMap((group) => group.waitings)
    try {
      if (isUniqueViolation(error)) {
        const known = await findKnownCommands(this.#pool, waitings.flatMap(({ work }) => work.commands))
        for (const [id, settled] of known) this.#remembered.set(id, settled)
        if (known.size > 0) {
          // It may be that nobody here was told when it was said: the answer was lost, or another node said it.
          for (const group of groups) this.#reconcile(group)
          this.#queue.push(...waitings)
          return
        }
      }
      if (isAboutData(error) && groups.length > 1) {
        // One of them cannot be stored; the others must not wait for it for ever.
        for (const group of groups) await this.#append([group])
        return
      }
    } catch (cause) {
      error = cause
    }
    // It may have committed before the connection broke: what is cached is not to be believed.
    for (const group of groups) {
      this.#conversations.delete(group.conversation)
      this.#reconcile(group)
    }
    for (const { reject } of waitings) reject(unavailable(error))
  }

  /**
   * Finds out, as soon as the database answers, whether the log has moved beyond what this group was
   * decided on, and tells it: an append whose answer was lost would otherwise be in the log and on
   * nobody's screen until the next one.
   */
  #reconcile({ conversation, branch: { base } }: Group): void {
    if (this.#reconciling.has(conversation)) return
    this.#reconciling.add(conversation)
    const before = base.is === 'present' ? base.conversation : undefined
    const attempt = async (retryMs: number): Promise<void> => {
      try {
        const events = await this.#eventsAfter(conversation, seqOf(base), RECONCILE_PAGE)
        this.#conversations.delete(conversation)
        const stored = await this.read(conversation)
        this.#reconciling.delete(conversation)
        const after = stored.is === 'present' ? stored.conversation : undefined
        if (events.length > 0 || stored.is === 'deleted') this.#bus.publish({ conversation, events, before, after })
      } catch (error) {
        if (this.#isClosed) return
        this.#logger.warn({ err: error, conversation }, 'whether an append was stored is not known yet')
        setTimeout(() => void attempt(Math.min(retryMs * 2, MAX_RETRY_MS)), retryMs).unref()
      }
    }
    void attempt(FIRST_RETRY_MS)
  }

  #settle({ conversation, branch, waitings }: Group): void {
    const before = branch.base.is === 'present' ? branch.base.conversation : undefined
    const after = branch.conversation
    if (after === undefined) this.#conversations.delete(conversation)
    else this.#conversations.set(conversation, { is: 'present', conversation: after })
    for (const [id, settled] of branch.settled) this.#remembered.set(id, settled)
    for (const { resolve } of waitings) resolve()
    if (branch.events.length > 0 || branch.deletesConversation) {
      this.#bus.publish({ conversation, events: branch.events, before, after })
    }
  }

  #retry({ conversation, waitings }: Group): void {
    this.#conversations.delete(conversation)
    for (const waiting of waitings) {
      waiting.conflicts += 1
      delete waiting.absent
      this.#enter(waiting)
    }
  }

  /** The slow and certain way: read, decide and append while holding the conversation's row. */
  async #appendLocked(conversation: ConversationId, waitings: readonly Waiting[]): Promise<void> {
    const client = await this.#pool.connect().catch((error: unknown) => {
      for (const { reject } of waitings) reject(unavailable(error))
    })
    if (client === undefined) return
    let failure: Error | undefined
    let group: Group | undefined
    try {
      await client.query('BEGIN')
      await client.query(`SELECT FROM conversations WHERE id = $1 FOR UPDATE`, [conversation])
      const stored = await loadConversation(client, conversation)
      const branch = new Branch(stored, this.#now())
      const known = await findKnownCommands(client, waitings.flatMap(({ work }) => work.commands))
      for (const { work } of waitings) {
        await work.prepare?.(client, stored)
        work.decide(branch, known)
      }
      group = { conversation, branch, waitings }
      if (!branch.isUnchanged) {
        await createConversations(client, [group])
        await applySideEffects(client, [group], await runAppend(client, [group]))
      }
      await client.query('COMMIT')
      this.#settle(group)
    } catch (error) {
      failure = error as Error
      this.#conversations.delete(conversation)
      if (group !== undefined) this.#reconcile(group)
      for (const { reject } of waitings) reject(unavailable(error))
    } finally {
      client.release(failure)
    }
  }
}

interface Group extends Append {
  readonly waitings: readonly Waiting[]
}

const seqOf = (stored: Stored): number => (stored.is === 'present' ? stored.conversation.tip.seq : 0)

const unavailable = (cause: unknown): Unavailable =>
  cause instanceof Unavailable ? cause : new Unavailable('The server cannot store this at the moment.', { cause })

const sqlState = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

const isUniqueViolation = (error: unknown): boolean => sqlState(error) === '23505'

/** SQLSTATE classes 22 (data exception) and 23 (integrity constraint violation). */
const isAboutData = (error: unknown): boolean => /^2[23]/.test(sqlState(error))
