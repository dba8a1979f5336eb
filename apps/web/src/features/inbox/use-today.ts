import type { Preferences } from '@parley/protocol'
import { useEffect, useState } from 'react'

/** No timer takes more. */
const LONGEST_TIMER = 2 ** 31 - 1

/** A moment that is as good as now for what a list shows: it moves on with the day, and when muting ends. */
export function useToday({ mutedUntil }: Preferences): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const midnight = new Date(now).setHours(24, 0, 0, 0)
    const next = Math.min(midnight, ...[...mutedUntil.values()].filter((end) => end > now))
    const timer = setTimeout(
      () => setNow(Date.now()),
      Math.min(Math.max(next - Date.now(), 0) + 1, LONGEST_TIMER),
    )
    return () => clearTimeout(timer)
  }, [now, mutedUntil])
  return now
}
