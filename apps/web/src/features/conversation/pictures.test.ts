import fc from 'fast-check'
import { expect, test } from 'vitest'
import { columnsFor, cutName, fitPicture } from './pictures.ts'

const side = fc.integer({ min: 1, max: 20_000 })

test('a picture is shown whole, never larger than it is, and in its proportions as far as pixels allow', () => {
  fc.assert(
    fc.property(side, side, (width, height) => {
      const shown = fitPicture(width, height)
      expect(Math.max(shown.width, shown.height)).toBeLessThanOrEqual(320)
      expect(shown.width).toBeLessThanOrEqual(width)
      expect(shown.height).toBeLessThanOrEqual(height)
      expect(Math.min(shown.width, shown.height)).toBeGreaterThanOrEqual(1)
      const scale = Math.max(shown.width, shown.height) / Math.max(width, height)
      expect(Math.abs(shown.width - width * scale)).toBeLessThanOrEqual(1)
      expect(Math.abs(shown.height - height * scale)).toBeLessThanOrEqual(1)
    }),
  )
})

test('up to six pictures leave no hole in their rows, but for the five', () => {
  expect([1, 2, 3, 4, 5, 6].map(columnsFor)).toEqual([1, 2, 3, 2, 3, 3])
})

test('a cut name is the whole name, with its ending in the part that stays', () => {
  expect(cutName('notes.txt')).toEqual({ start: 'notes.txt', end: '' })
  expect(cutName('minutes of the meeting in spring.odt').end).toBe('pring.odt')
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (name) => {
      const { start, end } = cutName(name)
      expect(start + end).toBe(name)
    }),
  )
})
