import type { CommandId, Conversation, ConversationId, Event, Millis, Seq } from '@parley/protocol'
import { LRUCache } from 'lru-cache'
import type pg from 'pg'
import { Unavailable } from '../commands/outcome.ts'
import type { Logger } from '../logger.ts'
import { isAboutData, violatedConstraint } from '../queries/database-errors.ts'
import type { Notified } from '../notifications/notice.ts'
import { presentSince } from '../presence/expiry.ts'
import type { Append, Appended, AppendSettings } from './append-statement.ts'
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
  /** Each of another conversation; they take effect together. */
  readonly works: readonly Work[]
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
  /** How often the log had moved under this work. */
  conflicts: number
  /** What was read of conversations that have no state to cache. */
  readonly stateless: Map<ConversationId, Stored>
  /** Its refusals were held against the database once, and stand if they are decided again. */
  mayRefuse: boolean
}

/** What goes into one statement. */
interface Batch {
  readonly branches: ReadonlyMap<ConversationId, Branch>
  readonly waitings: readonly Waiting[]
}

export interface AppenderOptions {
  readonly pool: pg.Pool
  /** What is appended goes through these connections and no others. */
  readonly writers: pg.Pool
  readonly bus: Bus
  readonly now: () => Millis
  readonly eventsAfter: (conversation: ConversationId, after: Seq, limit: number) => Promise<Event[]>
  readonly logger: Logger
  /** What notifications are sent over, beside waiting for their people to come back. */
  readonly transports: readonly string[]
}

const CACHED_CONVERSATIONS = 10_000
/** How many answered commands are remembered without asking the database. */
const REMEMBERED_COMMANDS = 20_000
/** After so many conflicts a conversation is appended to under its row's lock, so that no writer starves. */
const CONFLICTS_BEFORE_LOCK = 3
/** How much goes into one statement at most: a flood must not hold up what arrives after it. */
const WAITINGS_A_STATEMENT = 500

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

  /**
   * Resolves after COMMIT. Works of several conversations, each of another one, are committed
   * together or not at all: whoever intends them in an order sees none without those before it [C2].
   * Rejects with {@link Unavailable} when what became of them is not known.
   */
  submit(works: readonly Work[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#enter({ works, resolve, reject, conflicts: 0, stateless: new Map(), mayRefuse: false })
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

  /** Another process has moved this log on from `after`, or deleted the conversation: finds out, and shows it. */
  heard(conversation: ConversationId, after: Seq): void {
    this.#reconciler.untold(conversation, after)
  }

  /** Resolves when nothing is in flight and nothing waits. */
  async close(): Promise<void> {
    this.#reconciler.close()
    do await this.#idle
    while (this.#isRunning)
  }

  /** Gathers what a piece of work needs, and queues it: at once, if that is nothing. */
  #enter(waiting: Waiting): void {
    if (
      waiting.works.every(
        (work) => work.prepare === undefined && this.#cache.peek(work.conversation) !== undefined,
      )
    ) {
      this.#enqueue(waiting)
      return
    }
    Promise.all(waiting.works.map((work) => this.#prepare(waiting, work))).then(
      () => this.#enqueue(waiting),
      (cause: unknown) => waiting.reject(unavailable(cause)),
    )
  }

  async #prepare({ stateless }: Waiting, { conversation, prepare }: Work): Promise<void> {
    const stored = await this.#cache.read(conversation)
    if (stored.is === 'present') stateless.delete(conversation)
    else stateless.set(conversation, stored)
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
      await this.#append(this.#decide(this.#queue.splice(0, WAITINGS_A_STATEMENT)))
    }
    this.#isRunning = false
  }

  /** Decides one after the other, without those that have to wait for something first. */
  #decide(gathered: readonly Waiting[]): Batch {
    const branches = new Map<ConversationId, Branch>()
    const waitings = gathered.filter((waiting) => this.#decideOne(waiting, branches))
    return { branches, waitings }
  }

  /** Whether it is decided, and what it does is in the branches. */
  #decideOne(waiting: Waiting, branches: Map<ConversationId, Branch>): boolean {
    if (waiting.conflicts >= CONFLICTS_BEFORE_LOCK) {
      void this.#appendLocked(waiting)
      return false
    }
    for (const { conversation } of waiting.works) {
      if (branches.has(conversation)) continue
      const stored = this.#cache.peek(conversation) ?? waiting.stateless.get(conversation)
      if (stored === undefined) {
        // It fell out of the cache meanwhile.
        this.#enter(waiting)
        return false
      }
      branches.set(conversation, new Branch(stored, this.#options.now()))
    }
    const own = waiting.works.map((work) => {
      const branch = branches.get(work.conversation) as Branch
      return { work, branch, mark: branch.mark() }
    })
    try {
      const decisions = own.map(({ work, branch }) => work.decide(branch, this.#remembered))
      if (waiting.mayRefuse || !decisions.some(({ refuses }) => refuses)) return true
      void this.#confirmRefusal(waiting)
    } catch (error) {
      waiting.reject(error)
    }
    for (const { branch, mark } of own) branch.rollBack(mark)
    return false
  }

  /**
   * Before anything is refused: is it perhaps a repeat of what was accepted once (C1), or was it
   * decided on a state that another node has moved on from? Only the refused one waits for it.
   */
  async #confirmRefusal(waiting: Waiting): Promise<void> {
    try {
      this.#remember(await findKnownCommands(this.#options.pool, commandsOf([waiting])))
      for (const { conversation } of waiting.works) {
        const lastSeq = await readLastSeq(this.#options.pool, conversation)
        const believed = this.#cache.peek(conversation) ?? waiting.stateless.get(conversation)
        if (believed === undefined || seqOf(believed) < (lastSeq ?? 0)) this.#cache.drop(conversation)
      }
      waiting.mayRefuse = true
      this.#enter(waiting)
    } catch (error) {
      waiting.reject(unavailable(error))
    }
  }

  async #append(batch: Batch): Promise<void> {
    const appends = changesOf(batch)
    let appended: Appended = { moved: new Set(), notified: [] }
    try {
      const isAllOrNone = batch.waitings.some(({ works }) => works.length > 1)
      if (appends.length > 0)
        appended = await commit(this.#options.writers, appends, { ...this.#settings(), isAllOrNone })
    } catch (error) {
      await this.#recover(batch, error)
      return
    }
    const stale = new Set<ConversationId>()
    for (const { conversation, branch } of appends) {
      if (appended.moved.has(conversation)) this.#settle(conversation, branch, appended.notified)
      else {
        stale.add(conversation)
        this.#cache.drop(conversation)
      }
    }
    for (const waiting of batch.waitings) {
      if (waiting.works.some(({ conversation }) => stale.has(conversation))) {
        waiting.conflicts += 1
        this.#enter(waiting)
      } else waiting.resolve()
    }
  }

  /** The whole batch failed: because of what is in it, or because the database is in trouble. */
  async #recover(batch: Batch, error: unknown): Promise<void> {
    const { waitings } = batch
    if (violatedConstraint(error) === 'events_id') {
      try {
        const known = await findKnownCommands(this.#options.pool, commandsOf(waitings))
        if (known.size > 0) {
          this.#remember(known)
          // It may be that nobody here was told when it was said: the answer was lost, or another node said it.
          for (const waiting of waitings) this.#tellUntold(waiting)
          this.#queue.push(...waitings)
          return
        }
      } catch (cause) {
        this.#giveUp(batch, cause)
        return
      }
    }
    const [first] = waitings
    if (isAboutData(error) && waitings.length > 1) {
      // One of them cannot be stored; the others must not wait for it for ever.
      for (const waiting of waitings) await this.#append(this.#decide([waiting]))
    } else if (isAboutData(error) && first !== undefined && first.works.length > 1) void this.#oneByOne(first)
    else this.#giveUp(batch, error)
  }

  #tellUntold({ works }: Waiting): void {
    for (const { conversation, commands } of works) {
      const seqs = commands.flatMap((id) => this.#remembered.get(id)?.events.map(({ seq }) => seq) ?? [])
      if (seqs.length > 0) this.#reconciler.untold(conversation, Math.min(...seqs) - 1)
    }
  }

  /** It may have committed before the connection broke, or still do: what is cached is not to be believed. */
  #giveUp(batch: Batch, cause: unknown): void {
    for (const { conversation, branch } of changesOf(batch)) {
      this.#cache.drop(conversation)
      this.#reconciler.doubt(conversation, seqOf(branch.base), stateOf(branch.base))
    }
    for (const { reject } of batch.waitings) reject(unavailable(cause))
  }

  #settings(): Omit<AppendSettings, 'isAllOrNone'> {
    const { now, transports } = this.#options
    return { presentSince: presentSince(now()), transports }
  }

  #settle(conversation: ConversationId, branch: Branch, allNotified: readonly Notified[]): void {
    const after = branch.conversation
    this.#cache.set(conversation, after)
    this.#remember(branch.settled)
    if (branch.events.length > 0 || branch.deletesConversation) {
      const notified = allNotified.filter(({ notification }) => notification.conversation === conversation)
      const { events, base } = branch
      this.#options.bus.publish({
        conversation,
        events,
        before: stateOf(base),
        after,
        notified,
        isOurs: true,
      })
    }
  }

  async #appendLocked(waiting: Waiting): Promise<void> {
    const [work] = waiting.works
    if (work === undefined || waiting.works.length > 1) {
      await this.#oneByOne(waiting)
      return
    }
    const { conversation, commands, prepare, decide } = work
    let base: Stored | undefined
    try {
      const decideOn = async (client: pg.PoolClient, stored: Stored): Promise<Branch> => {
        base = stored
        const known = await findKnownCommands(client, commands)
        await prepare?.(client, stored)
        const candidate = new Branch(stored, this.#options.now())
        decide(candidate, known)
        return candidate
      }
      const { writers } = this.#options
      const { branch, notified } = await commitLocked(writers, conversation, this.#settings(), decideOn)
      this.#settle(conversation, branch, notified)
      waiting.resolve()
    } catch (error) {
      this.#cache.drop(conversation)
      if (base !== undefined) this.#reconciler.doubt(conversation, seqOf(base), stateOf(base))
      waiting.reject(unavailable(error))
    }
  }

  /** In order and each by itself: where all together will not do. */
  async #oneByOne({ works, resolve, reject }: Waiting): Promise<void> {
    try {
      for (const work of works) await this.submit([work])
      resolve()
    } catch (error) {
      reject(error)
    }
  }

  #remember(settled: ReadonlyMap<CommandId, Settled>): void {
    for (const [id, each] of settled) this.#remembered.set(id, each)
  }
}

const changesOf = ({ branches }: Batch): Append[] =>
  [...branches].flatMap(([conversation, branch]) => (branch.isUnchanged ? [] : [{ conversation, branch }]))

const commandsOf = (waitings: readonly Waiting[]): CommandId[] =>
  waitings.flatMap(({ works }) => works.flatMap(({ commands }) => commands))

const unavailable = (cause: unknown): Unavailable =>
  cause instanceof Unavailable
    ? cause
    : new Unavailable('The server cannot store this at the moment.', { cause })
