import type {
  AttachmentId,
  CommandId,
  ConversationId,
  ConversationUpdate,
  Event,
  EventId,
  FriendRequestId,
  Kind,
  Mention,
  Millis,
  NotificationId,
  rest,
  Role,
  Seq,
  UserId,
} from '@parley/protocol'
import type { Answer, Api } from './connection/api.ts'
import type { Audit } from './archive/audit.ts'
import type { ConversationList, ConversationView } from './conversations/conversation-view.ts'
import type { Fate, FatedCommand } from './outbox/fate.ts'
import type { FriendsView } from './people/friends-view.ts'
import type { HistoryProgress } from './archive/history.ts'
import type { Link } from './connection/link.ts'
import type { Contested } from './divergence/loss-methods.ts'
import type { Loss } from './divergence/losses.ts'
import type { Mishaps } from './store/mishaps.ts'
import type { NotificationsView } from './people/notifications.ts'
import type { Observable } from './observable.ts'
import type { Saved } from './outbox/outbox.ts'
import type { PreferenceMethods } from './own/preferences.ts'
import type { Presence } from './people/presence.ts'
import type { Profile } from './people/profiles.ts'
import type { ShortRoom } from './archive/room.ts'
import type { StorageState } from './store/saving.ts'
import type { AccountSearch } from './search/account-search.ts'
import type { Timeline } from './timeline/timeline-types.ts'
import type { FileBytes, FileToSend } from './uploads/held-message.ts'
import type { UploadProgress } from './uploads/upload-progress.ts'

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
  /** Kept on this device with the message, and uploaded before it is sent. */
  readonly attachments?: readonly FileToSend[]
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
export interface Account extends AccountSearch, PreferenceMethods {
  readonly me: Observable<rest.Me>
  readonly link: Observable<Link>
  readonly storage: Observable<StorageState>
  /** How little room is left on this device; undefined: enough. */
  readonly room: Observable<ShortRoom | undefined>
  /** Older history was removed from this device to make room, and stays away until `restore`. */
  readonly isThinned: Observable<boolean>
  /** How many events `thin` would remove. */
  countThinned(): number
  /** Removes the older half of the history from this device, and nothing that waits. False: that failed. */
  thin(): Promise<boolean>
  restore(): Promise<boolean>
  /** The last look through all that this device holds; undefined: there was none yet. */
  readonly audit: Observable<Audit | undefined>
  /** What happened to what this device had kept, until `dismissMishaps`. */
  readonly mishaps: Observable<Mishaps>
  dismissMishaps(): void
  readonly history: Observable<HistoryProgress>
  readonly welcome: Observable<Welcome | undefined>

  readonly conversations: Observable<ConversationList>
  /** The same object per conversation for as long as the account is open. */
  conversation(id: ConversationId): Observable<ConversationView | undefined>
  timeline(id: ConversationId): Timeline
  /** What was said at one place of a log; undefined: this device does not have it, or cannot read it now. */
  said(id: ConversationId, seq: Seq): Promise<Event | undefined>
  /** The same by its id. */
  saidAs(id: ConversationId, event: EventId): Promise<Event | undefined>
  /** What this device holds of a log after `after`, ascending: nothing is fetched. Rejects where the disk cannot be read. */
  heldEvents(id: ConversationId, after: Seq, limit: number): Promise<readonly Event[]>
  /** Removes a conversation that the person has left from this device. */
  forget(id: ConversationId): Promise<void>
  /**
   * Goes on with the server's log, the way out of a fault, chosen by the person. What differs stays in `losses`. False:
   * the server cannot be asked now, and all is as it was.
   */
  takeServersLog(id: ConversationId): Promise<boolean>
  /** What the server had, and lost or changed: only this device has it. */
  readonly losses: Observable<readonly Loss[]>
  /** Sends what this person said again, under the ids it had: said once, whoever offers it (C1). */
  sendAgain(id: ConversationId): Promise<Saved>
  /** The person knows of it; it stays on the device. */
  dismissLoss(id: ConversationId): Promise<void>
  /** Both sides of what is contested, a thousand events each: what the device received, and what the server shows now. */
  contested(id: ConversationId): Promise<Answer<Contested>>

  /** Commands that wait, and those that were refused; in the order they were given. */
  readonly commands: Observable<readonly FatedCommand[]>
  /** What became of one command, also after it left `commands`; undefined: this device does not know. */
  fate(id: CommandId): Observable<Fate | undefined>
  /** The same command again, under its own id: for refused ones and for ones that could not be saved. */
  retry(id: CommandId): Promise<Saved>
  /** Takes a waiting command back, if the server has not got it yet, or forgets a refused one. */
  discard(id: CommandId): Promise<Saved>

  /** Files on their way to the server; one that is not among them waits. */
  readonly uploads: Observable<ReadonlyMap<AttachmentId, UploadProgress>>
  /** Of a file of an own message, as long as this device has it: until the server has the message. */
  fileBytes(id: AttachmentId): Promise<FileBytes | undefined>

  /** Throws `TooManyFiles` or `OutboxFull` for what would not be accepted: nothing is kept then. */
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
  /** The message that what is being written answers, on all devices; sending the answer ends it. Undefined: none. */
  draftReply(conversation: ConversationId): Observable<EventId | undefined>
  setDraftReply(conversation: ConversationId, to: EventId | undefined): void

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

  /** Friends, requests and blocks, with what this person has done about them since the server was last heard. */
  readonly friends: Observable<FriendsView>
  /** What happened while this person was away and they have not seen yet. */
  readonly notifications: Observable<NotificationsView>
  /** It has been seen: it goes from `notifications` at once, and from the server when it can be told. */
  seen(notification: NotificationId): void
  /** All that `notifications` shows have been seen; what comes later has not. */
  seenAll(): void

  /** Tries to connect now instead of at the end of the waiting time. */
  reconnect(): void

  readonly api: Api
}
