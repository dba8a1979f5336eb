import { describe, expect, test } from 'vitest'
import { createTestDatabase } from '../kit/database.ts'
import { simulate } from './simulate.ts'

const STEPS = 250
/** Each of them kills the server, stops it in order and takes its database sessions away. */
const SEEDS = [4, 5, 8]
/** One that kills and stops the server within the fewer steps for which a slow one still settles in time. */
const SLOW_SEED = 14

describe('several people, bad networks and a dying server', () => {
  test.each(SEEDS)(
    '[L1–L8, C1–C3, N1, N3] seed %i: all replicas agree, nothing acknowledged is missing, nothing is doubled',
    async (seed) => {
      const database = await createTestDatabase()
      try {
        const { violations, counts, serverSaid } = await simulate(seed, STEPS, database.url)
        expect(violations, serverSaid.slice(-4_000)).toEqual([])
        expect(counts['said']).toBeGreaterThan(100)
        expect(counts['cuts']).toBeGreaterThan(5)
        expect(counts['device restarts']).toBeGreaterThan(1)
        for (const what of ['kills', 'stops', 'database sessions lost', 'heals', 'refused'])
          expect(counts[what], what).toBeGreaterThan(0)
        expect(counts['documents compared']).toBeGreaterThanOrEqual(3)
      } finally {
        await database.drop()
      }
    },
    150_000,
  )

  test('[C2, C4, N1] the same where everybody intends more than their rate allows, and outboxes wait through it all', async () => {
    const database = await createTestDatabase()
    try {
      const slow = { LIMIT_COMMANDS_PER_SECOND: '10', LIMIT_COMMANDS_BURST: '5' }
      const { violations, counts, serverSaid } = await simulate(SLOW_SEED, 120, database.url, slow)
      expect(violations, serverSaid.slice(-4_000)).toEqual([])
      for (const what of ['kills', 'stops', 'heals', 'refused']) expect(counts[what], what).toBeGreaterThan(0)
      expect(counts['said']).toBeGreaterThan(50)
    } finally {
      await database.drop()
    }
  }, 150_000)
})
