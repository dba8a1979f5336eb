import type { ConversationView } from '@parley/client'
import {
  type ConversationId,
  type EventId,
  levelNow,
  type MessageEvent,
  type Millis,
  type Preferences,
  type PushMessage,
  type Seq,
  type UserId,
} from '@parley/protocol'

/** What was known when it was last looked: what is newer is news. */
export type Known = ReadonlyMap<ConversationId, { readonly lastSeq: Seq; readonly mentions: number }>

type Said = Pick<
  ConversationView,
  'id' | 'kind' | 'title' | 'lastSeq' | 'lastLine' | 'readSeq' | 'unread' | 'mentions' | 'standing'
>

/** What was said longer ago has been told by push, or is seen with everything else that was missed. */
const NEWS_FOR_MILLIS: Millis = 2 * 60_000

export const knownOf = (views: readonly Said[]): Known =>
  new Map(views.map(({ id, lastSeq, mentions }) => [id, { lastSeq, mentions }]))

export interface NewsFacts {
  readonly me: UserId
  readonly preferences: Preferences
  readonly nameOf: (user: UserId) => string | undefined
  /** Which of the messages answer one of this person's: `answersIn` says of which that has to be found out. */
  readonly answers: ReadonlySet<EventId>
  /** By the server's clock. */
  readonly now: Millis
}

/** What others have said since `known` that this person has not read and wants to be told of, one for each conversation. */
export function newsOf(known: Known, views: readonly Said[], facts: NewsFacts): readonly PushMessage[] {
  return views.flatMap((view) => {
    const news = newsIn(known, view, facts)
    return news === undefined ? [] : [news]
  })
}

export interface Answer {
  readonly conversation: ConversationId
  readonly event: EventId
  readonly to: EventId
}

/** What has been said since `known` in answer to somebody: perhaps to this person. */
export const answersIn = (known: Known, views: readonly Said[], me: UserId): readonly Answer[] =>
  views.flatMap((view) => {
    const event = newestOf(known, view, me)
    return event?.replyTo === undefined ? [] : [{ conversation: view.id, event: event.id, to: event.replyTo }]
  })

/** What another has said last, if nobody knew of it and the person has not read it. */
function newestOf(
  known: Known,
  { id, lastLine, readSeq, standing }: Said,
  me: UserId,
): MessageEvent | undefined {
  if (standing !== 'member' || lastLine?.state !== 'said') return undefined
  const { event } = lastLine
  if (event.type !== 'message' || event.author === me || event.seq <= readSeq) return undefined
  return event.seq > (known.get(id)?.lastSeq ?? 0) ? event : undefined
}

function newsIn(
  known: Known,
  view: Said,
  { me, preferences, nameOf, answers, now }: NewsFacts,
): PushMessage | undefined {
  const { id, kind, title, mentions } = view
  const event = newestOf(known, view, me)
  if (event === undefined || now - event.at > NEWS_FOR_MILLIS) return undefined
  const level = levelNow(preferences, id, kind, now)
  const isMention = mentions > (known.get(id)?.mentions ?? 0)
  const isAnswer = answers.has(event.id)
  if (level === 'none' || (level === 'mentions' && !isMention && !isAnswer)) return undefined
  const message = {
    // As the server has it: a mention counts before a reply, and that before a message being a direct one.
    kind: isMention ? 'mention' : isAnswer ? 'reply' : kind === 'direct' ? 'direct' : 'message',
    for: me,
    at: event.at,
    conversation: id,
    seq: event.seq,
    conversationKind: kind,
  } as const
  const actor = nameOf(event.author)
  if (preferences.shows === 'nothing' || actor === undefined) return message
  const files = event.attachments?.length ?? 0
  return {
    ...message,
    actor,
    ...(title !== '' && kind !== 'direct' && { title }),
    ...(event.text !== '' && { text: shortened(event.text) }),
    ...(files > 0 && { files }),
  }
}

const MAX_TEXT = 240
const shortened = (text: string): string =>
  text.length <= MAX_TEXT ? text : `${[...text].slice(0, MAX_TEXT).join('')}…`
