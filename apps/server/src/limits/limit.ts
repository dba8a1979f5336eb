import type { Millis } from '@parley/protocol'
import { Pace, type Rate } from './pace.ts'
import type { RateLimited } from './rate-limited.ts'

/** A pace with the words for who exceeds it. */
export class Limit extends Pace {
  readonly #refusal: (wait: Millis) => RateLimited
  readonly #onLimited: () => void

  constructor(rate: Rate, now: () => Millis, refusal: (wait: Millis) => RateLimited, onLimited: () => void) {
    super(rate, now)
    this.#refusal = refusal
    this.#onLimited = onLimited
  }

  /** Takes `cost`, or throws {@link RateLimited} and takes nothing. */
  demand(key: string, cost = 1): void {
    const wait = this.ask(key, cost)
    if (wait > 0) throw this.exceeded(wait)
  }

  exceeded(wait: Millis): RateLimited {
    this.#onLimited()
    return this.#refusal(wait)
  }

  /** Counts that somebody has to wait, where nothing is refused. */
  noteLimited(): void {
    this.#onLimited()
  }
}
