import { accountRoots, conversationId, type ConversationId, type Seq, type UserId } from '@parley/protocol'
import type * as Y from 'yjs'
import type { Logger } from '../logger.ts'
import type { Positions } from '../reading/positions.ts'

const RETRY_MS = 5_000

export interface ReadsRelayOptions {
  readonly doc: Y.Doc
  readonly owner: UserId
  readonly positions: Positions
  readonly logger: Logger
}

/** Takes the read positions of an account document to the database, where they only rise (R1). */
export class ReadsRelay {
  readonly #options: ReadsRelayOptions
  readonly #changed = new Map<ConversationId, Seq>()
  #underWay: Promise<void> | undefined
  #retry: NodeJS.Timeout | undefined

  constructor(options: ReadsRelayOptions) {
    this.#options = options
    const { reads } = accountRoots(options.doc)
    reads.observe((event) => {
      for (const key of event.keysChanged) this.#note(String(key), reads.get(String(key)))
    })
  }

  close(): void {
    clearTimeout(this.#retry)
    this.#changed.clear()
  }

  #note(key: string, seq: unknown): void {
    const conversation = conversationId.safeParse(key)
    // Any program of the owner may write here; what is not a position is nobody's position.
    if (!conversation.success || !Number.isSafeInteger(seq) || Number(seq) < 1) return
    this.#changed.set(conversation.data, Number(seq))
    if (this.#retry === undefined) this.#begin()
  }

  /** Resolves when what has been read is stored, or will be tried again later. */
  async settled(): Promise<void> {
    await this.#underWay
  }

  #begin(): void {
    this.#underWay ??= this.#relay().finally(() => {
      this.#underWay = undefined
      // What came after the last look.
      if (this.#changed.size > 0 && this.#retry === undefined) this.#begin()
    })
  }

  async #relay(): Promise<void> {
    const { owner, positions, logger } = this.#options
    try {
      for (const [conversation, seq] of this.#changed) {
        this.#changed.delete(conversation)
        try {
          await positions.advance(owner, conversation, seq)
        } catch (error) {
          if (!this.#changed.has(conversation)) this.#changed.set(conversation, seq)
          throw error
        }
      }
    } catch (error) {
      logger.warn({ err: error, user: owner }, 'read positions could not be stored; they are tried again')
      this.#retry = setTimeout(() => {
        this.#retry = undefined
        this.#begin()
      }, RETRY_MS).unref()
    }
  }
}
