import type { Clock } from '../ports.ts'

/** A clock that stands still until it is told to go on. */
export interface TestClock extends Clock {
  /** Runs what is due within the next `delay` milliseconds, in its order. */
  advance(delay: number): void
  /** Somebody, or the network, has put it right or wrong: timers still take as long as they were to. */
  set(now: number): void
}

export function testClock(start = 1_000_000): TestClock {
  let now = start
  let timers: { at: number; run: () => void }[] = []
  return {
    now: () => now,
    after: (delay, run) => {
      const timer = { at: now + delay, run }
      timers.push(timer)
      return () => {
        timers = timers.filter((each) => each !== timer)
      }
    },
    set: (next) => {
      for (const timer of timers) timer.at += next - now
      now = next
    },
    advance: (delay) => {
      const end = now + delay
      for (;;) {
        const [next] = timers.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)
        if (next === undefined) break
        timers = timers.filter((each) => each !== next)
        now = next.at
        next.run()
      }
      now = end
    },
  }
}
