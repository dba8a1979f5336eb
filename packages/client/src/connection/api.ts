import type {
  AttachmentId,
  Code,
  CommandId,
  ConversationId,
  Event,
  EventId,
  EventType,
  FriendRequestId,
  MessageEvent,
  Millis,
  NotificationId,
  ReactionEvent,
  rest,
  Role,
  Seq,
  UserId,
} from '@parley/protocol'
import type { FileBytes } from '../uploads/held-message.ts'

/** What the server answered: the value, or a code that decides what to do next. Never rejects. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false
      /** `unavailable` also stands for no answer at all. */
      readonly code: Code
      readonly message: string
      /** When the same may be tried again, if the server says. */
      readonly retryAfter?: Millis
    }

/** A part of a list that may be long; `next` asks for the one behind it. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly next?: string
}

/** A file that is going to be uploaded. */
export interface NewUpload {
  /** The client's own: asked again with it, it is the same upload. */
  readonly id: AttachmentId
  readonly conversation: ConversationId
  readonly name: string
  readonly mediaType: string
  readonly size: number
}

/** Ascending by seq; without `after` and `before` the latest. */
export interface EventsQuery {
  readonly after?: Seq
  readonly before?: Seq
  readonly limit?: number
  readonly types?: readonly EventType[]
}

export interface RequestsQuery {
  readonly direction?: 'incoming' | 'outgoing'
  readonly status?: rest.FriendRequest['status']
}

/** What to find, as the app's own box takes it, and where. Times are those of receiving. */
export interface SearchQuery {
  readonly q: string
  readonly conversation?: ConversationId
  readonly author?: UserId
  readonly before?: Millis
  readonly after?: Millis
  readonly limit?: number
}

/**
 * The server's REST interface, typed and parsed: a function for each operation, of the same name as in
 * `/api/openapi.json` where there is one for one. Lists are whole unless they are pages. Where a `key`
 * can be given, the same call under the same key takes effect once (C1); without one, each call does.
 */
export interface Api {
  signUp(body: rest.CreateUser): Promise<Answer<rest.Me>>
  me(): Promise<Answer<rest.Me>>
  updateMe(body: rest.UpdateUser): Promise<Answer<rest.Me>>
  /** Of whatever size an image has: the server keeps a small square of it. */
  setAvatar(image: FileBytes, mediaType: string): Promise<Answer<rest.Me>>
  /** Answers what to change a conversation's `avatar` to. */
  addAvatar(image: FileBytes, mediaType: string): Promise<Answer<rest.AddedAvatar>>
  deleteMe(): Promise<Answer<undefined>>
  user(id: UserId): Promise<Answer<rest.User>>
  /** Public profiles by id; unknown ids are left out. */
  users(ids: readonly UserId[]): Promise<Answer<readonly rest.User[]>>
  /** By start of username or name. */
  searchUsers(query: string): Promise<Answer<readonly rest.User[]>>
  /** By exact email. */
  usersByEmail(email: string): Promise<Answer<readonly rest.User[]>>

  signIn(body: rest.CreateSession): Promise<Answer<rest.Me>>
  signOut(): Promise<Answer<undefined>>
  sessions(): Promise<Answer<readonly rest.Session[]>>
  endSession(id: string): Promise<Answer<undefined>>
  tokens(): Promise<Answer<readonly rest.Token[]>>
  createToken(name: string): Promise<Answer<rest.CreatedToken>>
  deleteToken(id: string): Promise<Answer<undefined>>

  friends(): Promise<Answer<readonly rest.Friend[]>>
  removeFriend(user: UserId): Promise<Answer<undefined>>
  /** Newest first. */
  friendRequests(query?: RequestsQuery): Promise<Answer<readonly rest.FriendRequest[]>>
  requestFriend(user: UserId, key?: CommandId): Promise<Answer<rest.FriendRequest>>
  answerFriendRequest(
    id: FriendRequestId,
    status: rest.AnswerFriendRequest['status'],
  ): Promise<Answer<rest.FriendRequest>>
  blocks(): Promise<Answer<readonly rest.Block[]>>
  /** `not_found`: the user is not blocked. */
  blockOf(user: UserId): Promise<Answer<rest.Block>>
  block(user: UserId): Promise<Answer<undefined>>
  unblock(user: UserId): Promise<Answer<undefined>>

  /** All of them, newest activity first. */
  conversations(): Promise<Answer<readonly rest.ConversationSummary[]>>
  conversation(id: ConversationId): Promise<Answer<rest.ConversationSummary>>
  createConversation(
    body: rest.CreateConversation,
    key?: CommandId,
  ): Promise<Answer<rest.ConversationSummary>>
  updateConversation(
    id: ConversationId,
    body: rest.UpdateConversation,
  ): Promise<Answer<rest.ConversationSummary>>
  deleteConversation(id: ConversationId): Promise<Answer<undefined>>
  /** By start of title; all of them for none. */
  channels(query: string, next?: string): Promise<Answer<Page<rest.Channel>>>
  members(id: ConversationId): Promise<Answer<readonly rest.MemberListing[]>>
  /** For a channel, which may have any number of them. */
  membersPage(id: ConversationId, next?: string): Promise<Answer<Page<rest.MemberListing>>>
  addMember(id: ConversationId, body: rest.AddMember, key?: CommandId): Promise<Answer<rest.MemberListing>>
  changeRole(id: ConversationId, user: UserId, role: Role): Promise<Answer<rest.MemberListing>>
  removeMember(id: ConversationId, user: UserId): Promise<Answer<undefined>>

  events(id: ConversationId, query: EventsQuery): Promise<Answer<readonly Event[]>>
  messages(id: ConversationId, query: Omit<EventsQuery, 'types'>): Promise<Answer<readonly MessageEvent[]>>
  /** Undefined where a reaction was so already. */
  say(
    id: ConversationId,
    said: rest.Say,
    key?: CommandId,
  ): Promise<Answer<MessageEvent | ReactionEvent | undefined>>
  readers(id: ConversationId, event: EventId): Promise<Answer<readonly rest.Reader[]>>
  markRead(id: ConversationId, seq: Seq): Promise<Answer<undefined>>
  /** Where the whole conversation is to be had as a file; asked for with the same credential. */
  exportUrl(id: ConversationId): string

  /** Over all conversations that one is in now, on the server; what was said a moment ago may not be found yet. */
  search(query: SearchQuery, next?: string): Promise<Answer<Page<rest.SearchResult>>>

  /** What waits, oldest first. */
  notifications(): Promise<Answer<readonly rest.Notification[]>>
  acknowledge(id: NotificationId): Promise<Answer<undefined>>
  acknowledgeUpTo(id: NotificationId): Promise<Answer<undefined>>

  /** What a browser subscribes with. */
  pushKey(): Promise<Answer<string>>
  /** Has this session's device woken; in place of how it was before. */
  subscribePush(subscription: rest.SubscribePush): Promise<Answer<undefined>>
  unsubscribePush(): Promise<Answer<undefined>>

  /** Where a tus client uploads to. */
  uploadsUrl(): string
  /** Keeps a place for a file, or finds the one that it has: what is there of it says `upload`. */
  beginUpload(upload: NewUpload): Promise<Answer<undefined>>
  /** Adds bytes behind the first `offset`: `conflict`, where so many are not there. */
  appendUpload(id: AttachmentId, offset: number, bytes: FileBytes): Promise<Answer<undefined>>
  upload(id: AttachmentId): Promise<Answer<rest.Upload>>
  discardUpload(id: AttachmentId): Promise<Answer<undefined>>
  attachmentUrl(id: AttachmentId): string
  previewUrl(id: AttachmentId): string
}
