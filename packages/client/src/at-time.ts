import type { Millis } from '@parley/protocol'
import type { Clock } from './ports.ts'

/**
 * Calls `run` once, not before the clock says `at`; the answer cancels it. A timer may fire a
 * millisecond early by the clock: whoever asks then whether it is time hears "no", and if nobody
 * asked again, a device would wait for ever.
 */
export function atTime(clock: Clock, at: Millis, run: () => void): () => void {
  let cancel: () => void = () => undefined
  const arm = (): void => {
    cancel = clock.after(Math.max(0, at - clock.now()), () => (clock.now() < at ? arm() : run()))
  }
  arm()
  return () => cancel()
}
