import type { Contestant } from '../contestants/contestant.ts'
import type { LoadProcess } from '../load/process.ts'
import type { Postgres } from '../postgres.ts'

/** What one contestant did in one run of a scenario, by the names of {@link Metric}. */
export type Figures = Readonly<Record<string, number>>

export interface Metric {
  readonly name: string
  readonly label: string
  readonly unit: 'ms' | 's' | 'µs' | '/s' | 'KB' | 'MB' | '%' | '×'
  /** Whether more is better, less is better, or it only explains the others. */
  readonly better: 'more' | 'less' | 'explains'
}

export interface Settings {
  /** Short and small: to see that everything works, not to measure. */
  readonly isQuick: boolean
}

/** What a scenario runs on: one server at a time, and the processes that load it. */
export interface Stage {
  readonly contestant: Contestant
  readonly postgres: Postgres
  readonly loads: readonly LoadProcess[]
  /** Where to put CPU profiles of the measured windows; undefined: none are taken. */
  readonly profileFolder: string | undefined
}

export interface Scenario {
  readonly letter: string
  readonly title: string
  /** How many load processes share the members. */
  readonly loadProcesses: number
  /** Whether the conversations of the first run serve the later ones: they take too long to fill. */
  readonly keepsDatabase?: boolean
  readonly metrics: readonly Metric[]
  run(stage: Stage, settings: Settings): Promise<Figures>
}

export const pause = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis))
