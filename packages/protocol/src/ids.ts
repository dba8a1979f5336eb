import { v5, v7 } from 'uuid'
import { z } from 'zod'

/**
 * Ids are lower-case UUIDs: PostgreSQL folds their case, and two spellings of one id would be
 * two keys in a document and two different hashes.
 */
const uuid = z
  .string()
  .regex(
    /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    'must be a lower-case UUID',
  )

/** Whether an id was derived from others, as those of direct conversations are. */
export const isDerivedId = (id: string): boolean => id.charAt(14) === '5'

export const userId = uuid.brand<'UserId'>()
export const conversationId = uuid.brand<'ConversationId'>()
export const eventId = uuid.brand<'EventId'>()
/**
 * A command's id is made by the client; the event it causes carries the same id. Ids derived from
 * others (version 5) are the protocol's own: nobody may take the one that another's command,
 * or another pair's direct conversation, is going to have.
 */
export const commandId = eventId.refine((id) => !isDerivedId(id), 'must not be a version 5 UUID')
export const attachmentId = uuid.brand<'AttachmentId'>()
export const friendRequestId = uuid.brand<'FriendRequestId'>()
export const notificationId = uuid.brand<'NotificationId'>()

export type UserId = z.infer<typeof userId>
export type ConversationId = z.infer<typeof conversationId>
export type EventId = z.infer<typeof eventId>
export type CommandId = EventId
export type AttachmentId = z.infer<typeof attachmentId>
export type FriendRequestId = z.infer<typeof friendRequestId>
export type NotificationId = z.infer<typeof notificationId>

/** A fresh time-ordered id (UUIDv7, RFC 9562). */
export const newId = <Id extends string>(): Id => v7() as Id

/** A constant of the protocol: changing it would give every pair of friends a second conversation. */
const DIRECT_NAMESPACE = '6f0c1c0e-9d5b-4c0f-8a53-3f6a0d6b7e21'
const DERIVED_NAMESPACE = 'b3f5c2d4-1a7e-4f6b-9c38-5d2e8f7a6b10'

/** The one conversation of two people: both sides derive the same id, also while offline. */
export const directConversationId = (a: UserId, b: UserId): ConversationId =>
  v5([a, b].toSorted().join(' '), DIRECT_NAMESPACE) as ConversationId

/** The id of the nth event (n ≥ 1) of a command that causes several; the 0th carries the command's own id. */
export const derivedEventId = (command: CommandId, n: number): EventId =>
  n === 0 ? command : (v5(`${command} ${n}`, DERIVED_NAMESPACE) as EventId)
