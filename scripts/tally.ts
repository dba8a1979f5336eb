import { z } from 'zod'

/** What became of the tests of one or several suites. */
export interface Tally {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

export const NOTHING: Tally = { passed: 0, failed: 0, skipped: 0 }

export const add = (a: Tally, b: Tally): Tally => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
})

/** The last line of `npm test`, which others read: its form is fixed. */
export const inWords = ({ passed, failed, skipped }: Tally): string =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`

const count = z.int().nonnegative()

/** The part of Vitest's JSON report that is counted. */
const report = z.object({
  numPassedTests: count,
  numFailedTests: count,
  numPendingTests: count,
  numTodoTests: count,
  success: z.boolean(),
})

/**
 * Counts a suite from its own report. A suite that ended badly has failed at least once, also when
 * no test says so: a file that could not be loaded, an error outside of every test, no report at all.
 */
export function tallyOf(reported: unknown, exitCode: number): Tally {
  const parsed = report.safeParse(reported)
  if (!parsed.success) return { ...NOTHING, failed: 1 }
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, success } = parsed.data
  const isBad = !success || exitCode !== 0
  return {
    passed: numPassedTests,
    failed: Math.max(numFailedTests, isBad ? 1 : 0),
    skipped: numPendingTests + numTodoTests,
  }
}

/** Whether `npm test` may end well: something ran, nothing failed, and nothing is missing that must not be. */
export const isGood = ({ passed, failed }: Tally, missing: readonly string[], requireAll: boolean): boolean =>
  passed > 0 && failed === 0 && (!requireAll || missing.length === 0)
