import type { MessageItem } from '@parley/client'
import type { ConversationId, Seq, UserId } from '@parley/protocol'

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
  readonly onShow: (seq: Seq) => void
}
