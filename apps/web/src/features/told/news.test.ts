import type { ConversationView } from '@parley/client'
import {
  type ConversationId,
  type Event,
  levelKey,
  mutedKey,
  newId,
  readPreferences,
  type UserId,
} from '@parley/protocol'
import { expect, test } from 'vitest'
import { answersIn, knownOf, newsOf } from './news.ts'

const NOW = 10_000_000
const id = newId<ConversationId>()
const [me, ana] = [newId<UserId>(), newId<UserId>()]

const said = (seq: number, changed: object = {}): Event => ({
  seq,
  id: newId(),
  type: 'message',
  author: ana,
  at: NOW,
  hash: '',
  text: `text ${seq}`,
  writtenAt: NOW,
  ...changed,
})

const view = (event: Event, changed: Partial<ConversationView> = {}) =>
  ({
    id,
    kind: 'group',
    title: 'Crew',
    standing: 'member',
    lastSeq: event.seq,
    readSeq: 4,
    unread: 1,
    mentions: 0,
    lastLine: { state: 'said', event },
    ...changed,
  }) as ConversationView

const facts = (entries: Record<string, unknown> = {}, answers: readonly Event[] = []) => ({
  me,
  answers: new Set(answers.map((event) => event.id)),
  now: NOW,
  preferences: readPreferences(Object.entries(entries)),
  nameOf: () => 'Ana',
})
const known = knownOf([view(said(4))])

test('what another has said since is told, with who and where', () => {
  expect(newsOf(known, [view(said(5))], facts())).toEqual([
    {
      kind: 'message',
      for: me,
      at: NOW,
      conversation: id,
      seq: 5,
      conversationKind: 'group',
      actor: 'Ana',
      title: 'Crew',
      text: 'text 5',
    },
  ])
})

test.each<[string, ConversationView]>([
  ['what one says oneself', view(said(5, { author: me }))],
  ['what is read already', view(said(5), { readSeq: 5 })],
  ['what was there before', view(said(4))],
  ['what was said long ago', view(said(5, { at: NOW - 600_000 }))],
  ['a reaction', view({ ...said(5), type: 'reaction' } as Event)],
  ['what is said where one has left', view(said(5), { standing: 'left' })],
])('%s is no news', (_, seen) => expect(newsOf(known, [seen], facts())).toEqual([]))

test('none and muted tell nothing, mentions only these, and nothing is shown of what is said where that is wanted', () => {
  const mentioned = view(said(5), { mentions: 1 })
  expect(newsOf(known, [mentioned], facts({ [levelKey(id)]: 'none' }))).toEqual([])
  expect(newsOf(known, [mentioned], facts({ [mutedKey(id)]: NOW + 1 }))).toEqual([])
  expect(newsOf(known, [view(said(5))], facts({ [levelKey(id)]: 'mentions' }))).toEqual([])
  expect(newsOf(known, [mentioned], facts({ [levelKey(id)]: 'mentions' }))).toMatchObject([
    { kind: 'mention' },
  ])
  expect(newsOf(known, [mentioned], facts({ notifyShows: 'nothing' }))[0]).not.toHaveProperty('text')
})

test('where only mentions and replies count, an answer to this person is told as one, and an answer to another is not', () => {
  const answer = said(5, { replyTo: newId() })
  const onlyForMe = { [levelKey(id)]: 'mentions' }
  expect(answersIn(known, [view(answer)], me)).toEqual([
    { conversation: id, event: answer.id, to: 'replyTo' in answer ? answer.replyTo : undefined },
  ])
  expect(newsOf(known, [view(answer)], facts(onlyForMe, [answer]))).toMatchObject([{ kind: 'reply', seq: 5 }])
  expect(newsOf(known, [view(answer)], facts(onlyForMe))).toEqual([])
  expect(newsOf(known, [view(answer)], facts())).toMatchObject([{ kind: 'message' }])
  // Who is named in it is told of that, and a conversation that tells nothing tells nothing.
  expect(newsOf(known, [view(answer, { mentions: 1 })], facts(onlyForMe, [answer]))).toMatchObject([
    { kind: 'mention' },
  ])
  expect(newsOf(known, [view(answer)], facts({ [levelKey(id)]: 'none' }, [answer]))).toEqual([])
})

test('nothing has to be found out of what is known, read, or one’s own', () => {
  const replyTo = newId()
  expect(answersIn(known, [view(said(5))], me)).toEqual([])
  expect(answersIn(known, [view(said(4, { replyTo }))], me)).toEqual([])
  expect(answersIn(known, [view(said(5, { replyTo }), { readSeq: 5 })], me)).toEqual([])
  expect(answersIn(known, [view(said(5, { replyTo, author: me }))], me)).toEqual([])
})
