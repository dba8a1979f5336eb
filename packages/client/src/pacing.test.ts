import fc from 'fast-check'
import { expect, test } from 'vitest'
import { historyWaits, METERED_RESTS, pacedBy } from './pacing.ts'

test('older history comes at once, a page at a time, or not at all', () => {
  const free = { isMetered: false, isBatteryLow: false }
  const metered = { isMetered: true, isBatteryLow: false }
  expect(historyWaits(free, 0)).toBe(0)
  expect(historyWaits(metered, 0)).toBe(METERED_RESTS)
  expect(historyWaits(metered, METERED_RESTS - 1)).toBe(1)
  expect(historyWaits(metered, METERED_RESTS)).toBe(0)
  // The first page of all.
  expect(historyWaits(metered, Infinity)).toBe(0)
  // A clock that was set back.
  expect(historyWaits(metered, -1_000_000)).toBe(METERED_RESTS)
  expect(historyWaits({ isMetered: true, isBatteryLow: true }, Infinity)).toBeUndefined()
})

test('whatever waits, waits for a reason that is said', () => {
  fc.assert(
    fc.property(fc.boolean(), fc.boolean(), fc.nat(), (isMetered, isBatteryLow, since) => {
      const conditions = { isMetered, isBatteryLow }
      if (historyWaits(conditions, since) !== 0) expect(pacedBy(conditions)).toBeDefined()
      if (pacedBy(conditions) === undefined) expect(historyWaits(conditions, since)).toBe(0)
    }),
  )
})
