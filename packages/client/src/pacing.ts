import type { Millis } from '@parley/protocol'
import type { Conditions } from './ports.ts'

/** Why older history is held back. */
export type Paced = 'metered' | 'battery'

/** A page of older history in this time, on a connection that is paid for by what goes over it: some 50 MB a day. */
export const METERED_RESTS: Millis = 60_000

export const UNRESTRICTED: Conditions = { isMetered: false, isBatteryLow: false }

/** What was missed and what somebody wants to see is fetched at all times: only older history can wait. */
export function pacedBy({ isMetered, isBatteryLow }: Conditions): Paced | undefined {
  // An empty battery ends everything, and waits less long than a plan with few gigabytes.
  if (isBatteryLow) return 'battery'
  return isMetered ? 'metered' : undefined
}

/** How long the next page of older history has to wait, `sinceLast` after the last; undefined: until conditions change. */
export function historyWaits(conditions: Conditions, sinceLast: Millis): Millis | undefined {
  switch (pacedBy(conditions)) {
    case undefined:
      return 0
    case 'metered':
      return Math.max(0, METERED_RESTS - Math.max(0, sinceLast))
    case 'battery':
      return undefined
  }
}
