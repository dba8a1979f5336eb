import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FIRST_PIECE, LARGEST_PIECE, nextPiece, SMALLEST_PIECE } from './pieces.ts'

const took = fc.option(fc.nat(120_000), { nil: undefined })

test('whatever a line does, a piece is never too small to move on, nor too large for a proxy', () => {
  fc.assert(
    fc.property(fc.array(took, { maxLength: 50 }), (line) => {
      const size = line.reduce<number>(nextPiece, FIRST_PIECE)
      expect(size).toBeGreaterThanOrEqual(SMALLEST_PIECE)
      expect(size).toBeLessThanOrEqual(LARGEST_PIECE)
      expect(Number.isInteger(size)).toBe(true)
    }),
  )
})

test('a line of any speed ends with pieces that take neither too long nor mostly waiting, as far as it can', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1000, max: 100_000_000 }), (bytesPerSecond) => {
      const seconds = (size: number) => size / bytesPerSecond
      let size = FIRST_PIECE
      for (let n = 0; n < 20; n += 1) size = nextPiece(size, Math.round(seconds(size) * 1000))
      if (size > SMALLEST_PIECE) expect(seconds(size)).toBeLessThanOrEqual(6.01)
      if (size < LARGEST_PIECE && size > SMALLEST_PIECE) expect(seconds(size)).toBeGreaterThanOrEqual(0.49)
    }),
  )
})
