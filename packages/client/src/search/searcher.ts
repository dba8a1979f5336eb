import {
  type ConversationId,
  conversationId,
  messageEvent,
  millis,
  type UserId,
  userId,
} from '@parley/protocol'
import { z } from 'zod'
import type { Observable } from '../observable.ts'
import type { Range, Store } from '../store/store.ts'
import { searchCursor } from './pages.ts'

/** What is asked of this device: the words as they were typed, and whom and which conversations they name. */
export const searchRequest = z.object({
  typed: z.string(),
  /** Any of these; left out: anybody. */
  authors: z.array(userId).readonly().optional(),
  /** Any of these; left out: anywhere. */
  conversations: z.array(conversationId).readonly().optional(),
  limit: z.int().positive(),
  /** Where the page before ended. */
  after: searchCursor.optional(),
})
export type SearchRequest = z.infer<typeof searchRequest>

export const searchHit = z.object({
  conversation: conversationId,
  event: messageEvent,
  /** Where in its text the words are, in UTF-16 code units; in order and apart. */
  highlights: z.array(z.object({ start: z.int(), end: z.int() })).readonly(),
  /** What hits are ordered by, highest first, as on the server. */
  score: millis,
})
export type SearchHit = z.infer<typeof searchHit>

export const searchPage = z.object({
  hits: z.array(searchHit).readonly(),
  /** Where to go on; left out: there is no more. */
  next: searchCursor.optional(),
})
export type SearchPage = z.infer<typeof searchPage>

/** How far the index of this device has got. */
export const indexProgress = z.object({
  state: z.enum([
    /** Not begun yet, or the tab that has the connection has no search. */
    'closed',
    'indexing',
    'ready',
    /** No space, or the disk fails: what is indexed is found, and no more comes. */
    'stopped',
  ]),
  /** Events that are looked through. */
  indexed: z.int().nonnegative(),
  /** False: the index ends with the window, and is made anew with the next. */
  isKept: z.boolean(),
})
export type IndexProgress = z.infer<typeof indexProgress>

/** Looks through one person's messages on this device, and keeps the index that takes. */
export interface Searcher {
  readonly progress: Observable<IndexProgress>
  /** These stretches of a log are on the disk now. */
  written(conversation: ConversationId, runs: readonly Range[]): void
  /** A log is no longer on the disk. */
  forgotten(conversation: ConversationId): void
  /** Undefined: it cannot be looked through now. */
  search(request: SearchRequest): Promise<SearchPage | undefined>
  close(): void
}

/** Where searchers come from. */
export interface SearchHost {
  open(user: UserId, store: Store): Searcher
  /** Removes all that is kept of this person's messages beside the store. */
  wipe(user: UserId): Promise<void>
}

export const CLOSED: IndexProgress = { state: 'closed', indexed: 0, isKept: true }
