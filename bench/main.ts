import { measureApp } from './app/main.ts'
import { startFloor } from './contestants/floor.ts'
import { startParley } from './contestants/parley.ts'
import { startRelay } from './contestants/relay.ts'
import type { Contestant } from './contestants/contestant.ts'
import { measureDevice } from './device/main.ts'
import { type Dialect } from './load/plan.ts'
import { LoadProcess } from './load/process.ts'
import { type Options, readOptions, USAGE } from './options.ts'
import { Postgres } from './postgres.ts'
import { type Result, report } from './report.ts'
import { SCENARIOS } from './scenarios/all.ts'
import type { Figures, Scenario } from './scenarios/scenario.ts'

/** Runs the scenarios against each contestant, one at a time, and reports (README.md). */
const say = (line: string): void => void process.stdout.write(`${line}\n`)

async function main(options: Options): Promise<void> {
  const postgres = await Postgres.start()
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => stop.abort(new Error(signal)))
  try {
    const results: Result[] = []
    for (const scenario of SCENARIOS.filter(({ letter }) => options.letters.includes(letter))) {
      say(`${scenario.letter}  ${scenario.title}`)
      results.push({ scenario, runs: await runScenario(scenario, postgres, options, stop.signal) })
    }
    await report(results, { ...options, postgresVersion: postgres.version }, say)
  } finally {
    await postgres.stop()
  }
}

async function runScenario(
  scenario: Scenario,
  postgres: Postgres,
  options: Options,
  stop: AbortSignal,
): Promise<Partial<Record<Dialect, Figures>>[]> {
  const kept = new Map<Dialect, string>()
  const runs: Partial<Record<Dialect, Figures>>[] = []
  for (let run = 0; run < options.runs; run += 1) {
    // Whoever comes first finds a cooler machine: each run another one.
    const order = options.dialects.map((_, place, all) => all[(place + run) % all.length] ?? 'parley')
    const figures: Partial<Record<Dialect, Figures>> = {}
    for (const dialect of order) {
      stop.throwIfAborted()
      const started = performance.now()
      const database = kept.get(dialect) ?? (await postgres.newDatabase())
      figures[dialect] = await runOnce(scenario, dialect, database, postgres, options)
      if (scenario.keepsDatabase === true) kept.set(dialect, database)
      else await postgres.drop(database)
      say(
        `   run ${run + 1} ${dialect.padEnd(6)} ${((performance.now() - started) / 1000).toFixed(1)} s  ${headline(scenario, figures[dialect])}`,
      )
    }
    runs.push(figures)
  }
  for (const database of kept.values()) await postgres.drop(database)
  return runs
}

async function runOnce(
  scenario: Scenario,
  dialect: Dialect,
  database: string,
  postgres: Postgres,
  options: Options,
): Promise<Figures> {
  const contestant = await start(dialect, database)
  const loads = Array.from({ length: scenario.loadProcesses }, () => new LoadProcess())
  try {
    return await scenario.run({ contestant, postgres, loads, profileFolder: options.profileFolder }, options)
  } finally {
    await Promise.all(loads.map((load) => load.end()))
    await contestant.stop()
  }
}

function start(dialect: Dialect, database: string): Promise<Contestant> {
  switch (dialect) {
    case 'parley':
      return startParley(database)
    case 'relay':
      return startRelay()
    case 'floor':
      return startFloor(database)
  }
}

const headline = ({ metrics }: Scenario, figures: Figures): string =>
  metrics
    .map(({ name, label, unit }) => `${label} ${(figures[name] ?? NaN).toPrecision(4)} ${unit}`)
    .join(', ')

try {
  const [first, ...rest] = process.argv.slice(2)
  if (first === 'device') await measureDevice(rest.includes('--quick'))
  else if (first === 'app') await measureApp(rest.includes('--quick'))
  else
    await main(
      readOptions(
        process.argv.slice(2),
        SCENARIOS.map(({ letter }) => letter),
      ),
    )
} catch (error) {
  process.stderr.write(
    `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n\n${USAGE}\n`,
  )
  process.exitCode = 1
}
