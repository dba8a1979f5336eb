import type { Millis } from '@parley/protocol'
import { useEffect, useState } from 'react'

/** No timer takes more. */
const LONGEST_TIMER: Millis = 2 ** 31 - 1

/**
 * A moment that is as good as now for what is shown: it moves on when the next one has come that makes a difference.
 * `nextAfter`: which that is; undefined: none does.
 */
export function useMoment(nextAfter: (moment: Millis) => Millis | undefined): Millis {
  const [moment, setMoment] = useState(Date.now)
  const next = nextAfter(moment)
  useEffect(() => {
    if (next === undefined) return
    // Timers may be a little early.
    const wait = Math.max(next - Date.now(), 0) + 1
    const timer = setTimeout(() => setMoment(Date.now()), Math.min(wait, LONGEST_TIMER))
    return () => clearTimeout(timer)
    // After the longest of timers, another one.
  }, [moment, next])
  return moment
}
