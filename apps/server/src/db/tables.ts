import type {
  AttachmentId,
  CommandId,
  ConversationId,
  EventId,
  EventType,
  FriendRequestId,
  Kind,
  MetaPayload,
  Millis,
  NotificationId,
  Payload,
  rest,
  Role,
  Seq,
  UserId,
} from '@parley/protocol'
import type { ColumnType, Generated, JSONColumnType } from 'kysely'
import type { Announcement } from './announcement.ts'

/** The tables as the migrations leave them (tables.db.test.ts compares them with the real ones). */
export interface Tables {
  users: UsersTable
  credentials: CredentialsTable
  sessions: SessionsTable
  tokens: TokensTable
  conversations: ConversationsTable
  participants: ParticipantsTable
  events: EventsTable
  settled_commands: SettledCommandsTable
  documents: DocumentsTable
  account_generations: AccountGenerationsTable
  friend_requests: FriendRequestsTable
  friendships: FriendshipsTable
  blocks: BlocksTable
  active_connections: ActiveConnectionsTable
  notifications: NotificationsTable
  notification_jobs: NotificationJobsTable
  notification_preferences: NotificationPreferencesTable
  push_keys: PushKeysTable
  push_subscriptions: PushSubscriptionsTable
  uploads: UploadsTable
  attachments: AttachmentsTable
  message_words: MessageWordsTable
  search_progress: SearchProgressTable
  discarded_files: DiscardedFilesTable
  avatars: AvatarsTable
  announcements: AnnouncementsTable
  invitations: InvitationsTable
}

/** May be left out of an insert, and is null then. */
type Optional<T> = ColumnType<T | null, T | null | undefined, T | null>
/** Made by PostgreSQL from other columns. */
type Derived<T> = ColumnType<T, never, never>
/** pg reads and writes `bytea` as a Buffer. */
type Bytes = ColumnType<Buffer, Uint8Array, Uint8Array>

export interface UsersTable {
  id: UserId
  email: Optional<string>
  username: Optional<string>
  name: string
  name_key: Derived<string>
  avatar: Optional<string>
  is_admin: Generated<boolean>
  created_at: Millis
  last_active_at: Optional<Millis>
  disabled_at: Optional<Millis>
  deleted_at: Optional<Millis>
}

export interface CredentialsTable {
  user_id: UserId
  password_hash: string
  changed_at: Millis
}

export interface SessionsTable {
  id_hash: Bytes
  user_id: UserId
  created_at: Millis
  expires_at: Date
  user_agent: Optional<string>
}

export interface TokensTable {
  id: string
  user_id: UserId
  secret_hash: Bytes
  name: string
  created_at: Millis
  last_used_at: Optional<Millis>
}

export interface ConversationsTable {
  id: ConversationId
  kind: Kind
  title: Generated<string>
  title_key: Derived<string>
  topic: Generated<string>
  avatar: Generated<string>
  archived: Generated<boolean>
  posting: Generated<NonNullable<MetaPayload['posting']>>
  inviting: Generated<NonNullable<MetaPayload['inviting']>>
  created_by: UserId
  created_at: Millis
  last_seq: Generated<Seq>
  last_hash: Generated<string>
  last_at: Generated<Millis>
  deleted_at: Optional<Millis>
  member_count: Generated<number>
}

export interface ParticipantsTable {
  conversation: ConversationId
  user_id: UserId
  role: Role
  since_seq: Seq
  read_seq: Generated<Seq>
}

export interface EventsTable {
  conversation: ConversationId
  seq: Seq
  id: EventId
  type: EventType
  author: UserId
  at: Millis
  hash: string
  payload: JSONColumnType<Payload>
}

export interface SettledCommandsTable {
  id: CommandId
  author: UserId
  at: Millis
}

export interface DocumentsTable {
  name: string
  state: Bytes
  seq: Optional<Seq>
  updated_at: Millis
}

export interface AccountGenerationsTable {
  name: string
  generation: number
  /** A Yjs state vector. */
  seen: Bytes
  at: Millis
}

export interface FriendRequestsTable {
  id: FriendRequestId
  from_user: UserId
  to_user: UserId
  status: Generated<'PENDING' | 'ACCEPTED' | 'REJECTED'>
  created_at: Millis
  answered_at: Optional<Millis>
}

export interface FriendshipsTable {
  user_a: UserId
  user_b: UserId
  since: Millis
}

export interface BlocksTable {
  blocker: UserId
  blocked: UserId
  at: Millis
}

export interface ActiveConnectionsTable {
  id: string
  user_id: UserId
  node: string
  connected_at: Millis
  heartbeat_at: Millis
}

export interface NotificationsTable {
  id: NotificationId
  user_id: UserId
  kind: rest.NotificationKind
  conversation: Optional<ConversationId>
  seq: Optional<Seq>
  event_id: Optional<EventId>
  request_id: Optional<FriendRequestId>
  actor: UserId
  created_at: Millis
}

export interface NotificationJobsTable {
  notification: NotificationId
  transport: string
  due_at: Millis
  attempts: Generated<number>
}

export interface NotificationPreferencesTable {
  user_id: UserId
  entries: JSONColumnType<Readonly<Record<string, unknown>>>
}

export interface PushKeysTable {
  is_only: Generated<boolean>
  public_key: Bytes
  private_key: Bytes
}

export interface PushSubscriptionsTable {
  session: Bytes
  user_id: UserId
  endpoint: string
  p256dh: Bytes
  auth: Bytes
  created_at: Millis
}

export interface UploadsTable {
  id: AttachmentId
  key: string
  conversation: ConversationId
  uploader: UserId
  name: string
  claimed_type: Optional<string>
  bytes: Optional<number>
  created_at: Millis
  expires_at: Millis
}

export interface AttachmentsTable {
  id: AttachmentId
  conversation: ConversationId
  uploader: UserId
  name: string
  media_type: string
  bytes: number
  sha256: Bytes
  width: Optional<number>
  height: Optional<number>
  created_at: Millis
  key: Generated<string>
  preview_bytes: Optional<number>
  sent_at: Optional<Millis>
}

export interface DiscardedFilesTable {
  key: string
  at: number
}

export interface AvatarsTable {
  hash: string
  key: string
  bytes: number
  at: Millis
}

export interface AnnouncementsTable {
  id: Generated<number>
  said_at: Generated<Date>
  announcement: JSONColumnType<Announcement>
}

export interface InvitationsTable {
  code_hash: Bytes
  email: Optional<string>
  created_at: Millis
  expires_at: Millis
  used_at: Optional<Millis>
  used_by: Optional<UserId>
}

export interface MessageWordsTable {
  conversation: ConversationId
  seq: Seq
  at: Millis
  /** A tsvector. */
  words: string
}

export interface SearchProgressTable {
  conversation: ConversationId
  seq: Generated<Seq>
}
