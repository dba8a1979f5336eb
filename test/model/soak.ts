import { mkdir, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { openDoors } from '../kit/doors.ts'
import { openSoakPostgres } from '../kit/soak.ts'
import { MODEL_LIMITS } from './prelude.ts'
import { type Kind, KINDS, tell, type Told } from './tell.ts'

// The server against the model for a long time: `npm run soak:model -- --minutes 30 --seed 100`. Tells
// story after story until the time is over, or until one fails: that one is cut down and kept under
// test/regressions/model and told by the tests for ever.
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
})
const deadline = Date.now() + Number(values.minutes) * 60_000
const RUNS_A_SEED = 10
const say = (line: string): boolean => process.stdout.write(`${line}\n`)

const postgres = await openSoakPostgres()

try {
  for (let seed = Number(values.seed); ; seed++) {
    const failed = await inFreshDatabase(seed)
    if (failed !== undefined) {
      process.exitCode = 1
      await keep(failed)
      break
    }
    if (Date.now() >= deadline) break
  }
} finally {
  await postgres.stop()
}

type Failed = NonNullable<Told['failure']> & { readonly seed: number }

async function inFreshDatabase(seed: number): Promise<Failed | undefined> {
  return postgres.fresh(`parley_model_${process.pid}_${seed}`, (url) => storiesOf(seed, url))
}

async function storiesOf(seed: number, databaseUrl: string): Promise<Failed | undefined> {
  const pool = new pg.Pool({ connectionString: databaseUrl })
  // Its sessions may still be on their way out when the database is dropped.
  pool.on('error', () => undefined)
  const doors = await openDoors({ pool, databaseUrl, limits: MODEL_LIMITS })
  try {
    for (const kind of Object.keys(KINDS) as Kind[]) {
      const startedAt = performance.now()
      const { counts, failure } = await tell(doors, kind, { seed, runs: RUNS_A_SEED })
      const done = [...counts].map(([what, count]) => `${what}: ${count}`).toSorted()
      say(`seed ${seed}, ${kind}: ${Math.round(performance.now() - startedAt)} ms, ${done.join(', ')}`)
      if (failure !== undefined) return { ...failure, seed }
    }
    return undefined
  } finally {
    await doors.close()
    await pool.end()
  }
}

async function keep({ seed, steps, message }: Failed): Promise<void> {
  const folder = new URL('../regressions/model/', import.meta.url)
  await mkdir(folder, { recursive: true })
  const file = new URL(`seed-${seed}.json`, folder)
  const [why] = message.split('\n\n')
  await writeFile(file, `${JSON.stringify({ why, steps }, undefined, 2)}\n`)
  say(
    `kept in test/regressions/model/seed-${seed}.json; commit it, under a name that says what it is about, with the mend\n${message}`,
  )
}
