import { z } from 'zod'
import { millis } from './events.ts'
import { conversationId, notificationId, userId } from './ids.ts'
import { notification } from './rest.ts'

const seqOrZero = z.int().nonnegative()

/** What the server tells an account's connections beside the document itself. */
export const accountMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hello'),
    lastActiveAt: millis.nullable(),
    serverTime: millis,
    limits: z.record(z.string(), z.number()),
  }),
  z.object({ type: z.literal('activity'), conversation: conversationId, seq: seqOrZero, hash: z.string() }),
  /** Each waiting one after `hello`, and what comes in the moment between being away and being here. */
  z.object({ type: z.literal('notification'), ...notification.shape }),
  /** Acknowledged or read on another device, or no longer true. */
  z.object({ type: z.literal('withdrawn'), notifications: z.array(notificationId) }),
  z.object({
    type: z.literal('presence'),
    user: userId,
    online: z.boolean(),
    lastActiveAt: millis.nullable(),
  }),
  z.object({
    type: z.literal('changed'),
    what: z.enum(['friends', 'conversations', 'profile']),
    /** Whose profile, when it is not one's own. */
    user: userId.optional(),
  }),
  /**
   * The document was begun anew since this device was last here: of the writers in its replica so much had been
   * seen by then. A device that goes on with the new document hands over only what is beyond that; one that
   * does not know this word may go on as it is.
   */
  z.object({ type: z.literal('renewed'), seen: z.array(z.tuple([z.int(), z.int()])) }),
])
export type AccountMessage = z.infer<typeof accountMessage>

/** What the server tells a direct or group conversation's connections: whole on connect, changes after. */
export const conversationMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('reads'), reads: z.record(userId, seqOrZero) }),
])
export type ConversationMessage = z.infer<typeof conversationMessage>

/** What a client says of itself in a conversation's awareness; the server drops every other field. */
export const presenceSaid = z.object({ typing: z.boolean().optional(), active: z.boolean().optional() })
export type PresenceSaid = z.infer<typeof presenceSaid>

/** What the others see of it: the server adds the person behind the connection (S3). */
export const presenceSeen = presenceSaid.extend({ user: z.object({ id: userId, name: z.string() }) })
export type PresenceSeen = z.infer<typeof presenceSeen>

/** From this many open connections on, a conversation passes on `typing` and no longer `active`. */
export const QUIET_PRESENCE_CONNECTIONS = 200

/**
 * Why a document is denied: the reason an `authenticationFailed` carries. On `unavailable` the
 * client detaches and attaches again; on the others it does not retry by itself.
 */
export type DeniedReason = 'unauthenticated' | 'forbidden' | 'unavailable'
