import type { Conversation, ConversationId, Event, Governed, Kind, Millis, Role, Seq, UserId } from '@parley/protocol'
import type { Fate } from './fate.ts'
import type { LogFault } from './timeline-types.ts'

/** The newest thing said, for the second line of a conversation in the list. */
export type LastLine =
  | { readonly state: 'said'; readonly event: Event }
  | { readonly state: 'pending'; readonly text: string; readonly fate: Fate }

/**
 * A conversation as the list and its header show it. It is also what `can(me, action, view)` decides by.
 */
export interface ConversationView extends Governed {
  readonly id: ConversationId
  readonly kind: Kind
  /** Ready to show: of a direct conversation the other person's name; empty when a group has none. */
  readonly title: string
  readonly topic: string
  readonly avatar: string
  /** Of a direct conversation: the other person. */
  readonly other: UserId | undefined
  /**
   * `member`; `left`: what the device holds stays readable; `creating`: made here, the server has not
   * answered yet (writing into it already works); `refused`: made here, and the server said no.
   */
  readonly standing: 'member' | 'left' | 'creating' | 'refused'
  readonly role: Role | undefined
  /** In a channel only those the device knows of, at least oneself. */
  readonly members: Conversation['members']
  readonly memberCount: number
  /** The newest event that the device knows of. */
  readonly lastSeq: Seq
  /** When something last happened here, own pending commands included; what the list is sorted by. */
  readonly activeAt: Millis
  readonly lastLine: LastLine | undefined
  readonly readSeq: Seq
  /** Messages of others after `readSeq` (R2). */
  readonly unread: number
  /** Those of them that mention the person or everyone. */
  readonly mentions: number
  readonly draft: string
  /** Own commands here that wait for the server. */
  readonly pending: number
  /** Own commands here that were refused and wait for retry or discard. */
  readonly refused: number
  readonly fault: LogFault | undefined
}

export type ConversationList =
  /** The device holds nothing yet and the server has not answered. */
  | { readonly state: 'loading' }
  /** Newest activity first. `isComplete` once the server has listed them since the app began. */
  | { readonly state: 'known'; readonly conversations: readonly ConversationView[]; readonly isComplete: boolean }
