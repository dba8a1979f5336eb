import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { DEFAULT_LIMITS } from '@parley/protocol'
import { createRates } from '../limits/rates.ts'
import { Intake } from './intake.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

function start(limits: { framesPerSecond: number; framesBurst: number }) {
  const { frames } = createRates({ limits: { ...DEFAULT_LIMITS, ...limits }, now: Date.now })
  const socket = () => {
    const received: number[] = []
    let isPaused = false
    const intake = new Intake({
      socket: {
        pause: () => {
          isPaused = true
        },
        resume: () => {
          isPaused = false
        },
      },
      frames,
      key: () => 'mallory',
      receive: (frame) => received.push(frame[0] ?? -1),
    })
    return { intake, received, isPaused: () => isPaused }
  }
  return { socket }
}

const frame = (n: number, bytes = 1): Uint8Array => new Uint8Array(bytes).fill(n)

describe('[S5] a flood of frames', () => {
  test('is taken as fast as its sender may send, in order, and meanwhile the socket is not read', () => {
    const { intake, received, isPaused } = start({ framesPerSecond: 10, framesBurst: 20 }).socket()
    for (let n = 0; n < 100; n += 1) intake.take(frame(n))
    expect(received).toHaveLength(20)
    expect(isPaused()).toBe(true)
    vi.advanceTimersByTime(1000)
    expect(received).toHaveLength(30)
    expect(isPaused()).toBe(true)
    vi.advanceTimersByTime(7000)
    expect(received).toEqual(Array.from({ length: 100 }, (_, n) => n))
    expect(isPaused()).toBe(false)
  })

  test('over several sockets of one sender is no faster', () => {
    const { socket } = start({ framesPerSecond: 10, framesBurst: 20 })
    const sockets = [socket(), socket(), socket()]
    for (const { intake } of sockets) for (let n = 0; n < 50; n += 1) intake.take(frame(n))
    vi.advanceTimersByTime(3000)
    const taken = sockets.reduce((sum, { received }) => sum + received.length, 0)
    expect(taken).toBeLessThanOrEqual(20 + 30)
    expect(taken).toBeGreaterThan(40)
  })

  test('large frames count for more, and one larger than a burst still comes through', () => {
    const { intake, received } = start({ framesPerSecond: 10, framesBurst: 20 }).socket()
    intake.take(frame(1, 8 * 1024 * 1024))
    intake.take(frame(2, 160 * 1024))
    expect(received).toEqual([1])
    vi.advanceTimersByTime(1099)
    expect(received).toEqual([1])
    vi.advanceTimersByTime(1)
    expect(received).toEqual([1, 2])
  })

  test('that was not taken when its socket ends is dropped', () => {
    const { intake, received } = start({ framesPerSecond: 10, framesBurst: 1 }).socket()
    for (let n = 0; n < 9; n += 1) intake.take(frame(n))
    intake.close()
    vi.advanceTimersByTime(60_000)
    expect(received).toEqual([0])
    expect(vi.getTimerCount()).toBe(0)
  })
})
