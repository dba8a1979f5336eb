import { expect, test } from 'vitest'
import { watchSaving } from './saving.ts'
import { StoreError, type StoreFault } from './store.ts'
import { testClock } from './testing/clock.ts'

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
