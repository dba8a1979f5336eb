export type {
  Account,
  ConversationChanges,
  Given,
  GivenConversation,
  HistoryProgress,
  MessageDraft,
  NewConversation,
  Presence,
  Profile,
  Saved,
  StorageState,
  Welcome,
} from './account.ts'
export type { Answer, Api, EventsQuery } from './api.ts'
export { type Client, openClient, type Session, type SignedOut } from './client.ts'
export type { ConversationList, ConversationView, LastLine } from './conversation-view.ts'
export type { Fate, FatedCommand } from './fate.ts'
export type { Link } from './link.ts'
export type { Observable } from './observable.ts'
export type { ClientOptions, Clock, Fetch, FetchAnswer, FetchInit, Network, WebSocketClass } from './ports.ts'
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
