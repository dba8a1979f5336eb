import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Pace } from './pace.ts'

const rates = fc.record({
  perSecond: fc.oneof(fc.integer({ min: 1, max: 5000 }), fc.double({ min: 0.001, max: 50, noNaN: true })),
  burst: fc.integer({ min: 1, max: 300 }),
})

/** What callers may do, each after some time has passed. */
const steps = fc.array(
  fc.record({
    after: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 20_000 })),
    by: fc.constantFrom('take' as const, 'ask' as const, 'reserve' as const),
    count: fc.integer({ min: 1, max: 80 }),
  }),
  { minLength: 1, maxLength: 80 },
)

interface Given {
  readonly at: number
  readonly count: number
}

/** Runs the steps for one key; answers what was given, and when it might be used. */
function run(
  rate: { perSecond: number; burst: number },
  script: readonly { after: number; by: string; count: number }[],
): Given[] {
  let now = 1_800_000_000_000
  const pace = new Pace(rate, () => now)
  return script.flatMap(({ after, by, count }): Given[] => {
    now += after
    if (by === 'take') return [{ at: now, count: pace.take('a', count) }]
    if (by === 'ask') return count <= rate.burst && pace.ask('a', count) === 0 ? [{ at: now, count }] : []
    return [{ at: now + pace.reserve('a', Math.min(count, rate.burst)), count: Math.min(count, rate.burst) }]
  })
}

describe('a pace', () => {
  test('never gives more than the burst and what the time between adds, in any stretch of time', () => {
    fc.assert(
      fc.property(rates, steps, (rate, script) => {
        const given = run(rate, script).toSorted((a, b) => a.at - b.at)
        for (let from = 0; from < given.length; from += 1) {
          let sum = 0
          for (let to = from; to < given.length; to += 1) {
            sum += given[to]!.count
            // Waiting times are whole milliseconds.
            const seconds = (given[to]!.at - given[from]!.at + 1) / 1000
            expect(sum).toBeLessThanOrEqual(rate.burst + rate.perSecond * seconds + 0.001)
          }
        }
      }),
    )
  })

  test('never starves: who waits for as long as was said is given what was asked for', () => {
    fc.assert(
      fc.property(rates, steps, fc.integer({ min: 1, max: 300 }), (rate, script, count) => {
        let now = 0
        const pace = new Pace(rate, () => now)
        for (const { after, count: wanted } of script) {
          now += after
          pace.take('a', wanted)
        }
        const wait = pace.ask('a', count)
        now += wait
        expect(wait === 0 || pace.ask('a', count) === 0).toBe(true)
      }),
    )
  })

  test('a reservation is due when it would have been there, and no earlier', () => {
    fc.assert(
      fc.property(rates, steps, fc.integer({ min: 1, max: 300 }), (rate, script, count) => {
        let now = 0
        const [pace, twin] = [new Pace(rate, () => now), new Pace(rate, () => now)]
        for (const { after, count: wanted } of script) {
          now += after
          pace.take('a', wanted)
          twin.take('a', wanted)
        }
        const wanted = Math.min(count, rate.burst)
        const due = pace.reserve('a', wanted)
        expect(due).toBe(twin.peek('a', wanted))
      }),
    )
  })

  test('a reservation at the slowest rates is due to the millisecond when it would have been there', () => {
    const rate = { perSecond: 0.0010000000000000013, burst: 56 }
    const [pace, twin] = [new Pace(rate, () => 0), new Pace(rate, () => 0)]
    expect([pace.take('a', 1), twin.take('a', 1)]).toEqual([1, 1])
    expect(pace.reserve('a', 56)).toBe(twin.peek('a', 56))
  })

  test('what is given at once is the burst, and then one after each interval', () => {
    let now = 0
    const pace = new Pace({ perSecond: 20, burst: 60 }, () => now)
    expect(pace.take('a', 500)).toBe(60)
    expect(pace.take('a', 500)).toBe(0)
    expect(pace.peek('a')).toBe(50)
    now = 49
    expect(pace.take('a', 500)).toBe(0)
    now = 50
    expect(pace.take('a', 500)).toBe(1)
    now = 1050
    expect(pace.take('a', 500)).toBe(20)
    now = 1_000_000
    expect(pace.take('a', 500)).toBe(60)
  })

  test('keys do not bear on each other', () => {
    const pace = new Pace({ perSecond: 1, burst: 3 }, () => 0)
    expect([pace.take('a', 9), pace.take('b', 2), pace.take('a', 9), pace.take('b', 9)]).toEqual([3, 2, 0, 1])
  })

  test('what was done already is paid for later', () => {
    let now = 0
    const pace = new Pace({ perSecond: 1, burst: 3 }, () => now)
    pace.charge('a', 10)
    expect(pace.ask('a')).toBe(8000)
    now = 8000
    expect(pace.ask('a')).toBe(0)
  })

  test('what was not used is given back, and never more than was taken', () => {
    const pace = new Pace({ perSecond: 1, burst: 3 }, () => 0)
    pace.giveBack('a', 2)
    expect(pace.take('a', 9)).toBe(3)
    pace.giveBack('a', 1)
    expect(pace.take('a', 9)).toBe(1)
  })

  test('a rate too high to count limits nobody', () => {
    const pace = new Pace({ perSecond: 2 ** 40, burst: 2 ** 40 }, () => 1_800_000_000_000)
    for (let i = 0; i < 1000; i += 1) expect(pace.take('a', 500)).toBe(500)
  })

  test('more than a burst at once is taken for a burst, since it could never be there', () => {
    const pace = new Pace({ perSecond: 1, burst: 3 }, () => 0)
    expect(pace.ask('a', 100)).toBe(0)
    expect(pace.ask('a', 100)).toBe(3000)
  })

  test('a clock that is set back makes nobody wait longer', () => {
    let now = 1_000_000
    const pace = new Pace({ perSecond: 1, burst: 3 }, () => now)
    pace.take('a', 3)
    now = 0
    expect(pace.peek('a')).toBe(1000)
    now = 1000
    expect(pace.take('a', 3)).toBe(1)
  })

  test('whoever is idle is forgotten, and no flood of keys takes more memory than its bound', () => {
    let now = 0
    const pace = new Pace({ perSecond: 10, burst: 10 }, () => now, 1000)
    for (let key = 0; key < 100_000; key += 1) {
      now += 1
      pace.take(`${key}`, 1)
    }
    // Each is full again after 100 ms.
    expect(pace.size).toBeLessThanOrEqual(102)
    for (let key = 0; key < 100_000; key += 1) pace.take(`${key}`, 10)
    expect(pace.size).toBeLessThanOrEqual(1000)
  })

  test('who is held up stays held up while others come', () => {
    let now = 0
    const pace = new Pace({ perSecond: 1, burst: 10 }, () => now, 1000)
    pace.take('flood', 10)
    for (let key = 0; key < 900; key += 1) {
      now += 1
      pace.take(`${key}`, 1)
    }
    expect(pace.take('flood', 10)).toBe(0)
  })
})
