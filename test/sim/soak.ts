import { mkdir, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { openSoakPostgres } from '../kit/soak.ts'
import { type Simulated, simulate } from './simulate.ts'

// The long simulation: `npm run soak -- --minutes 30 --seed 100 --steps 800`. Runs seed after seed
// until the time is over, or until one fails: that one is kept under test/regressions and replayed
// by the tests for ever.
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    steps: { type: 'string', default: '600' },
  },
})
const deadline = Date.now() + Number(values.minutes) * 60_000
const steps = Number(values.steps)
const say = (line: string): boolean => process.stdout.write(`${line}\n`)

const postgres = await openSoakPostgres()

try {
  const total: Record<string, number> = {}
  for (let seed = Number(values.seed), runs = 1; runs === 1 || Date.now() < deadline; seed++, runs++) {
    const startedAt = performance.now()
    const run = await inFreshDatabase(seed, steps)
    for (const [what, count] of Object.entries(run.counts)) total[what] = (total[what] ?? 0) + count
    say(
      `seed ${seed}: ${run.violations.length} violations, ${Math.round(performance.now() - startedAt)} ms, ${run.counts['said'] ?? 0} said`,
    )
    if (run.violations.length > 0) {
      process.exitCode = 1
      const smallest = await minimise(run)
      await keep(smallest)
      break
    }
    if (Date.now() >= deadline) say(`${runs} runs without a violation: ${JSON.stringify(total)}`)
  }
} finally {
  await postgres.stop()
}

interface Failed extends Simulated {
  readonly steps: number
}

async function inFreshDatabase(seed: number, count: number): Promise<Failed> {
  const run = await postgres.fresh(`parley_soak_${process.pid}_${seed}_${count}`, (url) =>
    simulate(seed, count, url),
  )
  return { ...run, steps: count }
}

/** The same seed with half the steps, as long as it still fails. */
async function minimise(failed: Failed): Promise<Failed> {
  if (failed.steps <= 20) return failed
  const half = await inFreshDatabase(failed.seed, Math.floor(failed.steps / 2))
  return half.violations.length > 0 ? minimise(half) : failed
}

async function keep({ seed, steps: count, violations, serverSaid }: Failed): Promise<void> {
  const folder = new URL('../regressions/', import.meta.url)
  await mkdir(folder, { recursive: true })
  const file = new URL(`seed-${seed}.json`, folder)
  await writeFile(
    file,
    `${JSON.stringify({ seed, steps: count, violations: violations.slice(0, 5) }, undefined, 2)}\n`,
  )
  say(
    `kept in test/regressions/seed-${seed}.json; commit it with the mend\n${violations.slice(0, 20).join('\n')}\n\nthe server said:\n${serverSaid.slice(-4_000)}`,
  )
}
