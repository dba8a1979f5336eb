import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MOST, panned, swiped, WHOLE, type Zoom, zoomed } from './zoom.ts'

const picture = { width: 800, height: 400 }
const stage = { width: 1000, height: 600 }
const place = fc.integer({ min: -500, max: 500 })
const gesture = fc.oneof(
  fc.record({ factor: fc.double({ min: 0.2, max: 5, noNaN: true }), x: place, y: place }),
  fc.record({ x: place, y: place }),
)

test('whatever hands do, the picture is never smaller than whole, never lost beyond the edges, and never too close', () => {
  fc.assert(
    fc.property(fc.array(gesture), (gestures) => {
      const end = gestures.reduce<Zoom>(
        (zoom, each) =>
          'factor' in each
            ? zoomed(zoom, each.factor, each, picture, stage)
            : panned(zoom, each, picture, stage),
        WHOLE,
      )
      expect(end.scale).toBeGreaterThanOrEqual(1)
      expect(end.scale).toBeLessThanOrEqual(MOST)
      expect(Math.abs(end.x)).toBeLessThanOrEqual(Math.max(0, (800 * end.scale - 1000) / 2))
      expect(Math.abs(end.y)).toBeLessThanOrEqual(Math.max(0, (400 * end.scale - 600) / 2))
    }),
  )
})

test('what is under the pointer stays under it', () => {
  const at = { x: 100, y: 20 }
  const close = zoomed(WHOLE, 4, at, picture, stage)
  // The point of the picture that was there, drawn now.
  expect([100 * 4 + close.x, 20 * 4 + close.y]).toEqual([100, 20])
})

test('back to whole it lies in the middle again', () => {
  const close = panned(zoomed(WHOLE, 4, { x: 0, y: 0 }, picture, stage), { x: 300, y: 0 }, picture, stage)
  expect(zoomed(close, 0.1, { x: 50, y: 50 }, picture, stage)).toEqual(WHOLE)
})

test('a finger down closes, a finger aside goes on in the direction of reading', () => {
  expect(swiped({ x: 10, y: 200 }, false)).toBe('close')
  expect(swiped({ x: 10, y: -200 }, false)).toBe('stay')
  expect(swiped({ x: -120, y: 30 }, false)).toBe('next')
  expect(swiped({ x: -120, y: 30 }, true)).toBe('previous')
  expect(swiped({ x: 120, y: 30 }, false)).toBe('previous')
  expect(swiped({ x: 20, y: 10 }, false)).toBe('stay')
})
