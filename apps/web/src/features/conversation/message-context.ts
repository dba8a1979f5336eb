import type { MessageItem } from '@parley/client'
import type { ConversationId, EventId, Millis, UserId, Seq } from '@parley/protocol'

/** The message that is being answered. */
export type Answered = Pick<MessageItem, 'id' | 'author' | 'text'>

/** What all messages of a conversation have in common. */
export interface MessageContext {
  readonly conversation: ConversationId
  readonly self: UserId
  readonly ownHandle: string
  readonly isDirect: boolean
  readonly mayReact: boolean
  readonly maySend: boolean
  /** How far each other member has read. */
  readonly readers: ReadonlyMap<UserId, Seq>
  readonly onReply: (item: Answered) => void
  /** Leads to an event. */
  readonly onShow: (event: EventId) => void
  /** Leads to the first thing said on a day or after it. */
  readonly onDate: (at: Millis) => void
}
