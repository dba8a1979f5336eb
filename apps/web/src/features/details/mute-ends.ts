import { type Millis, MUTED_FOREVER } from '@parley/protocol'

/** For how long somebody wants quiet. */
export const MUTES = ['hour', 'eight-hours', 'tomorrow', 'forever'] as const
export type Mute = (typeof MUTES)[number]

const HOUR: Millis = 3_600_000
/** When a day begins for somebody who wants quiet until tomorrow. */
const MORNING = 8

/** When it ends; tomorrow is one by the calendar, and not 24 hours from now: clocks are put forward and back. */
export function muteEnd(mute: Mute, now: Millis): Millis {
  switch (mute) {
    case 'hour':
      return now + HOUR
    case 'eight-hours':
      return now + 8 * HOUR
    case 'tomorrow': {
      const day = new Date(now)
      return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1, MORNING).getTime()
    }
    case 'forever':
      return MUTED_FOREVER
  }
}
