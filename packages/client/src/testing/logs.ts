import {
  type ConversationId,
  type Draft,
  EMPTY_TIP,
  type Event,
  newId,
  type rest,
  seal,
  type UserId,
} from '@parley/protocol'

export const ana = '00000000-0000-7000-8000-00000000000a' as UserId
export const ben = '00000000-0000-7000-8000-00000000000b' as UserId
export const conversation = '00000000-0000-7000-8000-0000000000c1' as ConversationId
export const otherConversation = '00000000-0000-7000-8000-0000000000c2' as ConversationId

export const says = (author: UserId, text: string, more: Partial<Draft> = {}): Draft =>
  ({ id: newId(), type: 'message', author, text, writtenAt: 1, ...more }) as Draft

export const reacts = (author: UserId, to: Event['id'], emoji: string, on = true): Draft => ({
  id: newId(),
  type: 'reaction',
  author,
  to,
  emoji,
  on,
})

/** A sound log of `length` messages, by turns of two people. */
export const logOf = (length: number): Event[] =>
  seal(
    EMPTY_TIP,
    Array.from({ length }, (_, index) => says(index % 2 === 0 ? ana : ben, `message ${index + 1}`)),
    1000,
  )

/** What the server says of a group. */
export const summaryOf = (
  id: ConversationId,
  more: Partial<rest.ConversationSummary> = {},
): rest.ConversationSummary => ({
  id,
  kind: 'group',
  title: 'Friends',
  archived: false,
  lastSeq: 0,
  lastHash: 'x',
  lastAt: 1,
  readSeq: 0,
  unread: 0,
  mentions: 0,
  role: 'owner',
  memberCount: 1,
  members: [],
  ...more,
})
