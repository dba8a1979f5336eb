import type { Kind, Millis, Seq } from './events.ts'
import type { ConversationId, UserId } from './ids.ts'
import type * as rest from './rest.ts'

/**
 * What a push message carries, encrypted for one device: facts, which the device puts into the person's language. An
 * ordinary message of a conversation that tells everything is a `message`; the other kinds are those of notifications.
 */
export interface PushMessage {
  readonly kind: rest.NotificationKind | 'message'
  /** Whom it is for: a device that somebody else uses by now keeps it to itself. */
  readonly for: UserId
  readonly at: Millis
  readonly conversation?: ConversationId
  readonly seq?: Seq
  readonly conversationKind?: Kind
  /** From here on only where the person wants it shown. */
  readonly actor?: string
  readonly title?: string
  /** The beginning of what was said. */
  readonly text?: string
  readonly files?: number
}
