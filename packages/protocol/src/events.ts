import { z } from 'zod'
import { attachmentId, eventId, userId } from './ids.ts'
import { line, storableText } from './text.ts'

export const kind = z.enum(['direct', 'group', 'channel'])
export type Kind = z.infer<typeof kind>

export const role = z.enum(['owner', 'admin', 'member'])
export type Role = z.infer<typeof role>

/** Integer milliseconds since the epoch, UTC. */
export const millis = z.int().nonnegative()
export type Millis = number
export const seq = z.int().positive()
/** An event's number in its conversation: 1, 2, 3 … without a gap (L1). 0 stands before the first. */
export type Seq = number

export const everyone = z.literal('everyone')
export const mention = z.union([userId, everyone])
export type Mention = z.infer<typeof mention>

/** Who may send in a channel. */
export const posting = z.enum(['members', 'admins'])
/** Who may add people to a group. */
export const inviting = z.enum(['admins', 'members'])

export const attachment = z.strictObject({
  id: attachmentId,
  name: line.min(1),
  mediaType: line.min(1),
  bytes: z.int().nonnegative(),
  width: z.int().positive().optional(),
  height: z.int().positive().optional(),
})
export type Attachment = z.infer<typeof attachment>

export const emoji = line.min(1).max(64)

export const messagePayload = z.strictObject({
  text: storableText,
  /** The sender's clock when the message was written; shown when it differs from `at`. */
  writtenAt: millis,
  replyTo: eventId.optional(),
  mentions: z.array(mention).optional(),
  attachments: z.array(attachment).optional(),
})
export const reactionPayload = z.strictObject({ to: eventId, emoji, on: z.boolean() })
export const memberPayload = z.strictObject({
  user: userId,
  role: role.nullable(),
  cause: z.enum(['created', 'added', 'joined', 'left', 'removed', 'role', 'handover']),
})
export const metaPayload = z.strictObject({
  kind: kind.optional(),
  title: line.optional(),
  topic: storableText.optional(),
  avatar: line.optional(),
  archived: z.boolean().optional(),
  posting: posting.optional(),
  inviting: inviting.optional(),
})

export type MessagePayload = z.infer<typeof messagePayload>
export type ReactionPayload = z.infer<typeof reactionPayload>
export type MemberPayload = z.infer<typeof memberPayload>
export type MetaPayload = z.infer<typeof metaPayload>

const envelope = {
  seq,
  id: eventId,
  author: userId,
  at: millis,
  hash: z.string().regex(/^[\w-]{22}$/),
}

export const messageEvent = z.strictObject({
  ...envelope,
  type: z.literal('message'),
  ...messagePayload.shape,
})
export const reactionEvent = z.strictObject({
  ...envelope,
  type: z.literal('reaction'),
  ...reactionPayload.shape,
})
export const memberEvent = z.strictObject({ ...envelope, type: z.literal('member'), ...memberPayload.shape })
export const metaEvent = z.strictObject({ ...envelope, type: z.literal('meta'), ...metaPayload.shape })

/** What was said in a conversation: append-only, numbered without gaps, chained by hash. */
export const event = z.discriminatedUnion('type', [messageEvent, reactionEvent, memberEvent, metaEvent])
export type Event = z.infer<typeof event>
export type MessageEvent = z.infer<typeof messageEvent>
export type ReactionEvent = z.infer<typeof reactionEvent>
export type MemberEvent = z.infer<typeof memberEvent>
export type MetaEvent = z.infer<typeof metaEvent>
export type EventType = Event['type']
export const eventType = z.enum(['message', 'reaction', 'member', 'meta'])

export type Payload = MessagePayload | ReactionPayload | MemberPayload | MetaPayload

/** An event that has not been given its place in the log yet. */
export type Draft = Event extends infer E ? (E extends Event ? Omit<E, 'seq' | 'at' | 'hash'> : never) : never

/** What an event says, without the envelope that says who, when and where in the order. */
export function payloadOf(source: Event | Draft): Payload {
  const {
    seq: _seq,
    id: _id,
    type: _type,
    author: _author,
    at: _at,
    hash: _hash,
    ...payload
  } = source as Event
  return payload
}
