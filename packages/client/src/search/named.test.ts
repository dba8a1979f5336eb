import { type ConversationId, directConversationId } from '@parley/protocol'
import { expect, test } from 'vitest'
import { ana, ben, conversation, otherConversation } from '../testing/logs.ts'
import { namedIn } from './named.ts'

const known = {
  me: ana,
  userNamed: (username: string) => ({ ana, ben })[username],
  titles: (): readonly (readonly [ConversationId, string])[] => [
    [conversation, 'Équipe Berlin'],
    [otherConversation, 'Garden'],
    ['00000000-0000-7000-8000-0000000000c3' as ConversationId, ''],
  ],
}

test.each([
  ['lunch', {}],
  ['lunch from:@ben from:ana', { authors: [ben, ana] }],
  ['from:@nobody', { authors: [] }],
  ['in:equipe', { conversations: [conversation] }],
  ['in:"équipe berlin" in:gar', { conversations: [conversation, otherConversation] }],
  ['in:@ben', { conversations: [directConversationId(ana, ben)] }],
  [`in:${otherConversation}`, { conversations: [otherConversation] }],
  ['in:nowhere', { conversations: [] }],
  ['in:@nobody', { conversations: [] }],
])('%s names whom and what this device knows by that name', (typed, named) => {
  expect(namedIn(typed, known)).toEqual(named)
})

test('within one conversation the others that are named count no more', () => {
  expect(namedIn('x', known, conversation)).toEqual({ conversations: [conversation] })
  expect(namedIn('in:garden x', known, conversation)).toEqual({ conversations: [] })
  expect(namedIn('in:equipe x', known, conversation)).toEqual({ conversations: [conversation] })
})
