import type { Millis } from '@parley/protocol'
import type { Visit } from '../../platform/visits.ts'

interface Facts {
  readonly visit: Pick<Visit, 'cameAt' | 'leftAt'>
  /**
   * By the server: until when the person's devices were connected before this connection. That can be long after they
   * went: a window that is open on another machine, or a line whose break the server noticed late.
   */
  readonly lastActiveAt: Millis | undefined
  /** When the first of what is new was said; undefined: nothing of it is here yet. */
  readonly firstNewAt: Millis | undefined
}

/** Shorter than this nobody was away. */
const AWAY_MILLIS: Millis = 60_000
/** So far the clocks of the server and of this device may be apart. */
const CLOCK_SLACK: Millis = 2 * 60_000

/**
 * Since when what is new here is new, as "since you were here" means it: said after the person went, and before they
 * came back. Undefined where that is not so, or not known: it is called new, and nothing more.
 */
export function newSince({ visit, lastActiveAt, firstNewAt }: Facts): Millis | undefined {
  const { cameAt, leftAt } = visit
  if (firstNewAt === undefined || firstNewAt > cameAt + CLOCK_SLACK) return undefined
  const until = Math.min(firstNewAt, cameAt - AWAY_MILLIS)
  const times = [leftAt, lastActiveAt].filter((at) => at !== undefined).filter((at) => at <= until)
  return times.length === 0 ? undefined : Math.max(...times)
}
