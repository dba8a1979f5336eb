import type { EventId, MemberEvent, MetaEvent, UserId } from '@parley/protocol'
import { expect, test } from 'vitest'
import { en } from '../../i18n/en/index.ts'
import { translator } from '../../i18n/translate.ts'
import { formats } from '../../i18n/format.ts'
import { foldedWords, foldOf, isWorthALine, noticeWords } from './notice-words.ts'

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
  expect(noticeWords(meta({ title: 'Walk' }), ['Ana'], t)).toBe('Ana changed the name to “Walk”')
  expect(noticeWords(meta({ archived: true }), ['Ana'], t)).toBe('Ana archived the conversation')
  expect(noticeWords(meta({ topic: '' }), ['Ana'], t)).toBe('Ana removed the topic')
})

test('several people added by one person are one sentence, with those who are not named counted', () => {
  const words = (users: readonly string[], others: number, cause: MemberEvent['cause'] = 'added') =>
    foldedWords(member(cause), { author: 'Ana', users, others }, t, formats('en-GB'))
  expect(words(['Ben', 'Cleo'], 5)).toBe('Ana added Ben, Cleo and 5 others')
  expect(words(['You', 'Cleo'], 1)).toBe('Ana added you, Cleo and 1 other')
  expect(words(['Ben', 'Cleo'], 0, 'created')).toBe('Ana added Ben and Cleo')
  expect(words(['Ben', 'Cleo', 'Dia'], 0, 'joined')).toBe('Ben, Cleo and Dia joined')
})

test('only what is of one kind and, where somebody did it, by the same person is told in one sentence', () => {
  expect(foldOf(member('created'))).toBe(foldOf(member('added')))
  expect(foldOf({ ...member('added'), author: 'cleo' as UserId })).not.toBe(foldOf(member('added')))
  expect(foldOf(member('left'))).not.toBe(foldOf(member('joined')))
  expect(foldOf(member('role'))).toBeUndefined()
  expect(foldOf(meta({ title: 'Walk' }))).toBeUndefined()
})
