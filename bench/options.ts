import { parseArgs } from 'node:util'
import type { Dialect } from './load/plan.ts'

export interface Options {
  readonly letters: readonly string[]
  readonly dialects: readonly Dialect[]
  readonly runs: number
  readonly isQuick: boolean
  readonly profileFolder: string | undefined
}

export const USAGE = `npm run bench -- [scenario letters, default: all] [options]
npm run bench -- device [--quick]  the device itself, in Chromium
npm run bench -- app [--quick]     the web app, in Chromium with its CPU slowed down
  --server parley|relay|floor   only these (may be given more than once)
  --runs N                      runs of each scenario (3)
  --quick                       short and small: to see that it works, not to measure
  --profile FOLDER              write a CPU profile of each server's measured window`

const DIALECTS: readonly Dialect[] = ['relay', 'floor', 'parley']

export function readOptions(args: readonly string[], known: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      server: { type: 'string', multiple: true },
      runs: { type: 'string', default: '3' },
      quick: { type: 'boolean', default: false },
      profile: { type: 'string' },
    },
  })
  const letters = positionals.map((letter) => letter.toUpperCase())
  const strange = letters.find((letter) => !known.includes(letter))
  if (strange !== undefined) throw new Error(`there is no scenario ${strange}, only ${known.join(' ')}`)
  const dialects = (values.server ?? DIALECTS).map((name) => {
    const dialect = DIALECTS.find((each) => each === name)
    if (dialect === undefined) throw new Error(`--server is one of ${DIALECTS.join(', ')}`)
    return dialect
  })
  const runs = Number(values.runs)
  if (!Number.isInteger(runs) || runs < 1) throw new Error('--runs is a number from 1')
  return {
    letters: letters.length > 0 ? letters : known,
    dialects,
    runs,
    isQuick: values.quick,
    profileFolder: values.profile,
  }
}
