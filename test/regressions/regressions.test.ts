import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { createTestDatabase } from '../kit/database.ts'
import { simulate } from '../sim/simulate.ts'

const kept = z.object({ seed: z.int(), steps: z.int() })

/** Seeds that failed once; `npm run soak` puts them here. */
const seeds = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.json'))
  .map((name) => kept.parse(JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'))))

test('every seed that failed once is well-formed', () => {
  expect(new Set(seeds.map(({ seed }) => seed)).size).toBe(seeds.length)
})

for (const { seed, steps } of seeds) {
  test(`seed ${seed}, which failed once, holds`, { timeout: 150_000 }, async () => {
    const database = await createTestDatabase()
    try {
      const { violations, serverSaid } = await simulate(seed, steps, database.url)
      expect(violations, serverSaid.slice(-4_000)).toEqual([])
    } finally {
      await database.drop()
    }
  })
}
