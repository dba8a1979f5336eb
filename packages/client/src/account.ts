import type {
  AttachmentId,
  CommandId,
  ConversationId,
  ConversationUpdate,
  EventId,
  FriendRequestId,
  Kind,
  Mention,
  Millis,
  rest,
  Role,
  Seq,
  UserId,
} from '@parley/protocol'
import type { Api } from './api.ts'
import type { ConversationList, ConversationView } from './conversation-view.ts'
import type { Fate, FatedCommand } from './fate.ts'
import type { HistoryProgress } from './history.ts'
import type { Link } from './link.ts'
import type { Observable } from './observable.ts'
import type { Saved } from './outbox.ts'
import type { Presence } from './presence.ts'
import type { Profile } from './profiles.ts'
import type { StorageState } from './saving.ts'
import type { Timeline } from './timeline-types.ts'

/** A command just given: already in the outbox and on the screen. */
export interface Given {
  readonly id: CommandId
  readonly saved: Promise<Saved>
}
export interface GivenConversation extends Given {
  readonly conversation: ConversationId
}

export interface MessageDraft {
  readonly text: string
  readonly replyTo?: EventId
  readonly mentions?: readonly Mention[]
  readonly attachments?: readonly AttachmentId[]
}

export interface NewConversation {
  /** A direct conversation is opened with `openDirect`: its id follows from the two people. */
  readonly kind: Exclude<Kind, 'direct'>
  readonly title?: string
  readonly topic?: string
  /** The others; the author is always in it. */
  readonly members?: readonly UserId[]
}

export type ConversationChanges = Pick<
  ConversationUpdate,
  'title' | 'topic' | 'avatar' | 'archived' | 'posting' | 'inviting'
>

/** What the server said when this device last connected. */
export interface Welcome {
  /** When the person was last here before; null the first time. */
  readonly lastActiveAt: Millis | null
  readonly serverTime: Millis
  readonly limits: Readonly<Record<string, number>>
}

/**
 * A signed-in person: everything they can do and see, online and offline. Commands take effect at
 * once on this device, are kept on disk, and reach the server when there is a network.
 */
export interface Account {
  readonly me: Observable<rest.Me>
  readonly link: Observable<Link>
  readonly storage: Observable<StorageState>
  readonly history: Observable<HistoryProgress>
  readonly welcome: Observable<Welcome | undefined>

  readonly conversations: Observable<ConversationList>
  /** The same object per conversation for as long as the account is open. */
  conversation(id: ConversationId): Observable<ConversationView | undefined>
  timeline(id: ConversationId): Timeline
  /** Removes a conversation that the person has left from this device. */
  forget(id: ConversationId): Promise<void>
  /** Drops the device's copy and takes the server's: the way out of a fault, chosen by the person. */
  takeServersLog(id: ConversationId): Promise<void>

  /** Commands that wait, and those that were refused; in the order they were given. */
  readonly commands: Observable<readonly FatedCommand[]>
  /** What became of one command, also after it left `commands`; undefined: this device does not know. */
  fate(id: CommandId): Observable<Fate | undefined>
  /** The same command again, under its own id: for refused ones and for ones that could not be saved. */
  retry(id: CommandId): Promise<Saved>
  /** Takes a waiting command back, if the server has not got it yet, or forgets a refused one. */
  discard(id: CommandId): Promise<Saved>

  send(conversation: ConversationId, message: MessageDraft): Given
  react(conversation: ConversationId, to: EventId, emoji: string, on: boolean): Given
  createConversation(conversation: NewConversation): GivenConversation
  /** The one conversation with this person: made if it is new, otherwise only its id. */
  openDirect(user: UserId): { readonly conversation: ConversationId; readonly given: Given | undefined }
  updateConversation(conversation: ConversationId, changes: ConversationChanges): Given
  deleteConversation(conversation: ConversationId): Given
  addMember(conversation: ConversationId, user: UserId, role?: Role): Given
  removeMember(conversation: ConversationId, user: UserId): Given
  changeRole(conversation: ConversationId, user: UserId, role: Role): Given
  join(channel: ConversationId): Given
  leave(conversation: ConversationId): Given
  requestFriend(user: UserId): Given
  answerFriendRequest(request: FriendRequestId, accept: boolean): Given
  removeFriend(user: UserId): Given
  block(user: UserId): Given
  unblock(user: UserId): Given

  /** Positions only rise (R1): an older one changes nothing. */
  markRead(conversation: ConversationId, seq: Seq): void
  /** How far each other member has read. */
  reads(conversation: ConversationId): Observable<ReadonlyMap<UserId, Seq>>
  draft(conversation: ConversationId): Observable<string>
  setDraft(conversation: ConversationId, text: string): void

  /** While subscribed the conversation stays attached and the person counts as active in it (see `setActive`). */
  presence(conversation: ConversationId): Observable<Presence>
  /** The composer changed; cleared by itself after 4 s of silence and on `send`. */
  typing(conversation: ConversationId): void
  /** The composer lost the focus or was emptied. */
  stopTyping(conversation: ConversationId): void
  /** Whether the conversation is in front of the person: false when the window is hidden. */
  setActive(conversation: ConversationId, isActive: boolean): void

  /** Undefined until loaded; a deleted person has the name the server gives. */
  profile(user: UserId): Observable<Profile | undefined>

  /** Tries to connect now instead of at the end of the waiting time. */
  reconnect(): void

  readonly api: Api
}
