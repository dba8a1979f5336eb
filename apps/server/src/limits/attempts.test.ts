import { DEFAULT_LIMITS, type Limits } from '@parley/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RateLimited } from './rate-limited.ts'
import { createRates } from './rates.ts'

const HOUR = 3_600_000
const right = async (): Promise<string> => 'in'
const wrong = async (): Promise<undefined> => undefined

function start(limits: Partial<Limits> = {}) {
  let now = 1_800_000_000_000
  const { passwords } = createRates({ limits: { ...DEFAULT_LIMITS, ...limits }, now: () => now })
  /** What became of a try: let in, wrong, or the seconds to wait. */
  const attempt = async (
    check: () => Promise<string | undefined>,
    account = 'ana',
    address = '198.51.100.7',
  ): Promise<'in' | 'wrong' | number> => {
    try {
      return (await passwords.run({ account, address }, check)) === undefined ? 'wrong' : 'in'
    } catch (error) {
      if (error instanceof RateLimited) return error.waitMillis / 1000
      throw error
    }
  }
  return {
    passwords,
    attempt,
    advance: (millis: number) => {
      now += millis
    },
  }
}

describe('wrong passwords', () => {
  test('wait after the fifth, and each further one twice as long, up to a quarter of an hour', async () => {
    const { attempt, advance } = start()
    for (let n = 0; n < 5; n += 1) expect(await attempt(wrong)).toBe('wrong')
    const waits: number[] = []
    for (let n = 0; n < 14; n += 1) {
      const wait = await attempt(wrong)
      waits.push(wait as number)
      advance((wait as number) * 1000)
      expect(await attempt(wrong)).toBe('wrong')
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900])
  })

  test('during a wait the right one is not tried either, and after it is', async () => {
    const { attempt, advance } = start()
    for (let n = 0; n < 5; n += 1) await attempt(wrong)
    let isAsked = false
    const asked = async (): Promise<string> => {
      isAsked = true
      return 'in'
    }
    expect(await attempt(asked)).toBe(1)
    expect(isAsked).toBe(false)
    advance(999)
    expect(await attempt(asked)).toBe(0.001)
    advance(1)
    expect(await attempt(asked)).toBe('in')
    // And all is forgiven.
    for (let n = 0; n < 5; n += 1) expect(await attempt(wrong)).toBe('wrong')
  })

  test('refused ones do not make the wait longer', async () => {
    const { attempt, advance } = start()
    for (let n = 0; n < 5; n += 1) await attempt(wrong)
    for (let n = 0; n < 1000; n += 1) expect(await attempt(wrong)).toBe(1)
    advance(1000)
    expect(await attempt(right)).toBe('in')
  })

  test('tried all at once are tried as few', async () => {
    const { attempt } = start()
    const slow = Promise.withResolvers<undefined>()
    const results = Array.from({ length: 50 }, () => attempt(() => slow.promise))
    slow.resolve(undefined)
    const outcomes = await Promise.all(results)
    expect(outcomes.filter((outcome) => outcome === 'wrong')).toHaveLength(5)
  })

  test('a stranger who fails elsewhere does not hold up the owner', async () => {
    const { attempt } = start()
    for (let n = 0; n < 50; n += 1) await attempt(wrong, 'ana', '203.0.113.1')
    expect(await attempt(right)).toBe('in')
  })

  test('from many addresses hold up a stranger and not who has got in from theirs before', async () => {
    const { attempt, advance } = start()
    expect(await attempt(right)).toBe('in')
    for (let n = 0; n < 100; n += 1) expect(await attempt(wrong, 'ana', `203.0.113.${n}`)).toBe('wrong')
    expect(await attempt(right, 'ana', '192.0.2.1')).toBe(36)
    expect(await attempt(right)).toBe('in')
    // From a new address the owner waits half a minute, and not for as long as somebody goes on.
    advance(36_000)
    expect(await attempt(right, 'ana', '192.0.2.1')).toBe('in')
  })

  test('for many accounts from one address hold up that address', async () => {
    const { attempt } = start()
    for (let n = 0; n < 300; n += 1) expect(await attempt(wrong, `user${n}`)).toBe('wrong')
    expect(await attempt(wrong, 'another')).toBe(12)
    expect(await attempt(wrong, 'another', '192.0.2.1')).toBe('wrong')
  })

  test('right ones cost nothing', async () => {
    const { attempt } = start()
    for (let n = 0; n < 1000; n += 1) expect(await attempt(right)).toBe('in')
  })

  test('trouble of the server is nobody’s failure', async () => {
    const { attempt } = start()
    const away = () => Promise.reject(new Error('the database is away'))
    for (let n = 0; n < 1000; n += 1) await expect(attempt(away)).rejects.toThrow('away')
    expect(await attempt(right)).toBe('in')
  })

  test('are forgotten after an hour', async () => {
    const { attempt, advance } = start()
    for (let n = 0; n < 5; n += 1) await attempt(wrong)
    advance(HOUR + 1001)
    for (let n = 0; n < 5; n += 1) expect(await attempt(wrong)).toBe('wrong')
  })

  test('a refusal names its variables and says when to try again', async () => {
    const { passwords, attempt } = start()
    for (let n = 0; n < 5; n += 1) await attempt(wrong)
    await expect(passwords.run({ account: 'ana', address: '198.51.100.7' }, right)).rejects.toThrow(
      /LIMIT_LOG_IN_FAILURES, LIMIT_LOG_IN_WAIT_SECONDS.*try again in 1 s/,
    )
  })

  test('however somebody times them, are tried from one address no more often than the waits allow', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 400_000 }), { minLength: 1, maxLength: 120 }),
        async (pauses) => {
          const { attempt, advance } = start()
          let [tried, elapsed] = [0, 0]
          for (const pause of pauses) {
            advance(pause)
            elapsed += pause
            if ((await attempt(wrong)) === 'wrong') tried += 1
          }
          // After n tries the waits between them were at least 1 + 2 + … s; none of the pauses lets them be forgotten.
          const waited = Array.from({ length: Math.max(0, tried - 5) }, (_, n) => Math.min(900, 2 ** n))
          expect(elapsed).toBeGreaterThanOrEqual(waited.reduce((a, b) => a + b, 0) * 1000)
        },
      ),
      { numRuns: 50 },
    )
  })
})
