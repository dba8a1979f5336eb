import { expect, test } from 'vitest'
import { formats } from './format.ts'

const { short, relative, day, list, bytes } = formats('en-GB', 'UTC')
const now = Date.UTC(2026, 10, 21, 12, 0)
const HOUR = 3_600_000

test('a list shows the time today, the weekday within a week, the date before that, and the year of another one', () => {
  expect(short(now - 2 * HOUR, now)).toBe('10:00')
  expect(short(now - 13 * HOUR, now)).toBe('Fri')
  expect(short(now - 10 * 24 * HOUR, now)).toBe('11 Nov')
  expect(short(now - 400 * 24 * HOUR, now)).toBe('17/10/2025')
})

test('how long ago is said in the largest unit that fits', () => {
  expect(relative(now - 2 * HOUR, now)).toBe('2 hours ago')
  expect(relative(now + 5000, now)).toBe('in 5 seconds')
  expect(relative(now - 26 * HOUR, now)).toBe('yesterday')
})

test('a day of this year has its weekday, one of another year has the year', () => {
  expect(day(now, now)).toBe('Saturday 21 November')
  expect(day(now - 365 * 24 * HOUR, now)).toBe('21 November 2025')
})

test('people are listed as a sentence lists them', () => {
  expect(list(['Ana', 'Ben', 'Cleo'])).toBe('Ana, Ben and Cleo')
})

test('sizes have the unit that keeps them short', () => {
  expect(bytes(48_200_000)).toBe('48 MB')
  expect(bytes(1500)).toBe('1.5 kB')
})
