import {
  type ConversationId,
  type Event,
  type EventId,
  type Kind,
  type Mention,
  newId,
  type UserId,
} from '@parley/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { noticesOf } from './notice.ts'

const users = Array.from({ length: 6 }, () => newId<UserId>())
const conversation = newId<ConversationId>()
const original = newId<EventId>()
const anyUser = fc.constantFrom(...users)

const anyMessage = fc.record({
  author: anyUser,
  mentions: fc.uniqueArray(fc.oneof(anyUser, fc.constant<Mention>('everyone')), { maxLength: 4 }),
  isReply: fc.boolean(),
  repliedTo: anyUser,
  members: fc.uniqueArray(anyUser),
  kind: fc.constantFrom<Kind>('direct', 'group', 'channel'),
})

const stateOf = (kind: Kind, members: readonly UserId[]) => ({
  kind,
  members: new Map(members.map((user) => [user, { role: 'member', since: 1 } as const])),
})

const message = (author: UserId, mentions: Mention[], replyTo?: EventId): Event => ({
  seq: 2,
  id: newId<EventId>(),
  type: 'message',
  author,
  at: 10,
  hash: 'x'.repeat(22),
  text: 'hello',
  writtenAt: 9,
  mentions,
  ...(replyTo !== undefined && { replyTo }),
})

test('[R3] one event is about each person at most once, never about its author, and only about members', () => {
  fc.assert(
    fc.property(anyMessage, ({ author, mentions, isReply, repliedTo, members, kind }) => {
      const event = message(author, mentions, isReply ? original : undefined)
      const notices = noticesOf(event, conversation, stateOf(kind, members), () => repliedTo)
      const told = notices.flatMap((notice) => notice.users)
      expect(new Set(told).size).toBe(told.length)
      expect(told).not.toContain(author)
      for (const user of told) expect(members).toContain(user)
      for (const user of members) {
        if (user === author) continue
        const isMentioned = mentions.includes(user) || mentions.includes('everyone')
        const expected = isMentioned
          ? 'mention'
          : isReply && repliedTo === user
            ? 'reply'
            : kind === 'direct'
              ? 'direct'
              : undefined
        expect(notices.find((notice) => notice.users.includes(user))?.kind).toBe(expected)
      }
    }),
  )
})

test('who is added is told, who joins, leaves or changes role is not', () => {
  const [actor, user] = users as [UserId, UserId]
  const state = stateOf('group', users)
  const about = (cause: (Event & { type: 'member' })['cause'], who: UserId) =>
    noticesOf(
      { ...message(actor, []), type: 'member', user: who, role: 'member', cause },
      conversation,
      state,
      () => undefined,
    ).flatMap(({ kind, users: told }) => told.map((each) => [kind, each]))
  expect(about('added', user)).toEqual([['added', user]])
  expect(about('joined', actor)).toEqual([])
  expect(about('role', user)).toEqual([])
  expect(about('handover', user)).toEqual([])
})
