import { newId, type ConversationId, type PushMessage, type UserId } from '@parley/protocol'
import { expect, test } from 'vitest'
import { languageFor } from '../../i18n/language.tsx'
import { type Carried, isInSight, notificationOf } from './notification-of.ts'

const { t } = languageFor(['en-GB'])
const conversation = newId<ConversationId>()
const message: PushMessage = {
  kind: 'message',
  for: newId<UserId>(),
  at: 1,
  conversation,
  seq: 7,
  conversationKind: 'group',
  actor: 'Ana',
  title: 'Crew',
  text: 'ahoy',
}

test('a message says where, who and what, and leads to itself', () => {
  expect(notificationOf(message, undefined, t)).toEqual({
    title: 'Crew',
    body: 'Ana: ahoy',
    tag: `c/${conversation}`,
    carried: { url: `/c/${conversation}/7`, count: 1, conversation, seq: 7 },
  })
})

test.each<[Partial<PushMessage>, string, string]>([
  [{ kind: 'direct', conversationKind: 'direct', title: '' }, 'Ana', 'ahoy'],
  [{ kind: 'mention' }, 'Ana mentioned you in Crew', 'ahoy'],
  [{ kind: 'reply' }, 'Ana answered you in Crew', 'ahoy'],
  [{ kind: 'added' }, 'Ana added you to Crew', ''],
  [{ kind: 'friend_request' }, 'Ana would like to be your friend', ''],
  [{ kind: 'request_accepted' }, 'Ana is your friend now', ''],
])('%o: %s', (changed, title, body) => {
  expect(notificationOf({ ...message, ...changed }, undefined, t)).toMatchObject({ title, body })
})

test('several of one conversation become one that counts them; the same one twice does not', () => {
  let before: Carried | undefined
  for (const seq of [7, 8, 8, 9]) before = notificationOf({ ...message, seq }, before, t).carried
  expect(before?.count).toBe(3)
  expect(notificationOf({ ...message, seq: 10, text: 'land' }, before, t)).toMatchObject({
    body: 'Ana: land\nand 3 more',
  })
})

test('what is to show nothing names nobody', () => {
  const { actor: _actor, title: _title, text: _text, ...bare } = message
  expect(notificationOf(bare, undefined, t)).toMatchObject({ title: 'Parley', body: '1 new message' })
  expect(notificationOf({ ...bare, kind: 'friend_request' }, undefined, t).body).toBe('Something new')
})

test('whoever has it before them is not told; the app itself tells nobody who looks at it', () => {
  const front = { url: `https://x.example/c/${conversation}/3`, focused: true, visibilityState: 'visible' }
  const elsewhere = { ...front, url: 'https://x.example/' }
  expect(isInSight([front], message, true)).toBe(true)
  expect(isInSight([elsewhere], message, true)).toBe(false)
  expect(isInSight([elsewhere], message, false)).toBe(true)
  expect(isInSight([{ ...front, focused: false }], message, false)).toBe(false)
  expect(isInSight([{ ...front, visibilityState: 'hidden' }], message, true)).toBe(false)
})
