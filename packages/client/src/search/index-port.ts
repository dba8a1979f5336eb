import type { ConversationId, Event, Millis, Seq, UserId, Wants } from '@parley/protocol'
import type { Range, StoreFault } from '../store/store.ts'

/** An indexed stretch of a log; `hash` is that of its last event, by which a log that was replaced is noticed. */
export interface IndexedRange extends Range {
  readonly hash: string
}

/** What is asked of an index. */
export interface IndexQuery {
  readonly wants: Wants
  /** Any of these; undefined: anybody. */
  readonly authors: readonly UserId[] | undefined
  /** Any of these; undefined: anywhere. */
  readonly conversations: readonly ConversationId[] | undefined
  readonly hasFile: boolean
  /** Said before this moment. */
  readonly before: Millis | undefined
  /** Said at this moment or later. */
  readonly after: Millis | undefined
}

/** Events of one log, ascending. */
export interface IndexPart {
  readonly conversation: ConversationId
  readonly events: readonly Event[]
}

/** Where a message stands among all of them. */
export interface Key {
  readonly at: Millis
  readonly conversation: ConversationId
  readonly seq: Seq
}

export interface IndexMatch extends Key {
  /** Each word stands there as it was typed, not only as the beginning of a longer one. */
  readonly isWhole: boolean
  /** The words stand there one after the other; undefined: the index cannot say, and the text has to. */
  readonly isInOrder: boolean | undefined
}

export interface IndexMatches {
  /** Newest first. */
  readonly matches: readonly IndexMatch[]
  readonly hasMore: boolean
}

/** As the server orders what is equally good: never two at the same place. */
export const byNewest = (a: Key, b: Key): number =>
  b.at - a.at ||
  (a.conversation === b.conversation ? b.seq - a.seq : a.conversation < b.conversation ? 1 : -1)

/** Why an index could not do something; `corrupt` ones are made again. */
export class IndexError extends Error {
  override name = 'IndexError'
  readonly fault: StoreFault
  constructor(fault: StoreFault, message: string, options?: { cause: unknown }) {
    super(message, options)
    this.fault = fault
  }
}

/**
 * The words of one person's messages on one device. It holds no texts: those are read from the store.
 * Every promise rejects with an {@link IndexError}.
 */
export interface SearchIndex {
  /** Whether it is still there after the program has ended. */
  readonly isKept: boolean
  /** What of each log is in it. */
  holdings(): Promise<ReadonlyMap<ConversationId, readonly IndexedRange[]>>
  /**
   * Adds events, and in the same transaction what is held: after a crash either both are there or neither.
   * Events that are in it already change nothing.
   */
  add(parts: readonly IndexPart[]): Promise<void>
  /** The `count` newest matches; only those that come behind `below`, if it is given. */
  newest(query: IndexQuery, below: Key | undefined, count: number): Promise<IndexMatches>
  forget(conversation: ConversationId): Promise<void>
  /** Empties it; also the way out when it is corrupt. */
  wipe(): Promise<void>
  close(): void
}
