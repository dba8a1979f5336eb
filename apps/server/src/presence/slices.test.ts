import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Slices } from './slices.ts'

const noErrors = (error: unknown): void => {
  throw error
}

test('jobs are done one after the other, and what else there is to do goes in between', async () => {
  const done: string[] = []
  function* job(name: string, steps: number): Generator<void> {
    for (let step = 0; step < steps; step += 1) yield void done.push(name)
  }
  const slices = new Slices(noErrors)
  slices.add(job('a', 1_000))
  slices.add(job('b', 1_000))
  const between: number[] = []
  while (done.length < 2_000) {
    await turn()
    between.push(done.length)
  }
  expect(done).toEqual([...Array(1_000).fill('a'), ...Array(1_000).fill('b')])
  expect(between.length).toBeGreaterThan(5)
})

test('a job that fails ends, and the next one is done', async () => {
  const errors: unknown[] = []
  const done: string[] = []
  const slices = new Slices((error) => errors.push(error))
  slices.add(
    (function* failing(): Generator<void> {
      yield
      throw new Error('broken')
    })(),
  )
  slices.add(
    (function* sound(): Generator<void> {
      yield void done.push('next')
    })(),
  )
  while (done.length === 0) await turn()
  expect(errors).toEqual([new Error('broken')])
})

test('what came while nothing was left to do is done, too', async () => {
  const done: number[] = []
  const slices = new Slices(noErrors)
  for (let n = 0; n < 3; n += 1) {
    slices.add(
      (function* one(): Generator<void> {
        yield void done.push(n)
      })(),
    )
    while (done.length <= n) await turn()
    await turn()
  }
  expect(done).toEqual([0, 1, 2])
})
