import type { Millis } from '@parley/protocol'
import type { Conditions } from '../ports.ts'

/** Why older history is held back. */
export type Paced = 'metered' | 'battery' | 'room'

/** A page of older history in this time, on a connection that is paid for by what goes over it: some 50 MB a day. */
export const METERED_RESTS: Millis = 60_000

export const UNRESTRICTED: Conditions = { isMetered: false, isBatteryLow: false }

/** What was missed and what somebody wants to see is fetched at all times: only older history can wait. */
export function pacedBy({ isMetered, isBatteryLow, isRoomShort }: Conditions): Paced | undefined {
  // The only one that waiting does not cure.
  if (isRoomShort === true) return 'room'
  // An empty battery ends everything, and waits less long than a plan with few gigabytes.
  if (isBatteryLow) return 'battery'
  return isMetered ? 'metered' : undefined
}

/** Whether a page of older history may be fetched now. `hasRested`: the last was longer ago than `METERED_RESTS`. */
export function mayFetchHistory(conditions: Conditions, hasRested: boolean): boolean {
  switch (pacedBy(conditions)) {
    case undefined:
      return true
    case 'metered':
      return hasRested
    case 'battery':
    case 'room':
      return false
  }
}
