import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { useDatabase } from '../kit/database.ts'
import { type Doors, openDoors } from '../kit/doors.ts'
import { MODEL_LIMITS } from '../model/prelude.ts'
import { Run } from '../model/run.ts'
import { step } from '../model/steps.ts'

const kept = z.strictObject({ why: z.string().min(1), steps: z.array(step).min(1) })
const folder = new URL('./model/', import.meta.url)
const names = existsSync(folder) ? readdirSync(folder) : []

/** Stories in which the server and the model parted once; `npm run soak:model` puts them here. */
const stories = names.map((name) => {
  const { why, steps } = kept.parse(JSON.parse(readFileSync(new URL(name, folder), 'utf8')))
  return { name: name.replace('.json', ''), why, steps }
})

const database = useDatabase()
let doors: Doors

beforeAll(async () => {
  doors = await openDoors({ pool: database.pool, databaseUrl: database.url, limits: MODEL_LIMITS })
})
afterAll(() => doors.close())

test('every story that failed once says why', () => {
  expect(new Set(stories.map(({ why }) => why)).size).toBe(stories.length)
})

for (const { name, why, steps } of stories) {
  test(`${name}, in which ${why}, holds`, { timeout: 60_000 }, () => Run.tell(doors, steps))
}
