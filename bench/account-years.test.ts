import { expect, test } from 'vitest'
import { live } from './account-years/life.ts'
import { memoryServer } from './account-years/server.ts'

test(
  'after ten years of daily use connecting takes less than 20 KB, and a device that was away for them delivers what it had [C1] [C2]',
  { timeout: 300_000 },
  async () => {
    const server = memoryServer()
    // As many page loads as three devices make; fewer words in each, so that it takes seconds.
    const { years, given, givenAway } = await live({
      server,
      years: 10,
      devices: 3,
      loadsADay: 2,
      messagesADay: 6,
      readsADay: 18,
      draftsADay: 3,
    })
    expect(years.at(-1)?.pageLoads).toBe(1 + 10 * 365 * 6)
    expect(Math.max(...years.map(({ dearest }) => dearest))).toBeLessThan(20_000)
    expect(Math.max(...years.flatMap(({ upToDate, fresh }) => [upToDate, fresh]))).toBeLessThan(20_000)
    // Often enough for it to be of use, and not all the time.
    expect(years.at(-1)?.generations).toBeGreaterThan(50)
    expect(years.at(-1)?.generations).toBeLessThan(3_650)
    expect(server.taken).toEqual([...given, ...givenAway])
  },
)
