import { expect, test } from 'vitest'
import { source } from '../observable.ts'
import { mayFetchHistory, pacedBy } from './pacing.ts'
import { shortRoom, type ShortRoom, watchRoom, withRoom } from './room.ts'
import type { Estimate } from '../ports.ts'
import { testClock } from '../testing/clock.ts'

const settle = () => new Promise((resolve) => setImmediate(resolve))

test('[C6] 20 MB, or a twentieth of little, are left for writing; what makes no sense says nothing', () => {
  expect(shortRoom({ usedBytes: 50e9, totalBytes: 100e9 })).toBeUndefined()
  expect(shortRoom({ usedBytes: 100e9 - 21e6, totalBytes: 100e9 })).toBeUndefined()
  expect(shortRoom({ usedBytes: 100e9 - 19e6, totalBytes: 100e9 })).toEqual({
    leftBytes: 19e6,
    totalBytes: 100e9,
  })
  expect(shortRoom({ usedBytes: 94e6, totalBytes: 100e6 })).toBeUndefined()
  expect(shortRoom({ usedBytes: 96e6, totalBytes: 100e6 })).toMatchObject({ leftBytes: 4e6 })
  expect(shortRoom({ usedBytes: 200, totalBytes: 100 })).toMatchObject({ leftBytes: 0 })
  for (const nonsense of [0, -1, Number.NaN, Infinity])
    expect(shortRoom({ usedBytes: 1, totalBytes: nonsense })).toBeUndefined()
})

test('room is looked at while something is written, and while it is short until it comes back', async () => {
  const clock = testClock()
  let asked = 0
  let answer: Estimate | Error = { usedBytes: 0, totalBytes: 100e6 }
  let written: () => void = () => undefined
  const result = source<ShortRoom | undefined>(undefined)
  const room = watchRoom({
    clock,
    result,
    archive: {
      onWritten: (listener) => {
        written = () => listener('' as never, [])
        return () => undefined
      },
    },
    estimate: async () => {
      asked += 1
      if (answer instanceof Error) throw answer
      return answer
    },
  })
  const pass = async (time: number) => {
    clock.advance(time)
    await settle()
  }
  await pass(0)
  await pass(600_000)
  expect(asked).toBe(1)
  const conditions = withRoom(undefined, result)
  expect(pacedBy(conditions.get())).toBeUndefined()
  for (let page = 0; page < 100; page += 1) written()
  answer = { usedBytes: 99e6, totalBytes: 100e6 }
  await pass(10_000)
  expect([asked, result.get()]).toEqual([2, { leftBytes: 1e6, totalBytes: 100e6 }])
  expect(pacedBy(conditions.get())).toBe('room')
  expect(mayFetchHistory(conditions.get(), true)).toBe(false)
  answer = { usedBytes: 10e6, totalBytes: 100e6 }
  await pass(60_000)
  expect([asked, result.get()]).toEqual([3, undefined])
  expect(pacedBy(conditions.get())).toBeUndefined()
  answer = new Error('not allowed')
  written()
  await pass(10_000)
  expect([asked, result.get()]).toEqual([4, undefined])
  room.close()
})
