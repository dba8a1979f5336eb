import type { MessageItem, NoticeItem, TimelineItem } from '@parley/client'
import type { EventId, Millis, Seq, UserId } from '@parley/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { arrange, arrivedLate, indexOfId, indexOfSeq } from './rows.ts'

const self = 'self' as UserId
const ana = 'ana' as UserId
const NOON = new Date(2026, 10, 21, 12).getTime()
const MINUTE = 60_000

const said = (seq: Seq, author: UserId, at: Millis): MessageItem => ({
  kind: 'message',
  id: `said-${seq}` as EventId,
  author,
  text: 'x',
  writtenAt: at,
  mentions: [],
  attachments: [],
  files: [],
  reactions: [],
  place: { state: 'said', seq, at },
})
const pending = (id: string, writtenAt: Millis): MessageItem => ({
  ...said(0, self, writtenAt),
  id: id as EventId,
  place: { state: 'pending', fate: { state: 'saved' } },
})
const notice = (seq: Seq, at: Millis): NoticeItem => ({
  kind: 'notice',
  id: `notice-${seq}` as EventId,
  event: { type: 'meta', title: 'x', seq, at, author: ana, id: `notice-${seq}` as EventId, hash: '' },
  place: { state: 'said', seq, at },
})
const shape = (items: readonly TimelineItem[], unreadAfter?: Seq): string[] =>
  arrange(items, { self, unreadAfter }).map(
    (row) =>
      `${row.day === undefined ? '' : 'day '}${row.startsUnread ? 'new ' : ''}${row.startsRun ? '[' : ' '}${row.endsRun ? ']' : ' '}`,
  )

test('messages of one author within a few minutes are one run', () => {
  expect(shape([said(1, ana, NOON), said(2, ana, NOON + MINUTE), said(3, self, NOON + 2 * MINUTE)])).toEqual([
    'day [ ',
    ' ]',
    '[]',
  ])
})

test('a pause, a notice and a new day each end a run', () => {
  expect(shape([said(1, ana, NOON), said(2, ana, NOON + 6 * MINUTE)])).toEqual(['day []', '[]'])
  expect(shape([said(1, ana, NOON), notice(2, NOON), said(3, ana, NOON)])).toEqual(['day []', '[]', '[]'])
  const midnight = new Date(2026, 10, 22).getTime()
  expect(shape([said(1, ana, midnight - MINUTE), said(2, ana, midnight + MINUTE)])).toEqual([
    'day []',
    'day []',
  ])
})

test('the unread line stands before the first message of somebody else after what was read', () => {
  const items = [
    said(1, ana, NOON),
    said(2, self, NOON),
    notice(3, NOON),
    said(4, ana, NOON),
    said(5, ana, NOON),
  ]
  expect(shape(items, 1)).toEqual(['day []', '[]', '[]', 'new [ ', ' ]'])
  expect(shape(items, 5).join('')).not.toContain('new')
  expect(shape(items).join('')).not.toContain('new')
})

test('a device whose clock is a day slow does not begin an old day again', () => {
  expect(shape([said(1, self, NOON), pending('p', NOON - 86_400_000)])).toEqual(['day [ ', ' ]'])
})

test('however items come, each is shown once, runs are closed, and days and the unread line do not repeat', () => {
  const item = fc.record({
    author: fc.constantFrom(self, ana),
    gap: fc.integer({ min: 0, max: 40 * 60 * MINUTE }),
    isNotice: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(item, { minLength: 1 }), fc.nat(30), (list, unreadAfter) => {
      let at = NOON
      const items = list.map(({ author, gap, isNotice }, i) => {
        at += gap
        return isNotice ? notice(i + 1, at) : said(i + 1, author, at)
      })
      const rows = arrange(items, { self, unreadAfter })
      expect(rows.map((row) => row.item)).toEqual(items)
      rows.forEach((row, i) => expect(row.endsRun).toBe(rows[i + 1]?.startsRun ?? true))
      const days = rows.flatMap(({ day }) => (day === undefined ? [] : [new Date(day).toDateString()]))
      expect(new Set(days).size).toBe(days.length)
      expect(rows.filter(({ startsUnread }) => startsUnread).length).toBeLessThanOrEqual(1)
    }),
  )
})

test('that whoever starts a group is in it takes no line', () => {
  const founding: NoticeItem = {
    ...notice(2, NOON),
    event: { ...notice(2, NOON).event, type: 'member', user: ana, role: 'owner', cause: 'created' },
  }
  expect(shape([notice(1, NOON), founding, said(3, ana, NOON)])).toEqual(['day []', '[]'])
})

test('only what arrived minutes after it was written says so', () => {
  const at = NOON
  expect(arrivedLate({ ...said(1, ana, at), writtenAt: at - MINUTE })).toBe(false)
  expect(arrivedLate({ ...said(1, ana, at), writtenAt: at - 10 * MINUTE })).toBe(true)
  expect(arrivedLate(pending('p', at))).toBe(false)
})

test('what was changed in the same way, one after the other on one day, is one row that every one of the events leads to', () => {
  const added = (seq: Seq, at = NOON): NoticeItem => ({
    ...notice(seq, at),
    event: { ...notice(seq, at).event, type: 'member', user: ana, role: 'member', cause: 'added' },
  })
  const rows = arrange([notice(1, NOON), added(2), added(3), added(4), said(5, ana, NOON), added(6)], {
    self,
    unreadAfter: undefined,
  })
  expect(rows.map(({ notices }) => notices.length)).toEqual([1, 3, 0, 1])
  expect([1, 2, 3, 4, 5].map((seq) => indexOfSeq(rows, seq))).toEqual([0, 1, 1, 1, 2])
  expect(indexOfId(rows, 'notice-4' as EventId)).toBe(1)
  const nextDay = arrange([added(1), added(2, NOON + 24 * 60 * 60_000)], { self, unreadAfter: undefined })
  expect(nextDay).toHaveLength(2)
})
