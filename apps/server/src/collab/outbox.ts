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
import type { Logger } from '../logger.ts'

/** The origin of the server's own writes to an account document. */
const FROM_SERVER = { source: 'local', skipStoreHooks: true } as const
const BATCH = 500
const FIRST_RETRY_MS = 250
const MAX_RETRY_MS = 10_000

export interface OutboxOptions {
  readonly doc: Y.Doc
  readonly owner: UserId
  readonly handler: CommandHandler
  readonly logger: Logger
}

/**
 * Takes the commands out of an account document's outbox, in order [C2], once each [C1]. An entry
 * leaves the outbox only after what it asked for has committed [L3], or together with its
 * rejection [C3]; while the server is in trouble it stays [C4].
 */
export class OutboxDrain {
  readonly #options: OutboxOptions
  readonly #outbox: Y.Array<unknown>
  #underWay: Promise<void> | undefined
  #retry: NodeJS.Timeout | undefined
  #failures = 0
  #isClosed = false

  constructor(options: OutboxOptions) {
    this.#options = options
    this.#outbox = accountRoots(options.doc).outbox
    this.#outbox.observe(() => this.drain())
  }

  /** Begins to drain unless that is under way. */
  drain(): void {
    if (this.#isClosed || this.#underWay !== undefined || this.#retry !== undefined) return
    const outbox = this.#outbox
    if (outbox.length === 0) return
    this.#underWay = this.#run().finally(() => {
      this.#underWay = undefined
      // What arrived after the last look would otherwise wait for the next arrival.
      if (this.#retry === undefined && outbox.length > 0) this.drain()
    })
  }

  /** Resolves when nothing is in flight; what waits for the end of the server's own trouble is not. */
  async settled(): Promise<void> {
    while (this.#underWay !== undefined) await this.#underWay
  }

  /** Resolves when what is in flight has its answer; takes nothing further. */
  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#retry)
    await this.#underWay
  }

  async #run(): Promise<void> {
    const { owner, handler, logger } = this.#options
    const outbox = this.#outbox
    try {
      while (outbox.length > 0 && !this.#isClosed) {
        const entries = outbox.slice(0, BATCH).map(parseEntry)
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
      this.#retry = setTimeout(() => {
        this.#retry = undefined
        this.drain()
      }, retryMs)
    }
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
