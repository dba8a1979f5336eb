import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Crop, fitted, MAX_ZOOM, moved, type Size, squareOf, WHOLE, zoomed } from './cropping.ts'

const size: fc.Arbitrary<Size> = fc.record({
  width: fc.integer({ min: 1, max: 10_000 }),
  height: fc.integer({ min: 1, max: 10_000 }),
})
const crop: fc.Arbitrary<Crop> = fc.record({
  x: fc.double({ min: -5, max: 5, noNaN: true }),
  y: fc.double({ min: -5, max: 5, noNaN: true }),
  zoom: fc.double({ min: -5, max: 50 }),
})
const isInside = ({ left, top, edge }: ReturnType<typeof squareOf>, { width, height }: Size): boolean => {
  const slack = 1e-6 * Math.max(width, height)
  return left >= -slack && top >= -slack && left + edge <= width + slack && top + edge <= height + slack
}

test('at first the largest square in the middle is taken', () => {
  expect(squareOf(WHOLE, { width: 300, height: 200 })).toEqual({ left: 50, top: 0, edge: 200 })
  expect(squareOf(WHOLE, { width: 200, height: 300 })).toEqual({ left: 0, top: 50, edge: 200 })
})

test('however it is moved and zoomed, no place beside the image is taken', () => {
  fc.assert(
    fc.property(
      size,
      crop,
      fc.array(
        fc.tuple(
          fc.double({ min: -3, max: 3, noNaN: true }),
          fc.double({ min: -3, max: 3, noNaN: true }),
          fc.double({ min: 0, max: 9, noNaN: true }),
        ),
      ),
      (image, start, steps) => {
        let now = fitted(start, image)
        expect(isInside(squareOf(now, image), image)).toBe(true)
        for (const [right, down, zoom] of steps) {
          now = zoomed(moved(now, image, right, down), image, zoom)
          expect(isInside(squareOf(now, image), image)).toBe(true)
          expect(now.zoom).toBeGreaterThanOrEqual(1)
          expect(now.zoom).toBeLessThanOrEqual(MAX_ZOOM)
        }
      },
    ),
  )
})

test('what is moved there and back, with room on all sides, is where it was', () => {
  const image = { width: 1000, height: 1000 }
  const near = zoomed(WHOLE, image, 4)
  const back = moved(moved(near, image, 0.5, -0.25), image, -0.5, 0.25)
  expect(back.x).toBeCloseTo(0.5)
  expect(back.y).toBeCloseTo(0.5)
})
