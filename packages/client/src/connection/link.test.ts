import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { backOff, type Link, type LinkInput, step } from './link.ts'

const input: fc.Arbitrary<LinkInput> = fc.oneof(
  fc.boolean().map((isOnline): LinkInput => ({ input: 'network', isOnline })),
  fc.constant<LinkInput>({ input: 'ready' }),
  fc
    .record({
      closeCode: fc.constantFrom(1006, 1012, 4401, 4503),
      jitter: fc.double({ min: 0, max: 0.999, noNaN: true }),
    })
    .map((lost): LinkInput => ({ input: 'lost', ...lost })),
  fc.constant<LinkInput>({ input: 'due' }),
  fc.constant<LinkInput>({ input: 'wake' }),
)
const start: Link = { state: 'offline' }

describe('the link', () => {
  test('whatever happened, a network and time lead to a connection, except after a refusal', () => {
    fc.assert(
      fc.property(fc.array(input), (inputs) => {
        const link = inputs.reduce<Link>((before, each) => step(before, each, 0), start)
        const online = step(link, { input: 'network', isOnline: true }, 0)
        expect(['connecting', 'live', 'refused']).toContain(online.state)
      }),
    )
  })

  test('a timer that runs a millisecond early, or a clock that was set back, does not make it wait for ever', () => {
    const waiting: Link = { state: 'waiting', retryAt: 30_000, attempt: 3 }
    expect(step(waiting, { input: 'due' }, 29_999)).toEqual({ state: 'connecting', attempt: 3 })
  })

  test('the word that the network is back ends the waiting at once', () => {
    const waiting: Link = { state: 'waiting', retryAt: 30_000, attempt: 9 }
    expect(step(waiting, { input: 'network', isOnline: true }, 0)).toEqual({
      state: 'connecting',
      attempt: 0,
    })
  })

  test('[C4] a server that is down is tried again, ever more rarely, up to half a minute', () => {
    const delays: number[] = []
    let link: Link = { state: 'connecting', attempt: 0 }
    for (let n = 0; n < 10; n += 1) {
      link = step(link, { input: 'lost', closeCode: 1006, jitter: 0 }, 0)
      if (link.state !== 'waiting') throw new Error('it should wait')
      delays.push(link.retryAt)
      link = step(link, { input: 'due' }, link.retryAt)
    }
    expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000, 30_000])
  })

  test('waiting times differ from device to device, by at most one half', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (attempt, jitter) => {
          expect(backOff(attempt, jitter)).toBeLessThanOrEqual(backOff(attempt, 0))
          expect(backOff(attempt, jitter)).toBeGreaterThanOrEqual(Math.floor(backOff(attempt, 0) / 2))
        },
      ),
    )
  })

  test('a connection that the server opens and closes again is not hammered; one that held starts anew', () => {
    const live: Link = { state: 'live', since: 0, attempt: 5 }
    expect(step(live, { input: 'lost', jitter: 0 }, 100)).toMatchObject({ state: 'waiting', attempt: 6 })
    expect(step(live, { input: 'lost', jitter: 0 }, 20_000)).toMatchObject({ state: 'waiting', attempt: 1 })
  })

  test('[S4] a session that has ended is not tried again until the person acts', () => {
    const refused = step(
      { state: 'live', since: 0, attempt: 0 },
      { input: 'lost', closeCode: 4401, jitter: 0 },
      0,
    )
    expect(refused).toEqual({ state: 'refused', code: 'unauthenticated' })
    for (const each of [
      { input: 'network', isOnline: true },
      { input: 'due' },
      { input: 'ready' },
    ] as const) {
      expect(step(refused, each, 0)).toBe(refused)
    }
    expect(step(refused, { input: 'wake' }, 0).state).toBe('connecting')
  })
})
