import { expect, test } from 'vitest'
import { atTime } from './at-time.ts'
import type { Clock } from './ports.ts'

/** A clock whose timers all fire a millisecond early, as real ones now and then do. */
function earlyClock() {
  let now = 1000
  let pending: (() => void) | undefined
  const clock: Clock = {
    now: () => now,
    after: (delay, run) => {
      pending = () => {
        now += Math.max(0, delay - 1)
        run()
      }
      return () => (pending = undefined)
    },
  }
  const fire = (): boolean => {
    const run = pending
    pending = undefined
    run?.()
    return run !== undefined
  }
  return { clock, fire, tick: () => (now += 1) }
}

test('a timer that fires early is set again, and nothing runs before its time', () => {
  const { clock, fire, tick } = earlyClock()
  const ranAt: number[] = []
  atTime(clock, 1500, () => ranAt.push(clock.now()))
  fire()
  expect(ranAt).toEqual([])
  tick()
  fire()
  expect(ranAt).toEqual([1500])
  expect(fire()).toBe(false)
})

test('cancelled, also after it was set again, it never runs', () => {
  const { clock, fire } = earlyClock()
  let runs = 0
  const cancel = atTime(clock, 1500, () => (runs += 1))
  fire()
  cancel()
  expect(fire()).toBe(false)
  expect(runs).toBe(0)
})
