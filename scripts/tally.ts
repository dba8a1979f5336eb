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

const result = z.object({
  name: z.string(),
  status: z.string(),
  message: z.string().default(''),
  assertionResults: z
    .array(
      z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()).nullish() }),
    )
    .default([]),
})

/** The part of Vitest's JSON report that is counted. */
const report = z.object({
  numPassedTests: count,
  numFailedTests: count,
  numPendingTests: count,
  numTodoTests: count,
  success: z.boolean(),
  testResults: z.array(result).default([]),
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

/** What failed in a suite, each with its file and why: thousands of lines above, nobody finds it. */
export function failuresOf(reported: unknown, exitCode: number): readonly string[] {
  const parsed = report.safeParse(reported)
  if (!parsed.success) return ['there is no readable report']
  const failures = parsed.data.testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults
      .filter((test) => test.status === 'failed')
      .map(({ fullName, failureMessages }) => `${name}: ${fullName}\n${(failureMessages ?? []).join('\n')}`)
    return failed.length > 0 || status !== 'failed' ? failed : [`${name}: ${message}`]
  })
  return failures.length === 0 && exitCode !== 0 ? ['an error outside of every test'] : failures
}
