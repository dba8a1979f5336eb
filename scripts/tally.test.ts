import { expect, test } from 'vitest'
import { add, failuresOf, inWords, isGood, tallyOf } from './tally.ts'

const good = { numPassedTests: 5, numFailedTests: 0, numPendingTests: 1, numTodoTests: 1, success: true }

test('the last line has its fixed form', () => {
  expect(inWords(add(tallyOf(good, 0), { passed: 1, failed: 2, skipped: 3 }))).toBe(
    '6 passed, 2 failed, 5 skipped',
  )
})

test.each([
  ['a test failed', { ...good, numFailedTests: 2, success: false }, 1, 2],
  ['a file could not be loaded', { ...good, success: false }, 1, 1],
  ['an error came from outside of every test', good, 1, 1],
  ['the report is missing', undefined, 1, 1],
  ['the report is missing, and all claims to be well', undefined, 0, 1],
])('%s: that is counted as failed', (_what, report, exitCode, failed) => {
  const tally = tallyOf(report, exitCode)
  expect(tally.failed).toBe(failed)
  expect(isGood(tally, [], false)).toBe(false)
})

test('nothing that ran is not success', () => {
  expect(isGood(tallyOf({ ...good, numPassedTests: 0 }, 0), [], false)).toBe(false)
})

test('what could not be run fails only where everything is required', () => {
  expect(isGood(tallyOf(good, 0), ['no Chromium'], false)).toBe(true)
  expect(isGood(tallyOf(good, 0), ['no Chromium'], true)).toBe(false)
  expect(isGood(tallyOf(good, 0), [], true)).toBe(true)
})

test('what failed is named with its file and why, also where no test says so', () => {
  const bad = {
    ...good,
    success: false,
    testResults: [
      {
        name: 'a.test.ts',
        status: 'failed',
        assertionResults: [
          { fullName: 'holds', status: 'passed', failureMessages: [] },
          { fullName: 'breaks', status: 'failed', failureMessages: ['expected 1 to be 2'] },
        ],
      },
      { name: 'b.test.ts', status: 'failed', message: 'cannot be loaded', assertionResults: [] },
      { name: 'c.test.ts', status: 'passed', assertionResults: [] },
    ],
  }
  expect(failuresOf(bad, 1)).toEqual(['a.test.ts: breaks\nexpected 1 to be 2', 'b.test.ts: cannot be loaded'])
  expect(failuresOf(good, 0)).toEqual([])
  expect(failuresOf(good, 1)).toEqual(['an error outside of every test'])
  expect(failuresOf(undefined, 0)).toEqual(['there is no readable report'])
})
