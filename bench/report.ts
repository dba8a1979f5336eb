import { mkdir, writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import type { Dialect } from './load/plan.ts'
import type { Options } from './options.ts'
import type { Figures, Metric, Scenario } from './scenarios/scenario.ts'
import { median } from './statistics.ts'

export interface Result {
  readonly scenario: Scenario
  readonly runs: readonly Partial<Record<Dialect, Figures>>[]
}

export interface Circumstances extends Options {
  readonly postgresVersion: string
}

/** Short bursts of a desktop or a container host are in every run; a program that computes is not. */
const QUIET_PERCENT = 25

const BASELINES: readonly Dialect[] = ['relay', 'floor']

/** Prints the table and, unless it was only a trial, writes it with every run's figures to bench/results. */
export async function report(
  results: readonly Result[],
  circumstances: Circumstances,
  say: (line: string) => void,
): Promise<void> {
  const text = render(results, circumstances)
  say(`\n${text}\n`)
  if (circumstances.isQuick) return
  const folder = new URL('./results/', import.meta.url)
  await mkdir(folder, { recursive: true })
  const day = new Date().toISOString().slice(0, 10)
  const set = circumstances.letters.join('').toLowerCase()
  const name = `${day}-${set}`
  await writeFile(new URL(`${name}.md`, folder), `${text}\n`)
  await writeFile(
    new URL(`${name}.json`, folder),
    `${JSON.stringify(record(results, circumstances), null, 2)}\n`,
  )
  say(`written to bench/results/${name}.md and .json`)
}

function render(results: readonly Result[], { runs, isQuick, postgresVersion }: Circumstances): string {
  const [cpu] = cpus()
  return [
    `# Benchmark of ${new Date().toISOString().slice(0, 10)}${isQuick ? ' (quick: shows that it works, measures nothing)' : ''}`,
    '',
    `${cpus().length} cores (${cpu?.model.trim() ?? 'unknown'}) for everything: server, PostgreSQL ${postgresVersion} and load; ` +
      `${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}. Medians of ${runs} run${runs === 1 ? '' : 's'}; ` +
      'a ratio is Parley against the baseline within a run, and the median of those.',
    ...(noise(results) > QUIET_PERCENT
      ? [
          '',
          `**The machine was not quiet: other programs took up to ${Math.round(noise(results))} % of a core. Do not trust these figures.**`,
        ]
      : []),
    ...results.flatMap((result) => [
      '',
      `## ${result.scenario.letter} ${result.scenario.title}`,
      '',
      ...table(result),
    ]),
  ].join('\n')
}

/** The most that other programs took of a core in any measured window, in percent. */
const noise = (results: readonly Result[]): number =>
  Math.max(
    0,
    ...results.flatMap(({ runs }) =>
      runs.flatMap((run) =>
        Object.values(run).flatMap((figures) =>
          Object.entries(figures).map(([name, value]) => (name.startsWith('othersBusy') ? value : 0)),
        ),
      ),
    ),
  )

function table({ scenario, runs }: Result): string[] {
  const present = (['parley', ...BASELINES] as const).filter((dialect) =>
    runs.some((run) => run[dialect] !== undefined),
  )
  const against = present.includes('parley') ? present.filter((dialect) => dialect !== 'parley') : []
  const rows = scenario.metrics.map((metric) => [
    `${metric.label}, ${metric.unit}`,
    ...present.map((dialect) => shown(middle(runs, dialect, metric))),
    ...against.map((dialect) =>
      metric.better === 'explains' ? '' : `${shown(ratio(runs, dialect, metric))} ×`,
    ),
  ])
  return aligned([['', ...present, ...against.map((dialect) => `of ${dialect}`)], ...rows])
}

const figuresOf = (runs: Result['runs'], dialect: Dialect, { name }: Metric): number[] =>
  runs.map((run) => run[dialect]?.[name] ?? NaN).filter((value) => !Number.isNaN(value))

const middle = (runs: Result['runs'], dialect: Dialect, metric: Metric): number =>
  median(figuresOf(runs, dialect, metric))

function ratio(runs: Result['runs'], baseline: Dialect, { name }: Metric): number {
  return median(
    runs
      .map((run) => (run.parley?.[name] ?? NaN) / (run[baseline]?.[name] ?? NaN))
      .filter((value) => Number.isFinite(value)),
  )
}

function shown(value: number): string {
  if (Number.isNaN(value)) return '–'
  if (value >= 100) return Math.round(value).toLocaleString('en')
  return value.toFixed(value >= 10 ? 1 : 2)
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length), 3),
  )
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`
  const [head = [], ...body] = rows
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`
  return [line(head), rule, ...body.map(line)]
}

const record = (results: readonly Result[], circumstances: Circumstances): object => ({
  at: new Date().toISOString(),
  node: process.versions.node,
  postgres: circumstances.postgresVersion,
  cores: cpus().length,
  cpu: cpus()[0]?.model,
  isQuick: circumstances.isQuick,
  scenarios: results.map(({ scenario, runs }) => ({
    letter: scenario.letter,
    title: scenario.title,
    metrics: scenario.metrics,
    runs,
    medians: Object.fromEntries(
      (['parley', ...BASELINES] as const).map((dialect) => [
        dialect,
        Object.fromEntries(scenario.metrics.map((metric) => [metric.name, middle(runs, dialect, metric)])),
      ]),
    ),
    ratios: Object.fromEntries(
      BASELINES.map((baseline) => [
        baseline,
        Object.fromEntries(scenario.metrics.map((metric) => [metric.name, ratio(runs, baseline, metric)])),
      ]),
    ),
  })),
})
