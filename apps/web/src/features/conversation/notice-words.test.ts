import type { EventId, MemberEvent, MetaEvent, UserId } from '@parley/protocol'
import { expect, test } from 'vitest'
import { en } from '../../i18n/en.ts'
import { translator } from '../../i18n/translate.ts'
import { isWorthALine, noticeWords } from './notice-words.ts'

const t = translator('en', en)
const envelope = { seq: 1, id: 'e' as EventId, author: 'ana' as UserId, at: 0, hash: '' }
const member = (cause: MemberEvent['cause'], role: MemberEvent['role'] = 'member'): MemberEvent => ({
  ...envelope,
  type: 'member',
  user: 'ben' as UserId,
  role,
  cause,
})
const meta = (changes: Partial<MetaEvent>): MetaEvent => ({ ...envelope, type: 'meta', ...changes })

test('who did it and to whom is said as a sentence, also to oneself', () => {
  expect(noticeWords(member('added'), ['Ana', 'Ben'], t)).toBe('Ana added Ben')
  expect(noticeWords(member('added'), ['Ana', 'You'], t)).toBe('Ana added you')
  expect(noticeWords(member('role', 'admin'), ['You', 'Ben'], t)).toBe('You made Ben an admin')
  expect(noticeWords(member('handover', 'owner'), ['Ana', 'You'], t)).toBe('You are now the owner')
})

test('the start of a group is one line with its name', () => {
  expect(noticeWords(meta({ kind: 'group', title: 'Hike' }), ['Ana'], t)).toBe('Ana started the group “Hike”')
  const founder: MemberEvent = { ...member('created', 'owner'), user: envelope.author }
  expect(isWorthALine(founder)).toBe(false)
  expect(isWorthALine(member('created'))).toBe(true)
})

test('a change of the conversation says what changed', () => {
  expect(noticeWords(meta({ title: 'Walk' }), ['Ana'], t)).toBe('Ana named the group “Walk”')
  expect(noticeWords(meta({ archived: true }), ['Ana'], t)).toBe('Ana archived the group')
  expect(noticeWords(meta({ topic: '' }), ['Ana'], t)).toBe('Ana removed the topic')
})
