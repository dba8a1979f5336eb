import type { Limits, Millis } from '@parley/protocol'

/** Somebody was too fast: nothing was done, and the same may be asked again after `waitMillis`. */
export class RateLimited extends Error {
  override name = 'RateLimited'
  readonly waitMillis: Millis
  constructor(waitMillis: Millis, rule: string, variables: readonly string[]) {
    super(`${rule} (${variables.join(', ')}); try again in ${secondsOf(waitMillis)} s`)
    this.waitMillis = waitMillis
  }
}

/** As `Retry-After` says it: whole seconds, never fewer than it takes. */
export const secondsOf = (waitMillis: Millis): number => Math.max(1, Math.ceil(waitMillis / 1000))

/** A limit's variable: messageBytes → LIMIT_MESSAGE_BYTES. */
export const limitVariable = (limit: keyof Limits): string =>
  `LIMIT_${limit.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`
