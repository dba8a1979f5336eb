import { conversationId, userId } from '@parley/protocol'
import { z } from 'zod'
import { ranges } from '../store/store.ts'
import { indexProgress, searchPage, searchRequest } from './searcher.ts'

/** What a page tells its search worker. */
export const toWorker = z.discriminatedUnion('type', [
  /** First of all: whose messages, and the name of the device's storage. */
  z.object({ type: z.literal('open'), user: userId, storage: z.string() }),
  z.object({ type: z.literal('written'), conversation: conversationId, runs: ranges }),
  z.object({ type: z.literal('forgotten'), conversation: conversationId }),
  z.object({ type: z.literal('search'), number: z.int(), request: searchRequest }),
])
export type ToWorker = z.infer<typeof toWorker>

/** What a search worker answers. */
export const fromWorker = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), progress: indexProgress }),
  z.object({ type: z.literal('found'), number: z.int(), page: searchPage.optional() }),
])
export type FromWorker = z.infer<typeof fromWorker>
