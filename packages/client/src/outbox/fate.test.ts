import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Fate, joinReports, type Report } from './fate.ts'

const fate: fc.Arbitrary<Fate> = fc.oneof(
  fc.constant<Fate>({ state: 'unsaved' }),
  fc.constantFrom('quota', 'closed').map((fault): Fate => ({ state: 'failed-to-save', fault })),
  fc.constant<Fate>({ state: 'saved' }),
  fc.constant<Fate>({ state: 'sent' }),
  fc.constant<Fate>({ state: 'discarded' }),
  fc
    .record({
      code: fc.constantFrom('forbidden', 'archived'),
      message: fc.constantFrom('a', 'b'),
      at: fc.nat(3),
    })
    .map((refusal): Fate => ({ state: 'refused', ...refusal })),
  fc
    .option(fc.integer({ min: 1, max: 5 }))
    .map((seq): Fate => (seq === null ? { state: 'accepted' } : { state: 'accepted', seq })),
)
const report: fc.Arbitrary<Report> = fc.record({ attempt: fc.nat(3), fate })

describe('the join of fates', () => {
  test('[C3] reports in any order, any number of times, end in the same fate', () => {
    fc.assert(
      fc.property(
        fc.array(report, { minLength: 1, maxLength: 8 }),
        fc.infiniteStream(fc.nat()),
        (reports, keys) => {
          const twice = [...reports, ...reports]
            .map((each) => ({ each, key: keys.next().value }))
            .toSorted((a, b) => a.key - b.key)
            .map(({ each }) => each)
          expect(twice.reduce(joinReports)).toEqual(reports.reduce(joinReports))
        },
      ),
      { numRuns: 2000 },
    )
  })

  test('[C1] once accepted, nothing that arrives later takes it back', () => {
    fc.assert(
      fc.property(report, fc.nat(3), (later, attempt) => {
        expect(joinReports({ attempt, fate: { state: 'accepted', seq: 7 } }, later).fate.state).toBe(
          'accepted',
        )
      }),
    )
  })

  test('[C3] a refused command that is given again waits again', () => {
    const refused: Report = { attempt: 0, fate: { state: 'refused', code: 'archived', message: '', at: 1 } }
    expect(joinReports(refused, { attempt: 1, fate: { state: 'unsaved' } }).fate).toEqual({
      state: 'unsaved',
    })
  })
})
