import {
  type Code,
  CODES,
  commandId,
  conversationId,
  event,
  millis,
  presenceSaid,
  rest,
  userId,
} from '@parley/protocol'
import { z } from 'zod'
import { audit } from '../archive/audit.ts'
import type { FactsNow } from './facts.ts'
import { keptFriends } from '../people/friends.ts'
import type { Link } from '../connection/link.ts'
import type { Card } from './looks.ts'
import { notificationChange } from '../people/notification-state.ts'
import type { Presence } from '../people/presence.ts'
import type { Profile } from '../people/profiles.ts'
import type { StorageState } from '../store/saving.ts'
import { indexProgress, searchPage, searchRequest } from '../search/searcher.ts'
import { ranges, storedConversation, storeFault } from '../store/store.ts'
import type { LogFault } from '../timeline/timeline-types.ts'
import { uploadProgress } from '../uploads/upload-progress.ts'
import { wish } from './wish.ts'

const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array)
const seq = z.int().nonnegative()
const attempt = z.int()

const link: z.ZodType<Link> = z.discriminatedUnion('state', [
  z.object({ state: z.literal('offline') }),
  z.object({ state: z.literal('connecting'), attempt }),
  z.object({ state: z.literal('live'), since: millis, attempt }),
  z.object({ state: z.literal('waiting'), retryAt: millis, attempt }),
  z.object({ state: z.literal('refused'), code: z.enum(Object.keys(CODES) as [Code, ...Code[]]) }),
])

const storage: z.ZodType<StorageState> = z.discriminatedUnion('state', [
  z.object({ state: z.literal('sound') }),
  z.object({
    state: z.literal('failing'),
    what: z.enum(['own', 'history']),
    fault: storeFault,
    at: millis,
  }),
])

const people = z.array(z.object({ id: userId, name: z.string() }))
const presence: z.ZodType<Presence> = z.object({ typing: people, active: people })

const logFault: z.ZodType<LogFault> = z.discriminatedUnion('fault', [
  z.object({ fault: z.literal('gap'), expected: seq, found: seq }),
  z.object({ fault: z.enum(['hash', 'time', 'unreadable']), seq }),
  z.object({ fault: z.literal('altered'), seq, isChained: z.boolean() }),
])

const card: z.ZodType<Card> = z.record(conversationId, presenceSaid)

const profile: z.ZodType<Profile> = rest.user
  .extend({ online: z.boolean().optional() })
  .transform(({ online, ...user }) => ({ ...user, online }))

const facts: z.ZodType<FactsNow> = z.object({
  link,
  me: rest.me,
  welcome: z
    .object({ lastActiveAt: millis.nullable(), serverTime: millis, limits: z.record(z.string(), z.number()) })
    .nullable(),
  isFilling: z.boolean(),
  paced: z.enum(['metered', 'battery', 'room']).nullable(),
  storage,
  isThinned: z.boolean(),
  audit: audit.nullable(),
  room: z.object({ leftBytes: z.number(), totalBytes: z.number() }).nullable(),
  presences: z.array(z.tuple([conversationId, presence])),
  uploads: z.array(uploadProgress),
  index: indexProgress,
})

/** What the tabs of one person tell each other. */
const said = z.discriminatedUnion('type', [
  /** Of the account document, from any tab to all. */
  z.object({ type: z.literal('change'), update: bytes, isOnDisk: z.boolean(), generation: z.string() }),
  /** From any tab to all: on disk there is another generation of the account document. */
  z.object({ type: z.literal('moved') }),
  /** A command is taken back; the change that does it follows. */
  z.object({ type: z.literal('discarded'), id: commandId }),

  /** What waits because of files is not on the disk as it was. */
  z.object({ type: z.literal('held') }),

  /** To the leader: I follow; tell me all that is not on disk. `vector`: of my account document. */
  z.object({ type: z.literal('follow'), vector: bytes, card }),
  /** To the leader: what I show now; are you there? */
  z.object({ type: z.literal('card'), card }),
  z.object({ type: z.literal('wish'), number: z.int(), wish }),
  z.object({ type: z.literal('search'), number: z.int(), request: searchRequest }),

  /** From a leader that has just become it. */
  z.object({ type: z.literal('lead') }),
  /** To one who follows; what is not on disk comes behind it. `vector`: of the leader's account document. */
  z.object({
    type: z.literal('welcome'),
    to: z.string(),
    vector: bytes,
    people: z.array(profile).readonly(),
  }),
  z.object({ type: z.literal('granted'), to: z.string(), number: z.int(), isDone: z.boolean() }),
  z.object({ type: z.literal('found'), to: z.string(), number: z.int(), page: searchPage.optional() }),
  /** All at once, after each change and in answer to each card. `isSteady`: the browser lets the leader run. */
  z.object({ type: z.literal('facts'), isSteady: z.boolean(), isComplete: z.boolean(), facts }),
  z.object({
    type: z.literal('events'),
    conversation: conversationId,
    events: z.array(event).readonly(),
    isNewest: z.boolean(),
  }),
  z.object({ type: z.literal('written'), conversation: conversationId, runs: ranges }),
  z.object({ type: z.literal('fault'), conversation: conversationId, fault: logFault.optional() }),
  /** Taken off the disk, and out of the ranges; `tip`: the newest event that is left. */
  z.object({
    type: z.literal('dropped'),
    conversation: conversationId,
    span: ranges.unwrap().element.unwrap(),
    tip: event.optional(),
  }),
  z.object({ type: z.literal('cut'), conversation: conversationId, after: seq, tip: event.optional() }),
  /** What the server has lost of a conversation has changed: it is on the disk. */
  z.object({ type: z.literal('losses'), conversation: conversationId }),
  z.object({
    type: z.literal('conversation'),
    id: conversationId,
    conversation: storedConversation.optional(),
  }),
  z.object({ type: z.literal('people'), people: z.array(profile).readonly() }),
  z.object({ type: z.literal('friends'), kept: keptFriends, isComplete: z.boolean() }),
  /** From any tab to all: what is seen in one is seen. */
  z.object({ type: z.literal('notifications'), change: notificationChange, isComplete: z.boolean() }),
])
export type TabMessage = z.infer<typeof said>

/** A message with its sender and whose account it is about: different people may be signed in in turns. */
export const tabMessage = z.object({ account: userId, from: z.string(), said })
