import type { Conversation, ConversationId, Event } from '@parley/protocol'
import type { Notified } from '../notifications/notice.ts'

/** What a committed append did to one conversation. */
export interface Committed {
  readonly conversation: ConversationId
  readonly events: readonly Event[]
  /** The state before; undefined when the conversation began with this append, or when it is not known. */
  readonly before: Conversation | undefined
  /** The state after; undefined when the conversation was deleted. */
  readonly after: Conversation | undefined
  readonly notified: readonly Notified[]
  /** Committed by this node, which says so once; what it hears of others it may hear again. */
  readonly isOurs: boolean
}

export type Listener = (committed: Committed) => void

/**
 * Carries the word that a log has moved to whoever shows it. It never decides what is true: a
 * listener that missed a word catches up from the database when the next one does not fit.
 */
export class Bus {
  readonly #listeners = new Set<Listener>()
  readonly #onError: (error: unknown) => void

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError
  }

  /** Returns the function that ends the subscription. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  publish(committed: Committed): void {
    for (const listener of this.#listeners) {
      try {
        listener(committed)
      } catch (error) {
        // What was committed stays committed: one listener's fault is not the sender's, nor the next listener's.
        this.#onError(error)
      }
    }
  }
}
