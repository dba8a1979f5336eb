export type {
  Account,
  ConversationChanges,
  Given,
  GivenConversation,
  MessageDraft,
  NewConversation,
  Welcome,
} from './account.ts'
export type { Audit } from './audit.ts'
export type { Answer, Api, EventsQuery, Page, RequestsQuery, SearchQuery } from './api.ts'
export { type Client, openClient, type Session, type SignedOut } from './client.ts'
export type { ConversationList, ConversationView, LastLine } from './conversation-view.ts'
export type { Fate, FatedCommand } from './fate.ts'
export { flushOutbox } from './flush.ts'
export type { Acquaintance, FriendsView, Requested } from './friends-view.ts'
export type { HistoryProgress } from './history.ts'
export type { Link } from './link.ts'
export { type Contested, sendableOf } from './loss-methods.ts'
export type { Loss } from './losses.ts'
export { memoryStorage } from './memory-store.ts'
export type { Mishaps } from './mishaps.ts'
export type { NotificationsView } from './notifications.ts'
export type { Observable } from './observable.ts'
export { OutboxFull, type Saved } from './outbox.ts'
export { TooManyFiles, whyTooMany } from './uploads/file-limits.ts'
export type { FileBytes, FileToSend, OwnFile } from './uploads/held-message.ts'
export type { UploadProgress } from './uploads/upload-progress.ts'
export type {
  Channel,
  ClientOptions,
  Clock,
  Estimate,
  Fetch,
  FetchAnswer,
  FetchInit,
  Locks,
  Network,
  Sight,
  Traces,
  WebSocketClass,
} from './ports.ts'
export type { Presence } from './presence.ts'
export type { Profile } from './profiles.ts'
export type { ShortRoom } from './room.ts'
export type { Keeping, StorageState } from './saving.ts'
export type { SearchOptions, SearchProgress } from './search/account-search.ts'
export type { SearchCursor } from './search/pages.ts'
export type { Searcher, SearchHit, SearchHost, SearchPage } from './search/searcher.ts'
export {
  type DeviceStorage,
  type EventQuery,
  type Holding,
  type Range,
  type Store,
  type StoredConversation,
  type StoredUpdate,
  StoreError,
  type StoreFault,
} from './store.ts'
export type {
  LogFault,
  MessageItem,
  NoticeItem,
  Place,
  ReactionTally,
  ReplyTarget,
  Timeline,
  TimelineItem,
  TimelineView,
} from './timeline-types.ts'
