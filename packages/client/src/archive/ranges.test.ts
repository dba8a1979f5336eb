import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nextPage } from './filling.ts'
import { addRange, covers, heldCount, missingRanges, removeRange } from './ranges.ts'
import type { Range } from '../store/store.ts'

const range: fc.Arbitrary<Range> = fc
  .tuple(fc.integer({ min: 1, max: 60 }), fc.nat(12))
  .map(([from, length]) => ({ from, to: from + length }))
const numbers = (ranges: readonly Range[]) =>
  new Set(ranges.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, index) => from + index)))
const all = (ranges: readonly Range[]) => ranges.reduce<readonly Range[]>(addRange, [])

test('what is held is the same in whatever order and however often it came', () => {
  fc.assert(
    fc.property(fc.array(range), fc.infiniteStream(fc.nat()), (ranges, keys) => {
      const shuffled = [...ranges, ...ranges]
        .map((each) => ({ each, key: keys.next().value }))
        .toSorted((a, b) => a.key - b.key)
      expect(all(shuffled.map(({ each }) => each))).toEqual(all(ranges))
    }),
  )
})

test('ranges are ascending, disjoint, not touching, and hold exactly what was added', () => {
  fc.assert(
    fc.property(fc.array(range), (ranges) => {
      const held = all(ranges)
      expect(numbers(held)).toEqual(numbers(ranges))
      expect(heldCount(held)).toBe(numbers(ranges).size)
      held.slice(1).forEach(({ from }, index) => expect(from).toBeGreaterThan((held[index]?.to ?? 0) + 1))
    }),
  )
})

test('what is taken out is not held any more, and nothing else is', () => {
  fc.assert(
    fc.property(fc.array(range), range, (ranges, span) => {
      const left = removeRange(all(ranges), span)
      expect(numbers(left)).toEqual(
        new Set([...numbers(ranges)].filter((seq) => seq < span.from || seq > span.to)),
      )
      expect(left).toEqual(all(left))
    }),
  )
})

test('what is missing and what is held make up the whole', () => {
  fc.assert(
    fc.property(fc.array(range), range, (ranges, span) => {
      const held = all(ranges)
      const missing = missingRanges(held, span)
      expect([...numbers(missing)].filter((seq) => numbers(held).has(seq))).toEqual([])
      expect(covers(missing.reduce<readonly Range[]>(addRange, held), span)).toBe(true)
      expect(missing.length === 0).toBe(covers(held, span))
    }),
  )
})

test('[R4] page after page, a log is complete: newest first, and the past in aligned pages', () => {
  fc.assert(
    fc.property(fc.array(range), fc.integer({ min: 1, max: 5000 }), (some, end) => {
      let held = all(some.filter(({ to }) => to <= end))
      for (let turns = 0; ; turns += 1) {
        const page = nextPage(held, end)
        if (page === undefined) break
        expect(turns).toBeLessThan(200)
        expect(page.limit).toBeGreaterThan(0)
        expect(page.limit).toBeLessThanOrEqual(1000)
        if (page.isHistory && page.limit === 128) expect(page.after % 128).toBe(0)
        held = addRange(held, { from: page.after + 1, to: page.after + page.limit })
      }
      expect(held).toEqual([{ from: 1, to: end }])
    }),
  )
})
