import { expect, test } from 'vitest'
import { keepTrying, watchSaving } from './saving.ts'
import { StoreError, type StoreFault } from './store.ts'
import { testClock } from '../testing/clock.ts'

const fails = (fault: StoreFault) => async (): Promise<void> => {
  throw new StoreError(fault, 'no')
}
const works = async (): Promise<void> => undefined

test('[C6] what was said here and is not kept stays the first thing to say, whatever else is kept meanwhile', async () => {
  const clock = testClock()
  const saving = watchSaving(clock)
  await saving.run(fails('quota'))
  expect(saving.state.get()).toEqual({ state: 'failing', what: 'history', fault: 'quota', at: clock.now() })
  expect(await saving.run(fails('failed'), 'own')).toBe('failed')
  await saving.run(fails('quota'))
  expect(saving.state.get()).toMatchObject({ what: 'own', fault: 'failed' })
  await saving.run(works)
  expect(saving.state.get()).toMatchObject({ what: 'own', fault: 'failed' })
  await saving.run(works, 'own')
  expect(saving.state.get()).toEqual({ state: 'sound' })
})

test('a read that failed is told, and what fails without a fault of the store is a defect', async () => {
  const saving = watchSaving(testClock())
  await expect(saving.reads(fails('corrupt'))).rejects.toMatchObject({ fault: 'corrupt' })
  expect(saving.state.get()).toMatchObject({ what: 'history', fault: 'corrupt' })
  const defect = new TypeError('a defect')
  await expect(saving.run(() => Promise.reject(defect))).rejects.toBe(defect)
})

test('[C6] what was not kept is tried again by itself, ever less often, until it is kept', async () => {
  const clock = testClock()
  const saving = watchSaving(clock)
  let isFull = true
  const tries: number[] = []
  const begin = clock.now()
  const end = keepTrying(saving, clock, () => {
    tries.push(clock.now() - begin)
    void saving.run(isFull ? fails('quota') : works)
  })
  await saving.run(fails('quota'))
  for (let second = 0; second < 200; second += 1) {
    clock.advance(1_000)
    await Promise.resolve()
  }
  expect(tries).toEqual([5_000, 15_000, 35_000, 75_000, 135_000, 195_000])
  isFull = false
  clock.advance(60_000)
  await expect.poll(() => saving.state.get().state).toBe('sound')
  clock.advance(600_000)
  expect(tries).toHaveLength(7)
  end()
})
