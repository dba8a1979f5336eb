import type { NotificationId, rest, UserId } from '@parley/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { byDay } from './by-day.ts'

const DAY = 86_400_000
const keyOf = (at: number): string => String(Math.floor(at / DAY))
const notification = fc.record({
  id: fc.uuid().map((id) => id as NotificationId),
  at: fc.integer({ min: 0, max: 6 * DAY }),
  kind: fc.constant<rest.NotificationKind>('direct'),
  actor: fc.constant('somebody' as UserId),
})

test('everything that waits stands in one day, newest first, days too', () => {
  fc.assert(
    fc.property(fc.array(notification), (waiting) => {
      const days = byDay(waiting, keyOf)
      const shown = days.flatMap(({ notifications }) => notifications)
      expect(new Set(shown)).toEqual(new Set(waiting))
      expect(shown.length).toBe(waiting.length)
      expect(shown.map(({ at }) => at)).toEqual(waiting.map(({ at }) => at).toSorted((a, b) => b - a))
      expect(new Set(days.map(({ key }) => key)).size).toBe(days.length)
      for (const { key, notifications } of days)
        expect(notifications.every(({ at }) => keyOf(at) === key)).toBe(true)
    }),
  )
})
