import {
  type CommandId,
  type Conversation,
  type Draft,
  EMPTY_CONVERSATION,
  type Event,
  foldConversation,
  type Millis,
  seal,
  type UserId,
} from '@parley/protocol'
import type { Notice } from '../notifications/notice.ts'
import { nodeSha256 } from './sha256.ts'

/** What is stored of a conversation before a decision; absent and deleted ones have no state. */
export type Stored =
  | { readonly is: 'present'; readonly conversation: Conversation }
  | { readonly is: 'absent' }
  | { readonly is: 'deleted' }

/** A command that has taken effect, by its id: what a repeat is answered with (C1). */
export interface Settled {
  readonly author: UserId
  readonly events: readonly Event[]
}

interface Mark {
  readonly conversation: Conversation | undefined
  readonly isDeleted: boolean
  readonly events: number
  readonly silent: number
  readonly notices: number
  readonly settled: number
}

/**
 * A conversation's log as it will stand once the statement under way has committed. Decisions are
 * made against it one after the other; nothing of it is true before COMMIT, and all of it is
 * dropped when the log turns out to have moved.
 */
export class Branch {
  readonly base: Stored
  readonly events: Event[] = []
  readonly settled = new Map<CommandId, Settled>()
  /** Commands that settle without an event, which therefore need a row of their own to be known again. */
  readonly silent: { id: CommandId; author: UserId }[] = []
  /** Whom the events are about: stored in the same commit, for those who are not there (R3). */
  readonly notices: Notice[] = []
  isDeleted: boolean
  #conversation: Conversation | undefined
  readonly now: Millis

  constructor(base: Stored, now: Millis) {
    this.base = base
    this.now = now
    this.isDeleted = base.is === 'deleted'
    this.#conversation = base.is === 'present' ? base.conversation : undefined
  }

  get conversation(): Conversation | undefined {
    return this.isDeleted ? undefined : this.#conversation
  }

  get createsConversation(): boolean {
    return this.base.is === 'absent' && this.events.length > 0
  }

  get deletesConversation(): boolean {
    return this.isDeleted && this.base.is !== 'deleted'
  }

  get isUnchanged(): boolean {
    return this.events.length === 0 && this.silent.length === 0 && !this.deletesConversation
  }

  /** Where the branch stands, to come back to. */
  mark(): Mark {
    return {
      conversation: this.#conversation,
      isDeleted: this.isDeleted,
      events: this.events.length,
      silent: this.silent.length,
      notices: this.notices.length,
      settled: this.settled.size,
    }
  }

  /** Takes back everything since `mark`. */
  rollBack(mark: Mark): void {
    this.#conversation = mark.conversation
    this.isDeleted = mark.isDeleted
    this.events.length = mark.events
    this.silent.length = mark.silent
    this.notices.length = mark.notices
    for (const id of [...this.settled.keys()].slice(mark.settled)) this.settled.delete(id)
  }

  /** Takes a command's effect into the log-to-be. */
  append(id: CommandId, author: UserId, drafts: readonly Draft[]): readonly Event[] {
    const start = this.#conversation ?? EMPTY_CONVERSATION
    const events = seal(start.tip, drafts, this.now, nodeSha256)
    if (events.length > 0) this.#conversation = foldConversation(events, start)
    this.events.push(...events)
    this.settled.set(id, { author, events })
    // A command's first event carries its id, and the unique index on it knows a repeat.
    if (events[0]?.id !== id) this.silent.push({ id, author })
    return events
  }

  delete(id: CommandId, author: UserId): void {
    this.isDeleted = true
    this.notices.length = 0
    this.settled.set(id, { author, events: [] })
    this.silent.push({ id, author })
  }
}
