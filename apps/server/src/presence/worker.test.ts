import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Worker } from './worker.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

/** Work that the test lets end. */
function heldWork() {
  const calls: PromiseWithResolvers<void>[] = []
  const troubles: unknown[] = []
  const worker = new Worker({
    work: () => {
      const call = Promise.withResolvers<void>()
      calls.push(call)
      return call.promise
    },
    onTrouble: (error) => troubles.push(error),
  })
  const settle = () => vi.advanceTimersByTimeAsync(0)
  return { calls, troubles, worker, settle }
}

test('one piece of work at a time, and one more for all that came up meanwhile', async () => {
  const { calls, worker, settle } = heldWork()
  worker.wake()
  worker.wake()
  worker.wake()
  expect(calls).toHaveLength(1)
  calls[0]?.resolve()
  await settle()
  expect(calls).toHaveLength(2)
  calls[1]?.resolve()
  await settle()
  expect(calls).toHaveLength(2)
})

test('whoever wakes it in the moment in which it ends is heard', async () => {
  const { calls, worker, settle } = heldWork()
  for (let moment = 0; moment < 8; moment += 1) {
    const before = calls.length
    worker.wake()
    expect(calls).toHaveLength(before + 1)
    calls.at(-1)?.resolve()
    for (let turn = 0; turn < moment; turn += 1) await Promise.resolve()
    worker.wake()
    await settle()
    expect(calls).toHaveLength(before + 2)
    calls.at(-1)?.resolve()
    await settle()
  }
})

test('after trouble it tries again by itself, ever more rarely, and not when woken', async () => {
  const { calls, troubles, worker } = heldWork()
  worker.wake()
  for (const [failures, pause] of [500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000].entries()) {
    calls.at(-1)?.reject(new Error('away'))
    await vi.advanceTimersByTimeAsync(0)
    worker.wake()
    await vi.advanceTimersByTimeAsync(pause - 1)
    expect(calls).toHaveLength(failures + 1)
    await vi.advanceTimersByTimeAsync(1)
    expect(calls).toHaveLength(failures + 2)
  }
  expect(troubles).toHaveLength(7)
  calls.at(-1)?.resolve()
  await vi.advanceTimersByTimeAsync(0)
  worker.wake()
  calls.at(-1)?.reject(new Error('away'))
  await vi.advanceTimersByTimeAsync(500)
  expect(calls).toHaveLength(10)
})

test('stopping waits for what is under way, and nothing follows', async () => {
  const { calls, worker, settle } = heldWork()
  worker.wake()
  worker.wake()
  let hasStopped = false
  const stopped = worker.stop().then(() => {
    hasStopped = true
  })
  await settle()
  expect(hasStopped).toBe(false)
  calls[0]?.resolve()
  await stopped
  worker.wake()
  await settle()
  expect(calls).toHaveLength(1)
})

test('stopping while it waits to try again ends that', async () => {
  const { calls, worker, settle } = heldWork()
  worker.wake()
  calls[0]?.reject(new Error('away'))
  await settle()
  await worker.stop()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(calls).toHaveLength(1)
})
