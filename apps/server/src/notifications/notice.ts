import {
  type Conversation,
  type ConversationId,
  type Event,
  type EventId,
  type FriendRequestId,
  type Millis,
  newId,
  type NotificationId,
  type rest,
  type Seq,
  type UserId,
} from '@parley/protocol'

/** That something is about certain people; those of them who are not there to see it are notified. */
export type Notice = {
  readonly actor: UserId
  readonly at: Millis
  /** Never the actor, and nobody who is in another notice of the same event. */
  readonly users: readonly UserId[]
} & (
  | {
      readonly kind: Exclude<rest.NotificationKind, FriendKind>
      readonly conversation: ConversationId
      readonly seq: Seq
      readonly event: EventId
    }
  | { readonly kind: FriendKind; readonly request: FriendRequestId }
)

type FriendKind = 'friend_request' | 'request_accepted'

/** Who was away, and has been left a notification. */
export interface Notified {
  readonly user: UserId
  readonly notification: rest.Notification
}

/** Notices as a statement takes them. */
export const toNoticeJson = (notices: readonly Notice[]): string =>
  JSON.stringify(
    notices.map((notice) => ({ ...notice, ids: notice.users.map(() => newId<NotificationId>()) })),
  )

/**
 * Whom an event is about, each person once: a mention counts before a reply, and that before a
 * message being a direct one. `state` is the conversation right after the event; `authorOf` knows
 * who wrote what a reply refers to.
 */
export function noticesOf(
  event: Event,
  conversation: ConversationId,
  { kind: conversationKind, members }: Pick<Conversation, 'kind' | 'members'>,
  authorOf: (event: EventId) => UserId | undefined,
): Notice[] {
  const { seq, id, author: actor, at } = event
  const told = new Set([actor])
  const about = (kind: Exclude<Notice['kind'], FriendKind>, candidates: Iterable<UserId>): Notice[] => {
    const users = [...candidates].filter((user) => members.has(user) && !told.has(user))
    for (const user of users) told.add(user)
    return users.length === 0 ? [] : [{ kind, conversation, seq, event: id, actor, at, users }]
  }
  if (event.type === 'member') {
    // The other side of a direct conversation hears of its first message, not of its making.
    return event.cause === 'added' && conversationKind !== 'direct' ? about('added', [event.user]) : []
  }
  if (event.type !== 'message') return []
  const repliedTo = event.replyTo === undefined ? undefined : authorOf(event.replyTo)
  const mentioned = new Set(
    (event.mentions ?? []).flatMap((mention) => (mention === 'everyone' ? [...members.keys()] : [mention])),
  )
  return [
    ...about('mention', mentioned),
    ...about('reply', repliedTo === undefined ? [] : [repliedTo]),
    ...about('direct', conversationKind === 'direct' ? members.keys() : []),
  ]
}
