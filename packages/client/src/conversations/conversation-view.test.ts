import { type Command, type CommandId, newId } from '@parley/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { viewConversation } from './conversation-view.ts'
import type { Fate } from '../outbox/fate.ts'
import type { StoredConversation } from '../store/store.ts'
import { ana, ben, conversation, logOf } from '../testing/logs.ts'

const [tip] = logOf(20).slice(-1)
const summary: StoredConversation['summary'] = {
  id: conversation,
  kind: 'group',
  title: 'Trip',
  archived: false,
  lastSeq: 20,
  lastHash: tip?.hash ?? '',
  lastAt: 1,
  readSeq: 0,
  unread: 10,
  mentions: 4,
  role: 'member',
  memberCount: 2,
  members: [{ id: ben, username: 'ben', name: 'Ben' }],
}

test('[R2] what is unread is never more than lies behind the read position, nor mentions more than that, whatever was counted last', () => {
  const seq = fc.nat({ max: 25 })
  fc.assert(
    fc.property(seq, seq, seq, seq, fc.boolean(), (readSeq, after, unread, mentions, isCounted) => {
      const view = viewConversation({
        id: conversation,
        me: ana,
        stored: { summary, members: {}, left: false, reads: {} },
        tip,
        tally: isCounted ? { after, upTo: 20, unread, mentions } : undefined,
        readSeq,
        draft: '',
        commands: [],
        fault: undefined,
        nameOf: () => undefined,
        isFriend: () => undefined,
      })
      expect(view?.unread).toBeLessThanOrEqual(Math.max(0, 20 - readSeq))
      expect(view?.mentions).toBeLessThanOrEqual(view?.unread ?? 0)
    }),
  )
})

test('[R2] what a device without the newest events has counted is less than there is: then the server’s count stands', () => {
  const unread = (upTo: number) =>
    viewConversation({
      id: conversation,
      me: ana,
      stored: { summary, members: {}, left: false, reads: {} },
      tip: undefined,
      tally: { after: 0, upTo, unread: 3, mentions: 0 },
      readSeq: 0,
      draft: '',
      commands: [],
      fault: undefined,
      nameOf: () => undefined,
      isFriend: () => undefined,
    })?.unread
  expect(unread(0)).toBe(10)
  expect(unread(19)).toBe(10)
  expect(unread(20)).toBe(3)
})

test('what one does with one’s own membership stands until the server has answered, and a refusal puts it back', () => {
  const command = (
    type: 'conversation.delete' | 'join' | 'leave',
    state: 'saved' | 'accepted' | 'refused',
  ) => {
    const base = { id: newId<CommandId>(), createdAt: 1, conversation }
    const given: Command =
      type === 'conversation.delete'
        ? { ...base, type }
        : { ...base, type: type === 'join' ? 'member.add' : 'member.remove', user: ana }
    const fate: Fate = state === 'refused' ? { state, code: 'forbidden', message: '', at: 1 } : { state }
    return { id: given.id, command: given, fate }
  }
  const standing = (left: boolean | undefined, ...commands: ReturnType<typeof command>[]) =>
    viewConversation({
      id: conversation,
      me: ana,
      stored: left === undefined ? undefined : { summary, members: {}, left, reads: {} },
      tip,
      tally: undefined,
      readSeq: 0,
      draft: '',
      commands,
      fault: undefined,
      nameOf: () => undefined,
      isFriend: () => undefined,
    })?.standing
  expect(standing(false, command('leave', 'saved'))).toBe('leaving')
  expect(standing(false, command('leave', 'refused'))).toBe('member')
  expect(standing(false, command('conversation.delete', 'saved'))).toBe('deleting')
  expect(standing(true, command('conversation.delete', 'accepted'))).toBe('left')
  expect(standing(true, command('join', 'saved'))).toBe('joining')
  expect(standing(undefined, command('join', 'saved'))).toBe('joining')
  expect(standing(undefined, command('join', 'refused'))).toBeUndefined()
  expect(standing(undefined)).toBeUndefined()
})
