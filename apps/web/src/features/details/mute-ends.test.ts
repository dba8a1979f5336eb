import { MUTED_FOREVER } from '@parley/protocol'
import { expect, test } from 'vitest'
import { muteEnd } from './mute-ends.ts'

const HOUR = 3_600_000

test('an hour and eight hours are so long, and until it is turned on has no end', () => {
  expect(muteEnd('hour', 5)).toBe(5 + HOUR)
  expect(muteEnd('eight-hours', 5)).toBe(5 + 8 * HOUR)
  expect(muteEnd('forever', 5)).toBe(MUTED_FOREVER)
})

test('until tomorrow ends at eight in the morning of the next day, also at the end of a month and just after midnight', () => {
  const end = (...at: readonly [number, number, number, number, number]) =>
    new Date(muteEnd('tomorrow', new Date(...at).getTime()))
  expect(end(2026, 0, 31, 23, 59)).toEqual(new Date(2026, 1, 1, 8))
  expect(end(2026, 0, 31, 0, 1)).toEqual(new Date(2026, 1, 1, 8))
  // The nights in which the clocks are changed in much of the world.
  expect(end(2026, 2, 28, 20, 0)).toEqual(new Date(2026, 2, 29, 8))
  expect(end(2026, 9, 24, 20, 0)).toEqual(new Date(2026, 9, 25, 8))
})
