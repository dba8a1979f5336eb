export type {
  Account,
  ConversationChanges,
  Given,
  GivenConversation,
  MessageDraft,
  NewConversation,
  Welcome,
} from './account.ts'
export type { Audit } from './archive/audit.ts'
export type { Answer, Api, EventsQuery, Page, RequestsQuery, SearchQuery } from './connection/api.ts'
export { type Client, openClient, type Session, type SignedOut } from './client.ts'
export type { ConversationList, ConversationView, LastLine } from './conversations/conversation-view.ts'
export { type Changeable, type Intended, intended } from './conversations/intended.ts'
export type { Fate, FatedCommand } from './outbox/fate.ts'
export { flushOutbox } from './flush.ts'
export type { Acquaintance, Ended, FriendsView, Requested } from './people/friends-view.ts'
export type { HistoryProgress } from './archive/history.ts'
export type { Link } from './connection/link.ts'
export { type Contested, sendableOf } from './divergence/loss-methods.ts'
export type { Loss } from './divergence/losses.ts'
export { memoryStorage } from './store/memory-store.ts'
export type { Mishaps } from './store/mishaps.ts'
export type { NotificationsView } from './people/notifications.ts'
export type { Observable } from './observable.ts'
export { OutboxFull, type Saved } from './outbox/outbox.ts'
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
export type { Presence } from './people/presence.ts'
export type { Profile } from './people/profiles.ts'
export type { ShortRoom } from './archive/room.ts'
export type { Keeping, StorageState } from './store/saving.ts'
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
} from './store/store.ts'
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
} from './timeline/timeline-types.ts'
