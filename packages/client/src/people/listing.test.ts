import { expect, test } from 'vitest'
import { openListing } from './listing.ts'
import { testClock } from '../testing/clock.ts'

const settle = () => new Promise((resolve) => setImmediate(resolve))

/** A list whose answers the test gives. */
function open() {
  const clock = testClock()
  const answers: ((result: 'done' | 'again' | 'later') => void)[] = []
  const state = { asked: 0, isLive: true }
  const listing = openListing({
    ask: () => {
      state.asked += 1
      return new Promise((resolve) => answers.push(resolve))
    },
    clock,
    random: () => 0,
    isLive: () => state.isLive,
  })
  return {
    clock,
    listing,
    state,
    answer: async (result: 'done' | 'again' | 'later') => {
      answers.shift()?.(result)
      await settle()
    },
  }
}

test('a list that is wanted a hundred times is asked for once, and once more for what changed meanwhile', async () => {
  const { clock, listing, state, answer } = open()
  for (let n = 0; n < 100; n += 1) listing.want()
  expect(state.asked).toBe(1)
  await answer('done')
  clock.advance(999)
  expect(state.asked).toBe(1)
  clock.advance(1)
  expect(state.asked).toBe(2)
  await answer('done')
  clock.advance(60_000)
  expect(state.asked).toBe(2)
})

test('an answer that is older than what is known is asked for again', async () => {
  const { clock, listing, state, answer } = open()
  listing.want()
  await answer('again')
  clock.advance(1000)
  expect(state.asked).toBe(2)
})

test('[C4] without an answer it is asked again, later each time; with a new connection at once', async () => {
  const { clock, listing, state, answer } = open()
  listing.want()
  for (const [index, wait] of [1000, 1000, 2000, 4000].entries()) {
    await answer('later')
    clock.advance(wait - 1)
    await settle()
    expect(state.asked).toBe(index + 1)
    clock.advance(1)
    await settle()
    expect(state.asked).toBe(index + 2)
  }
  state.isLive = false
  await answer('later')
  clock.advance(10 * 60_000)
  await settle()
  expect(state.asked).toBe(5)
  state.isLive = true
  listing.refresh()
  expect(state.asked).toBe(6)
})

test('a list that is closed asks no more', async () => {
  const { clock, listing, state, answer } = open()
  listing.want()
  listing.want()
  listing.close()
  await answer('done')
  clock.advance(60_000)
  listing.want()
  expect(state.asked).toBe(1)
})
