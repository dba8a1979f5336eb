import type { ConversationId, EventId, Kind, Millis, Seq, UserId } from '@parley/protocol'
import { createContext } from 'react'

/** What all messages of a conversation have in common. While it is the same object no row is drawn again. */
export interface MessageContext {
  readonly conversation: ConversationId
  readonly self: UserId
  readonly ownHandle: string
  readonly kind: Kind
  readonly mayReact: boolean
  readonly maySend: boolean
  /** This message is going to be answered. */
  readonly onReply: (message: EventId) => void
  /** Leads to an event; `from` is where the person is led back to. */
  readonly onShow: (event: EventId, from: EventId) => void
  /** Leads to the first thing said on a day or after it. */
  readonly onDate: (at: Millis) => void
  /** Says in passing what has been done. */
  readonly onDone: (words: string) => void
}

export interface Readers {
  /** How far each other member has read. */
  readonly positions: ReadonlyMap<UserId, Seq>
  /** All others that are known to be members; in a channel those are only some. */
  readonly others: readonly UserId[]
}

/** Apart from the rest: somebody reads every few seconds, and only the marks of own messages tell of it. */
export const ReadersContext = createContext<Readers>({ positions: new Map(), others: [] })
