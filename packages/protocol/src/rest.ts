import { z } from 'zod'
import {
  attachment,
  emoji,
  event,
  kind,
  mention,
  messageEvent,
  millis,
  reactionEvent,
  role,
  inviting,
  posting,
} from './events.ts'
import { attachmentId, conversationId, eventId, friendRequestId, notificationId, userId } from './ids.ts'
import { line, storableText } from './text.ts'

/** The bodies and answers of `/api`: the server validates by them, describes itself with them, the client reads by them. */

export const username = z
  .string()
  .regex(/^[a-z0-9_.-]{3,30}$/, 'must be 3 to 30 of a-z, 0-9, "_", "." and "-"')
export const displayName = line.min(1).max(80)
export const password = storableText.min(8, 'must have at least 8 characters').max(256)
export const email = z.email().max(254)

/** What somebody types to find something. */
export const searchText = storableText.max(100)
/** What somebody types to find messages: words and filters (search-query.ts). */
export const searchQuery = storableText.min(1).max(500)

export const user = z.object({
  id: userId,
  username: z.string(),
  name: z.string(),
  avatar: z.string().optional(),
  /** Only of friends and of people one shares a direct or group conversation with. */
  lastActiveAt: millis.optional(),
  /** Of a deleted user only the id is left, and a name that says so. */
  deleted: z.literal(true).optional(),
})
/** `email` only for an exact `?email=` match. */
export const foundUser = user.extend({ email: z.string().optional() })
export const userList = z.object({ users: z.array(foundUser) })
export const me = user.extend({ email: z.string() })
export const createUser = z.strictObject({
  email,
  username,
  name: displayName,
  password,
  /** The code of an invitation, where the server takes nobody without. */
  invitation: storableText.max(100).optional(),
})
export const updateUser = z.strictObject({
  name: displayName.optional(),
  username: username.optional(),
  email: email.optional(),
  avatar: line.max(512).optional(),
  password: password.optional(),
  /** Needed to change the password or the email. */
  currentPassword: storableText.max(256).optional(),
})
/** A picture that was added, as a profile or a conversation then names it. */
export const addedAvatar = z.object({ avatar: z.string() })
export const createSession = z.strictObject({
  login: storableText.min(1).max(254),
  password: storableText.min(1).max(256),
})
export const session = z.object({
  id: z.string(),
  createdAt: millis,
  expiresAt: millis,
  userAgent: z.string().optional(),
  current: z.boolean(),
})
export const sessionList = z.object({ sessions: z.array(session) })
export const createToken = z.strictObject({ name: line.min(1).max(80) })
export const token = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: millis,
  lastUsedAt: millis.optional(),
})
export const tokenList = z.object({ tokens: z.array(token) })
/** The only answer that holds the secret: it is stored hashed and never shown again. */
export const createdToken = token.extend({ token: z.string() })

export const member = z.object({
  user: userId,
  role,
  since: z.int(),
  username: z.string(),
  name: z.string(),
  readSeq: z.int(),
})

export const memberList = z.object({ members: z.array(member), next: z.string().optional() })

/** Nobody reads a larger number than this, and counting on would make a list slow. */
export const COUNT_LIMIT = 1000

export const conversationSummary = z.object({
  id: conversationId,
  kind,
  title: z.string(),
  topic: z.string().optional(),
  avatar: z.string().optional(),
  archived: z.boolean(),
  posting: posting.optional(),
  inviting: inviting.optional(),
  lastSeq: z.int(),
  lastHash: z.string(),
  lastAt: millis,
  lastEvent: event.optional(),
  readSeq: z.int(),
  /** Messages by others beyond `readSeq`; {@link COUNT_LIMIT} means that many or more. */
  unread: z.int(),
  /** Those of them that mention the user or everyone; with the same limit. */
  mentions: z.int(),
  role,
  memberCount: z.int(),
  /** Of direct and group conversations: a few, both of two, for faces and for a title where there is none. */
  members: z.array(user.omit({ lastActiveAt: true })),
})
export const conversationList = z.object({
  conversations: z.array(conversationSummary),
  next: z.string().optional(),
})
/** What everybody on the server may know of a channel. */
export const channel = z.object({
  id: conversationId,
  title: z.string(),
  topic: z.string(),
  memberCount: z.int(),
  isMember: z.boolean(),
})
export const channelList = z.object({ channels: z.array(channel), next: z.string().optional() })
export const createConversation = z.strictObject({
  id: conversationId.optional(),
  kind,
  title: line.optional(),
  topic: storableText.optional(),
  members: z.array(userId).optional(),
})
export const updateConversation = z.strictObject({
  title: line.optional(),
  topic: storableText.optional(),
  avatar: line.max(512).optional(),
  archived: z.boolean().optional(),
  posting: posting.optional(),
  inviting: inviting.optional(),
})
export const addMember = z.strictObject({ user: userId, role: role.optional() })
export const changeRole = z.strictObject({ role })
export const say = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('message'),
    text: storableText,
    replyTo: eventId.optional(),
    mentions: z.array(mention).optional(),
    attachments: z.array(attachmentId).optional(),
  }),
  z.strictObject({ type: z.literal('reaction'), to: eventId, emoji, on: z.boolean() }),
])
/** A file on its way in, or just arrived. */
export const upload = z.object({
  id: attachmentId,
  conversation: conversationId,
  name: z.string(),
  /** How many bytes are there. */
  offset: z.int().nonnegative(),
  /** How many there are going to be, once that is declared. */
  length: z.int().nonnegative().optional(),
  /** When it is given up unless more arrives; what is finished waits a day for its message. */
  expiresAt: millis.optional(),
  /** Once everything has arrived: as a message will name it. */
  attachment: attachment.optional(),
})
/** What a POST of {@link say} answers. */
export const said = z.discriminatedUnion('type', [messageEvent, reactionEvent])
export const setRead = z.strictObject({ seq: z.int().nonnegative() })

export const eventPage = z.object({ events: z.array(event), next: z.string().optional() })
export const messagePage = z.object({ messages: z.array(messageEvent), next: z.string().optional() })
export const reader = z.object({ user: userId, readSeq: z.int() })
export const readerPage = z.object({ reads: z.array(reader), next: z.string().optional() })

export const searchResult = z.object({
  conversation: conversationId,
  message: messageEvent,
  /** Where in its text the words are, in UTF-16 code units: from `start` up to, not including, `end`; in order and apart. */
  highlights: z.array(z.object({ start: z.int(), end: z.int() })),
})
export const searchResults = z.object({ results: z.array(searchResult), next: z.string().optional() })

export const friend = user.extend({ since: millis })
export const friendList = z.object({ friends: z.array(friend) })
export const friendRequestStatus = z.enum(['PENDING', 'ACCEPTED', 'REJECTED'])
export const friendRequest = z.object({
  id: friendRequestId,
  from: user,
  to: user,
  status: friendRequestStatus,
  createdAt: millis,
  answeredAt: millis.optional(),
})
export const friendRequestList = z.object({
  friendRequests: z.array(friendRequest),
  next: z.string().optional(),
})
export const createFriendRequest = z.strictObject({ user: userId })
export const answerFriendRequest = z.strictObject({ status: z.enum(['ACCEPTED', 'REJECTED']) })
export const blocked = z.object({ user, at: millis })
export const blockList = z.object({ blocks: z.array(blocked) })

export const notificationKind = z.enum([
  'mention',
  'reply',
  'direct',
  'added',
  'friend_request',
  'request_accepted',
])
/** That something concerns the user which happened while they were away; gone once it was acknowledged or read. */
export const notification = z.object({
  id: notificationId,
  kind: notificationKind,
  /** Who did it. */
  actor: userId,
  at: millis,
  /** The event it refers to; of mentions, replies, direct messages and additions. */
  conversation: conversationId.optional(),
  seq: z.int().optional(),
  event: eventId.optional(),
  /** The friend request it refers to; of the other two. */
  request: friendRequestId.optional(),
})
export const notificationList = z.object({
  notifications: z.array(notification),
  next: z.string().optional(),
})

/** What browsers take as `applicationServerKey`. */
export const pushKey = z.object({ key: z.string() })
const base64url = z.string().regex(/^[\w-]{1,200}=*$/, 'must be base64url')
/** As `PushSubscription.toJSON()` of a browser gives it. */
export const subscribePush = z.strictObject({
  endpoint: z.url({ protocol: /^https$/ }).max(1024),
  expirationTime: z.number().nullish(),
  keys: z.object({ p256dh: base64url, auth: base64url }),
})

export const errorAnswer = z.object({
  error: z.object({ code: z.string(), message: z.string(), details: z.unknown().optional() }),
})

export type User = z.infer<typeof user>
export type UserList = z.infer<typeof userList>
export type Me = z.infer<typeof me>
export type CreateUser = z.infer<typeof createUser>
export type UpdateUser = z.infer<typeof updateUser>
export type AddedAvatar = z.infer<typeof addedAvatar>
export type CreateSession = z.infer<typeof createSession>
export type Session = z.infer<typeof session>
export type Token = z.infer<typeof token>
export type CreatedToken = z.infer<typeof createdToken>
export type MemberListing = z.infer<typeof member>
export type ConversationSummary = z.infer<typeof conversationSummary>
export type ConversationList = z.infer<typeof conversationList>
export type Channel = z.infer<typeof channel>
export type CreateConversation = z.infer<typeof createConversation>
export type UpdateConversation = z.infer<typeof updateConversation>
export type AddMember = z.infer<typeof addMember>
export type Reader = z.infer<typeof reader>
export type Say = z.infer<typeof say>
export type Upload = z.infer<typeof upload>
export type SearchResult = z.infer<typeof searchResult>
export type Friend = z.infer<typeof friend>
export type FriendRequest = z.infer<typeof friendRequest>
export type AnswerFriendRequest = z.infer<typeof answerFriendRequest>
export type Block = z.infer<typeof blocked>
export type NotificationKind = z.infer<typeof notificationKind>
export type Notification = z.infer<typeof notification>
export type SubscribePush = z.infer<typeof subscribePush>
export type EventPage = z.infer<typeof eventPage>
export type ErrorAnswer = z.infer<typeof errorAnswer>
