import { expect, test } from 'vitest'
import { mayFetchHistory, pacedBy } from './pacing.ts'

test('older history comes at once, a page at a time, or not at all, and there is a reason whenever it waits', () => {
  const answers = [false, true].flatMap((isMetered) =>
    [false, true].map((isBatteryLow) => {
      const conditions = { isMetered, isBatteryLow }
      return [pacedBy(conditions), mayFetchHistory(conditions, false), mayFetchHistory(conditions, true)]
    }),
  )
  expect(answers).toEqual([
    [undefined, true, true],
    ['battery', false, false],
    ['metered', false, true],
    ['battery', false, false],
  ])
})
