import type { CommandId, Conversation, ConversationId, Event, Millis, Seq } from '@parley/protocol'
import { LRUCache } from 'lru-cache'
import type pg from 'pg'
import { Unavailable } from '../commands/outcome.ts'
import type { Logger } from '../logger.ts'
import { isAboutData, violatedConstraint } from '../queries/database-errors.ts'
import type { Append } from './append-statement.ts'
import { Branch, type Settled, type Stored } from './branch.ts'
import type { Bus } from './bus.ts'
import { commit, commitLocked } from './commit.ts'
import { ConversationCache, seqOf, stateOf } from './conversation-cache.ts'
import { findKnownCommands, readLastSeq } from './known-commands.ts'
import { Reconciler } from './reconciler.ts'

/** Commands of one author for one conversation, to be decided together and in order. */
export interface Work {
  readonly conversation: ConversationId
  readonly commands: readonly CommandId[]
  /** Reads what deciding needs beyond the folded conversation; undefined when nothing is. Called again after each conflict. */
  readonly prepare: ((db: pg.Pool | pg.PoolClient, stored: Stored) => Promise<void>) | undefined
  /**
   * Decides against the branch, and answers whether it refuses anything. Called again on another
   * branch whenever this one is given up: only the last time counts.
   */
  readonly decide: (branch: Branch, known: KnownCommands) => { readonly refuses: boolean }
}

/** Commands that have taken effect, as far as is known here. */
export type KnownCommands = Pick<ReadonlyMap<CommandId, Settled>, 'get'>

interface Waiting {
  readonly work: Work
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
  /** How often the log had moved under this work. */
  conflicts: number
  /** What was read of a conversation that has no state to cache. */
  stateless: Stored | undefined
  /** Its refusals were held against the database once, and stand if they are decided again. */
  mayRefuse: boolean
}

interface Group extends Append {
  readonly waitings: readonly Waiting[]
}

export interface AppenderOptions {
  readonly pool: pg.Pool
  readonly bus: Bus
  readonly now: () => Millis
  readonly eventsAfter: (conversation: ConversationId, after: Seq, limit: number) => Promise<Event[]>
  readonly logger: Logger
}

const CACHED_CONVERSATIONS = 10_000
/** How many answered commands are remembered without asking the database. */
const REMEMBERED_COMMANDS = 20_000
/** After so many conflicts a conversation is appended to under its row's lock, so that no writer starves. */
const CONFLICTS_BEFORE_LOCK = 3
/** How much goes into one statement at most: a flood must not hold up what arrives after it. */
const WORKS_A_STATEMENT = 500

/**
 * Appends to the logs: optimistically, with group commit. Each piece of work is decided against the
 * folded conversation in memory; one statement appends everything that gathered while the previous
 * one was in flight, and succeeds per conversation only while its tip is still what was believed.
 * Nothing waits for a timer. Decision record 0002.
 */
export class Appender {
  readonly #options: AppenderOptions
  readonly #cache: ConversationCache
  readonly #reconciler: Reconciler
  readonly #remembered = new LRUCache<CommandId, Settled>({ max: REMEMBERED_COMMANDS })
  #queue: Waiting[] = []
  #isRunning = false
  #idle: Promise<void> = Promise.resolve()

  constructor(options: AppenderOptions) {
    this.#options = options
    this.#cache = new ConversationCache(options.pool, CACHED_CONVERSATIONS)
    this.#reconciler = new Reconciler({ ...options, cache: this.#cache })
  }

  /** Resolves after COMMIT. Rejects with {@link Unavailable} when what became of the work is not known. */
  submit(work: Work): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#enter({ work, resolve, reject, conflicts: 0, stateless: undefined, mayRefuse: false })
    })
  }

  /** The folded conversation if it is in memory: what the next decision will be made on unless the log moves. */
  peek(conversation: ConversationId): Conversation | undefined {
    return this.#cache.peek(conversation)?.conversation
  }

  /** The state that decisions on this conversation are made against now. */
  read(conversation: ConversationId): Promise<Stored> {
    return this.#cache.read(conversation)
  }

  /** Resolves when nothing is in flight and nothing waits. */
  async close(): Promise<void> {
    this.#reconciler.close()
    do await this.#idle
    while (this.#isRunning)
  }

  /** Gathers what a piece of work needs, and queues it: at once, if that is nothing. */
  #enter(waiting: Waiting): void {
    const { prepare, conversation } = waiting.work
    if (prepare === undefined && this.#cache.peek(conversation) !== undefined) {
      this.#enqueue(waiting)
      return
    }
    this.#prepare(waiting).then(
      () => this.#enqueue(waiting),
      (cause: unknown) => waiting.reject(unavailable(cause)),
    )
  }

  async #prepare(waiting: Waiting): Promise<void> {
    const { prepare, conversation } = waiting.work
    const stored = await this.#cache.read(conversation)
    waiting.stateless = stored.is === 'present' ? undefined : stored
    await prepare?.(this.#options.pool, stored)
  }

  #enqueue(waiting: Waiting): void {
    this.#queue.push(waiting)
    if (this.#isRunning) return
    this.#isRunning = true
    // Everything that arrives in this turn of the event loop goes together, without waiting for more.
    this.#idle = new Promise((resolve) => {
      setImmediate(() => {
        void this.#run().then(resolve)
      })
    })
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0) {
      const groups = [...this.#groups(this.#queue.splice(0, WORKS_A_STATEMENT))]
      const changing = groups.filter(({ branch }) => !branch.isUnchanged)
      for (const group of groups) if (group.branch.isUnchanged) resolveAll(group.waitings)
      if (changing.length > 0) await this.#append(changing)
    }
    this.#isRunning = false
  }

  /** What was gathered, by conversation, decided. */
  *#groups(gathered: readonly Waiting[]): Iterable<Group> {
    for (const [conversation, waitings] of Map.groupBy(gathered, ({ work }) => work.conversation)) {
      const stored = this.#cache.peek(conversation) ?? waitings.find(({ stateless }) => stateless)?.stateless
      if (stored === undefined) {
        // It fell out of the cache meanwhile.
        for (const waiting of waitings) this.#enter(waiting)
      } else if (waitings.some(({ conflicts }) => conflicts >= CONFLICTS_BEFORE_LOCK)) {
        void this.#appendLocked(conversation, waitings)
      } else {
        const group = this.#decide(conversation, stored, waitings)
        if (group.waitings.length > 0) yield group
      }
    }
  }

  /** Decides a conversation's works one after the other, without those that have to wait for something first. */
  #decide(conversation: ConversationId, stored: Stored, waitings: readonly Waiting[]): Group {
    const branch = new Branch(stored, this.#options.now())
    for (const waiting of waitings) {
      let isToLeave = true
      try {
        const { refuses } = waiting.work.decide(branch, this.#remembered)
        isToLeave = refuses && !waiting.mayRefuse
        if (isToLeave) void this.#confirmRefusal(waiting)
      } catch (error) {
        waiting.reject(error)
      }
      if (isToLeave) {
        // It may have put something into the branch: the others are decided without it.
        return this.#decide(
          conversation,
          stored,
          waitings.filter((other) => other !== waiting),
        )
      }
    }
    return { conversation, branch, waitings }
  }

  /**
   * Before anything is refused: is it perhaps a repeat of what was accepted once (C1), or was it
   * decided on a state that another node has moved on from? Only the refused one waits for it.
   */
  async #confirmRefusal(waiting: Waiting): Promise<void> {
    const { conversation, commands } = waiting.work
    try {
      this.#remember(await findKnownCommands(this.#options.pool, commands))
      const lastSeq = await readLastSeq(this.#options.pool, conversation)
      const believed = this.#cache.peek(conversation) ?? waiting.stateless
      if (believed === undefined || seqOf(believed) < (lastSeq ?? 0)) this.#cache.drop(conversation)
      waiting.mayRefuse = true
      this.#enter(waiting)
    } catch (error) {
      waiting.reject(unavailable(error))
    }
  }

  async #append(groups: readonly Group[]): Promise<void> {
    let moved: ReadonlySet<ConversationId>
    try {
      moved = await commit(this.#options.pool, groups)
    } catch (error) {
      await this.#recover(groups, error)
      return
    }
    for (const group of groups) {
      if (moved.has(group.conversation)) this.#settle(group)
      else this.#retry(group)
    }
  }

  /** The whole batch failed: because of what one of the groups holds, or because the database is in trouble. */
  async #recover(groups: readonly Group[], error: unknown): Promise<void> {
    const waitings = groups.flatMap((group) => group.waitings)
    if (violatedConstraint(error) === 'events_id') {
      try {
        const known = await findKnownCommands(
          this.#options.pool,
          waitings.flatMap(({ work }) => work.commands),
        )
        if (known.size > 0) {
          this.#remember(known)
          // It may be that nobody here was told when it was said: the answer was lost, or another node said it.
          for (const { conversation, waitings: repeated } of groups) this.#tellUntold(conversation, repeated)
          this.#queue.push(...waitings)
          return
        }
      } catch (cause) {
        this.#giveUp(groups, cause)
        return
      }
    }
    if (isAboutData(error) && groups.length > 1) {
      // One of them cannot be stored; the others must not wait for it for ever.
      for (const group of groups) await this.#append([group])
    } else this.#giveUp(groups, error)
  }

  #tellUntold(conversation: ConversationId, repeated: readonly Waiting[]): void {
    const seqs = repeated.flatMap(({ work }) =>
      work.commands.flatMap((id) => this.#remembered.get(id)?.events.map(({ seq }) => seq) ?? []),
    )
    if (seqs.length > 0) this.#reconciler.untold(conversation, Math.min(...seqs) - 1)
  }

  /** It may have committed before the connection broke, or still do: what is cached is not to be believed. */
  #giveUp(groups: readonly Group[], cause: unknown): void {
    for (const { conversation, branch, waitings } of groups) {
      this.#cache.drop(conversation)
      this.#reconciler.doubt(conversation, seqOf(branch.base), stateOf(branch.base))
      for (const { reject } of waitings) reject(unavailable(cause))
    }
  }

  #settle({ conversation, branch, waitings }: Group): void {
    const before = stateOf(branch.base)
    const after = branch.conversation
    this.#cache.set(conversation, after)
    this.#remember(branch.settled)
    resolveAll(waitings)
    if (branch.events.length > 0 || branch.deletesConversation) {
      this.#options.bus.publish({ conversation, events: branch.events, before, after })
    }
  }

  #retry({ conversation, waitings }: Group): void {
    this.#cache.drop(conversation)
    for (const waiting of waitings) {
      waiting.conflicts += 1
      this.#enter(waiting)
    }
  }

  async #appendLocked(conversation: ConversationId, waitings: readonly Waiting[]): Promise<void> {
    let base: Stored | undefined
    try {
      const branch = await commitLocked(this.#options.pool, conversation, async (client, stored) => {
        base = stored
        const known = await findKnownCommands(
          client,
          waitings.flatMap(({ work }) => work.commands),
        )
        const candidate = new Branch(stored, this.#options.now())
        for (const { work } of waitings) {
          await work.prepare?.(client, stored)
          work.decide(candidate, known)
        }
        return candidate
      })
      this.#settle({ conversation, branch, waitings })
    } catch (error) {
      this.#cache.drop(conversation)
      if (base !== undefined) this.#reconciler.doubt(conversation, seqOf(base), stateOf(base))
      for (const { reject } of waitings) reject(unavailable(error))
    }
  }

  #remember(settled: ReadonlyMap<CommandId, Settled>): void {
    for (const [id, each] of settled) this.#remembered.set(id, each)
  }
}

const resolveAll = (waitings: readonly Waiting[]): void => {
  for (const { resolve } of waitings) resolve()
}

const unavailable = (cause: unknown): Unavailable =>
  cause instanceof Unavailable
    ? cause
    : new Unavailable('The server cannot store this at the moment.', { cause })
