import fc from 'fast-check'
import { expect, test } from 'vitest'
import { namesTag, requestedRange } from './range.ts'

test.each([
  ['bytes=0-0', { start: 0, end: 0 }],
  ['bytes=0-9', { start: 0, end: 9 }],
  ['bytes=3-', { start: 3, end: 9 }],
  ['bytes=-4', { start: 6, end: 9 }],
  ['bytes=-400', { start: 0, end: 9 }],
  ['bytes=5-1000', { start: 5, end: 9 }],
  ['Bytes= 5-6 ', { start: 5, end: 6 }],
  ['bytes=10-', 'unsatisfiable'],
  ['bytes=10-20', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  // What is no single range of bytes is not asked for (RFC 9110, 14.2), and several may be answered with all.
  ['bytes=6-5', 'whole'],
  ['bytes=0-1,4-5', 'whole'],
  ['bytes=-', 'whole'],
  ['bytes=a-b', 'whole'],
  ['bytes=1', 'whole'],
  ['items=0-1', 'whole'],
  [`bytes=${'9'.repeat(30)}-`, 'whole'],
  ['', 'whole'],
  [undefined, 'whole'],
])('of ten bytes %j asks for %j', (header, range) => {
  expect(requestedRange(header, 10)).toEqual(range)
})

test('of nothing there is no part', () => {
  expect(requestedRange('bytes=0-', 0)).toBe('unsatisfiable')
  expect(requestedRange('bytes=-1', 0)).toBe('unsatisfiable')
})

test('whatever is asked for, what is answered is a part that is there', () => {
  const header = fc.oneof(
    fc.string(),
    fc.tuple(fc.nat(), fc.nat()).map(([first, last]) => `bytes=${first}-${last}`),
    fc.nat().map((suffix) => `bytes=-${suffix}`),
  )
  fc.assert(
    fc.property(header, fc.nat(), (text, length) => {
      const range = requestedRange(text, length)
      if (typeof range === 'string') return
      expect(range.start).toBeGreaterThanOrEqual(0)
      expect(range.end).toBeGreaterThanOrEqual(range.start)
      expect(range.end).toBeLessThan(length)
    }),
  )
})

test('a tag is found among others, weak or strong, and no other is', () => {
  expect(namesTag('"a"', '"a"')).toBe(true)
  expect(namesTag('"b", W/"a"', '"a"')).toBe(true)
  expect(namesTag(' * ', '"a"')).toBe(true)
  expect(namesTag('"b"', '"a"')).toBe(false)
  expect(namesTag('a', '"a"')).toBe(false)
  expect(namesTag('', '"a"')).toBe(false)
})
