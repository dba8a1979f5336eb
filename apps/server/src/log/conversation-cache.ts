import type { Conversation, ConversationId } from '@parley/protocol'
import { LRUCache } from 'lru-cache'
import type pg from 'pg'
import type { Stored } from './branch.ts'
import { loadConversation } from './load-conversation.ts'

/** The folded state of active conversations; what is not there is not cached, so that it appears as soon as it is. */
export class ConversationCache {
  readonly #pool: pg.Pool
  readonly #conversations: LRUCache<ConversationId, Stored & { is: 'present' }>

  constructor(pool: pg.Pool, max: number) {
    this.#pool = pool
    this.#conversations = new LRUCache({ max })
  }

  peek(id: ConversationId): (Stored & { is: 'present' }) | undefined {
    return this.#conversations.get(id)
  }

  async read(id: ConversationId): Promise<Stored> {
    return this.peek(id) ?? this.#load(id)
  }

  set(id: ConversationId, conversation: Conversation | undefined): void {
    if (conversation === undefined) this.#conversations.delete(id)
    else this.#conversations.set(id, { is: 'present', conversation })
  }

  drop(id: ConversationId): void {
    this.#conversations.delete(id)
  }

  async #load(id: ConversationId): Promise<Stored> {
    const stored = await loadConversation(this.#pool, id)
    const cached = this.peek(id)
    // An append may have committed while this was read: what it left is newer.
    if (cached !== undefined && seqOf(stored) < seqOf(cached)) return cached
    if (stored.is === 'present') this.#conversations.set(id, stored)
    return stored
  }
}

export const seqOf = (stored: Stored): number => (stored.is === 'present' ? stored.conversation.tip.seq : 0)

export const stateOf = (stored: Stored): Conversation | undefined =>
  stored.is === 'present' ? stored.conversation : undefined
