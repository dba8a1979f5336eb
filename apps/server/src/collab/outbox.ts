import {
  accountRoots,
  command as commandSchema,
  commandId,
  type Command,
  type CommandId,
  newId,
  type Refusal,
  type Rejection,
  type UserId,
} from '@parley/protocol'
import * as Y from 'yjs'
import type { CommandHandler, Outcome } from '../commands/outcome.ts'
import { Unavailable } from '../commands/outcome.ts'
import type { Limit } from '../limits/limit.ts'
import type { Logger } from '../logger.ts'
import { FROM_SERVER, type Ghosts } from './account-ghosts.ts'

const BATCH = 500
const FIRST_RETRY_MS = 250
const MAX_RETRY_MS = 10_000
/** Past the burst the outbox goes on in steps of this: short to the eye, and long enough that several commands commit together. */
const STEP_SECONDS = 0.25

export interface OutboxOptions {
  readonly doc: Y.Doc
  readonly owner: UserId
  readonly handler: CommandHandler
  /** What the owner may do, through this door and through REST. */
  readonly commands: Limit
  readonly logger: Logger
  /** Removes what is there a second time; left out: nothing can be. */
  readonly ghosts?: Pick<Ghosts, 'isSettled' | 'settled'>
  /** Called when an outbox that had to wait for its turn is empty. */
  readonly onDrained?: () => void
}

/**
 * Takes the commands out of an account document's outbox, in order [C2], once each [C1]. An entry
 * leaves the outbox only after what it asked for has committed [L3], or together with its
 * rejection [C3]; while the server is in trouble it stays [C4]. Who intends more than their rate
 * allows is not refused: the outbox waits, and goes on as the budget does.
 */
export class OutboxDrain {
  readonly #options: OutboxOptions
  readonly #outbox: Y.Array<unknown>
  #underWay: Promise<void> | undefined
  /** Ends a wait: for the server's own trouble, or for the owner's budget. */
  #timer: NodeJS.Timeout | undefined
  /** From the first wait on until the outbox is empty. */
  #isWaitingForBudget = false
  /** Taken from the budget in advance, to be used now. */
  #reserved = 0
  #isTurnOfRest = false
  #failures = 0
  #isClosed = false

  constructor(options: OutboxOptions) {
    this.#options = options
    this.#outbox = accountRoots(options.doc).outbox
    this.#outbox.observe(() => this.drain())
  }

  /** Begins to drain unless that is under way. */
  drain(): void {
    if (this.#isClosed || this.#underWay !== undefined || this.#timer !== undefined) return
    if (this.#outbox.length === 0) {
      this.#drained()
      return
    }
    this.#underWay = this.#run().finally(() => {
      this.#underWay = undefined
      // What arrived after the last look would otherwise wait for the next arrival.
      this.drain()
    })
  }

  #drained(): void {
    if (!this.#isWaitingForBudget) return
    this.#isWaitingForBudget = false
    this.#options.onDrained?.()
  }

  /** More commands are here than the owner's budget allows now: they will take effect without the owner's devices. */
  get isWaitingForBudget(): boolean {
    return this.#isWaitingForBudget && !this.#isClosed
  }

  /** Resolves when nothing is in flight; what waits for the end of the server's own trouble is not. */
  async settled(): Promise<void> {
    while (this.#underWay !== undefined) await this.#underWay
  }

  /** Resolves when what is in flight has its answer; takes nothing further. */
  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    await this.#underWay
  }

  async #run(): Promise<void> {
    const { owner, handler, logger, ghosts } = this.#options
    const outbox = this.#outbox
    try {
      for (;;) {
        while (ghosts?.isSettled === false) await ghosts.settled()
        if (outbox.length === 0 || this.#isClosed) break
        const count = this.#allowed()
        if (count === 0) return
        const entries = outbox.slice(0, count).map(parseEntry)
        const outcomes = await handler.handle(
          owner,
          entries.flatMap((entry) => ('command' in entry ? [entry.command] : [])),
        )
        this.#settle(entries, outcomes)
        this.#failures = 0
      }
    } catch (error) {
      if (!(error instanceof Unavailable))
        logger.error({ err: error, user: owner }, 'an outbox could not be drained')
      const retryMs = Math.min(FIRST_RETRY_MS * 2 ** this.#failures, MAX_RETRY_MS)
      this.#failures += 1
      this.#goOnIn(retryMs)
    }
  }

  /** How many entries may be handled now; 0 after it was arranged to go on later. */
  #allowed(): number {
    const { owner, commands } = this.#options
    const wanted = Math.min(BATCH, this.#outbox.length)
    const reserved = this.#reserved
    this.#reserved = 0
    if (reserved > 0) return Math.min(reserved, wanted)
    const taken = commands.take(owner, wanted)
    if (taken > 0) return taken
    commands.noteLimited()
    this.#isWaitingForBudget = true
    const step = Math.min(
      wanted,
      commands.rate.burst,
      Math.max(1, Math.floor(commands.rate.perSecond * STEP_SECONDS)),
    )
    // REST takes from the same budget and never waits for it. By turns, so that neither starves: what
    // comes together next is set aside for the outbox, and after that it is for whoever is there first.
    if (this.#isTurnOfRest) this.#goOnIn(commands.peek(owner, step))
    else {
      this.#reserved = step
      this.#goOnIn(commands.reserve(owner, step))
    }
    this.#isTurnOfRest = !this.#isTurnOfRest
    return 0
  }

  #goOnIn(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.drain()
    }, ms)
  }

  /** Removes the entries that have their answer, and lists the refused ones, in one transaction. */
  #settle(entries: readonly Entry[], outcomes: readonly Outcome[]): void {
    const { doc } = this.#options
    const outbox = this.#outbox
    const answered = new Set(entries.map((entry) => entry.stored))
    let next = 0
    const rejected = entries.flatMap((entry): [CommandId, Rejection][] => {
      if (!('command' in entry)) return [[entry.id, toRejection(entry.stored, entry.refusal)]]
      const outcome = outcomes[next++]
      return outcome === undefined || outcome.accepted
        ? []
        : [[entry.command.id, toRejection(entry.stored, outcome.refusal)]]
    })
    doc.transact(() => {
      // By identity, not by place: other devices may have put entries anywhere meanwhile.
      const isAnswered = outbox.map((stored) => answered.has(stored))
      for (let end = isAnswered.length; end > 0;) {
        if (!isAnswered[end - 1]) {
          end -= 1
          continue
        }
        let start = end - 1
        while (start > 0 && isAnswered[start - 1]) start -= 1
        outbox.delete(start, end - start)
        end = start
      }
      for (const [id, rejection] of rejected) accountRoots(doc).rejections.set(id, rejection)
    }, FROM_SERVER)
  }
}

/** An outbox entry as it is stored (by reference) and what it turned out to be. */
type Entry =
  | { readonly stored: unknown; readonly command: Command }
  | { readonly stored: unknown; readonly id: CommandId; readonly refusal: Refusal }

function parseEntry(stored: unknown): Entry {
  const value = plain(stored)
  const parsed = commandSchema.safeParse(value)
  if (parsed.success) return { stored, command: parsed.data }
  const named = commandId.safeParse(
    typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined,
  )
  const [issue] = parsed.error.issues
  return {
    stored,
    id: named.success ? named.data : newId<CommandId>(),
    refusal: {
      code: 'invalid',
      message: `Not a command: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim(),
    },
  }
}

const MAX_KEPT_CHARACTERS = 64 * 1024

/** The entry is kept for the person to see or send again, unless keeping it would fill the document. */
const toRejection = (stored: unknown, { code, message }: Refusal): Rejection => ({
  code,
  message,
  at: Date.now(),
  command: asJson(plain(stored)) ?? null,
})

/** A copy that holds nothing but JSON: a document within an entry could not even be encoded again. */
function asJson(value: unknown): unknown {
  try {
    const json = JSON.stringify(value)
    return json.length <= MAX_KEPT_CHARACTERS ? (JSON.parse(json) as unknown) : undefined
  } catch {
    // Nested too deeply, or holding a bigint, or undefined: whoever wrote this wrote no command.
    return undefined
  }
}

/** A program may have put a shared type into its outbox; what it holds is judged, not what it is. */
const plain = (stored: unknown): unknown =>
  stored instanceof Y.AbstractType ? (stored.toJSON() as unknown) : stored
