import { z } from 'zod'
import { emoji, inviting, kind, mention, millis, posting, role } from './events.ts'
import {
  attachmentId,
  commandId,
  conversationId,
  eventId,
  friendRequestId,
  isDerivedId,
  userId,
} from './ids.ts'
import { line, storableText } from './text.ts'

const base = { id: commandId, createdAt: millis }

const distinct = <T>(items: readonly T[]): boolean => new Set(items).size === items.length

export const messageSend = z.strictObject({
  ...base,
  type: z.literal('message.send'),
  conversation: conversationId,
  text: storableText,
  replyTo: eventId.optional(),
  mentions: z.array(mention).refine(distinct, 'must not repeat').optional(),
  attachments: z.array(attachmentId).refine(distinct, 'must not repeat').optional(),
})
export const reactionSet = z.strictObject({
  ...base,
  type: z.literal('reaction.set'),
  conversation: conversationId,
  to: eventId,
  emoji,
  on: z.boolean(),
})
export const conversationCreate = z
  .strictObject({
    ...base,
    type: z.literal('conversation.create'),
    conversation: conversationId,
    kind,
    title: line.optional(),
    topic: storableText.optional(),
    members: z.array(userId).refine(distinct, 'must not repeat').optional(),
  })
  // Otherwise a stranger could take the id that two others' direct conversation is going to have.
  .refine((create) => (create.kind === 'direct') === isDerivedId(create.conversation), {
    path: ['conversation'],
    message: 'must be derived from the pair for a direct conversation, and for no other',
  })
export const conversationUpdate = z.strictObject({
  ...base,
  type: z.literal('conversation.update'),
  conversation: conversationId,
  title: line.optional(),
  topic: storableText.optional(),
  avatar: line.max(512).optional(),
  archived: z.boolean().optional(),
  posting: posting.optional(),
  inviting: inviting.optional(),
})
export const conversationDelete = z.strictObject({
  ...base,
  type: z.literal('conversation.delete'),
  conversation: conversationId,
})
export const memberAdd = z.strictObject({
  ...base,
  type: z.literal('member.add'),
  conversation: conversationId,
  user: userId,
  role: role.optional(),
})
export const memberRemove = z.strictObject({
  ...base,
  type: z.literal('member.remove'),
  conversation: conversationId,
  user: userId,
})
export const memberRole = z.strictObject({
  ...base,
  type: z.literal('member.role'),
  conversation: conversationId,
  user: userId,
  role,
})
export const friendRequest = z.strictObject({ ...base, type: z.literal('friend.request'), user: userId })
export const friendAnswer = z.strictObject({
  ...base,
  type: z.literal('friend.answer'),
  request: friendRequestId,
  accept: z.boolean(),
})
export const friendRemove = z.strictObject({ ...base, type: z.literal('friend.remove'), user: userId })
export const userBlock = z.strictObject({ ...base, type: z.literal('user.block'), user: userId })
export const userUnblock = z.strictObject({ ...base, type: z.literal('user.unblock'), user: userId })

/** What is decided against one conversation and appends to its log. */
export const conversationCommand = z.discriminatedUnion('type', [
  messageSend,
  reactionSet,
  conversationCreate,
  conversationUpdate,
  conversationDelete,
  memberAdd,
  memberRemove,
  memberRole,
])
export const friendCommand = z.discriminatedUnion('type', [
  friendRequest,
  friendAnswer,
  friendRemove,
  userBlock,
  userUnblock,
])
/** What a person intends. Its id, made by the client, makes it idempotent (C1). */
export const command = z.discriminatedUnion('type', [
  ...conversationCommand.options,
  ...friendCommand.options,
])

export type Command = z.infer<typeof command>
export type CommandType = Command['type']
export type ConversationCommand = z.infer<typeof conversationCommand>
export type FriendCommand = z.infer<typeof friendCommand>
export type MessageSend = z.infer<typeof messageSend>
export type ReactionSet = z.infer<typeof reactionSet>
export type ConversationCreate = z.infer<typeof conversationCreate>
export type ConversationUpdate = z.infer<typeof conversationUpdate>
export type MemberAdd = z.infer<typeof memberAdd>
export type MemberRemove = z.infer<typeof memberRemove>
export type MemberRole = z.infer<typeof memberRole>

const CONVERSATION_COMMANDS: ReadonlySet<CommandType> = new Set(
  conversationCommand.options.map((option) => option.shape.type.value),
)
export const isConversationCommand = (value: Command): value is ConversationCommand =>
  CONVERSATION_COMMANDS.has(value.type)
