import fc from 'fast-check'
import type { Doors } from '../kit/doors.ts'
import { type Counts, Run } from './run.ts'
import { type Step, stories, storiesAtOnce } from './steps.ts'

export const KINDS = { 'one after the other': stories, 'at once': storiesAtOnce }
export type Kind = keyof typeof KINDS

export interface Told {
  readonly counts: Counts
  /** The shortest story found in which the server and the model part, and how. */
  readonly failure: { readonly steps: readonly Step[]; readonly message: string } | undefined
}

/** Tells as many stories as are asked for, all of them decided by the seed. */
export async function tell(
  doors: Doors,
  kind: Kind,
  { seed, runs }: { seed: number; runs: number },
): Promise<Told> {
  const counts: Counts = new Map()
  const result = await fc.check(
    fc.asyncProperty(KINDS[kind], (steps) => Run.tell(doors, steps, counts)),
    { seed, numRuns: runs },
  )
  const [steps] = result.counterexample ?? []
  const { errorInstance: error } = result
  const message = error instanceof Error ? error.message : String(error)
  return { counts, failure: steps === undefined ? undefined : { steps, message } }
}
