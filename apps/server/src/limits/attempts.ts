import type { Millis } from '@parley/protocol'
import { LRUCache } from 'lru-cache'
import type { Limit } from './limit.ts'
import { limitVariable, RateLimited } from './rate-limited.ts'

/** Who tries a password, and for what: the account as it was named, whether there is one or not. */
export interface Attempt {
  readonly address: string
  readonly account: string
}

export interface AttemptsOptions {
  /** Wrong ones for one account from one address before there is a wait. */
  readonly failures: number
  readonly maxWait: Millis
  readonly account: Limit
  readonly address: Limit
  readonly now: () => Millis
  readonly onLimited: () => void
}

const FIRST_WAIT: Millis = 1000
/** After its wait is over a failure counts for so long. */
const REMEMBERED_FOR: Millis = 60 * 60 * 1000
const MAX_REMEMBERED = 50_000

interface Failures {
  readonly count: number
  /** Until then nothing is tried. */
  readonly until: Millis
}

/**
 * Slows down who guesses passwords. What is wrong for one account from one address waits twice as long
 * each time; what is wrong for one account from anywhere, and from one address for any account, is
 * limited by the hour, which delays and does not shut out. During a wait nothing is tried, so that the
 * right password is no sign. Unknown accounts count like others: nothing here tells them apart. Who has
 * got in from an address lately is not held up there by what strangers try elsewhere.
 */
export class Attempts {
  readonly #options: AttemptsOptions
  readonly #failed = new LRUCache<string, Failures>({ max: MAX_REMEMBERED })
  readonly #familiar = new LRUCache<string, true>({ max: MAX_REMEMBERED })

  constructor(options: AttemptsOptions) {
    this.#options = options
  }

  /** What `check` answers: undefined for a wrong password. Throws {@link RateLimited}, without having asked it, during a wait. */
  async run<T>(attempt: Attempt, check: () => Promise<T | undefined>): Promise<T | undefined> {
    const { account, address } = this.#options
    const pair = `${attempt.address} ${attempt.account}`
    this.#refuseWhileWaiting(attempt, pair)
    // Counted before it is known to be wrong: many tried at once would otherwise all be tried.
    const before = this.#failuresOf(pair)
    this.#failed.set(pair, this.#oneMore(before))
    account.ask(attempt.account)
    address.ask(attempt.address)
    const takeBack = (): void => {
      account.giveBack(attempt.account, 1)
      address.giveBack(attempt.address, 1)
    }
    let result: T | undefined
    try {
      result = await check()
    } catch (error) {
      takeBack()
      this.#failed.set(pair, before)
      throw error
    }
    if (result === undefined) return undefined
    takeBack()
    this.#failed.delete(pair)
    this.#familiar.set(pair, true)
    return result
  }

  #refuseWhileWaiting(attempt: Attempt, pair: string): void {
    const { account, address, failures, maxWait, now, onLimited } = this.#options
    const wait = Math.min(this.#failuresOf(pair).until - now(), maxWait)
    if (wait > 0) {
      onLimited()
      throw new RateLimited(wait, `after ${failures} wrong passwords each further one waits longer`, [
        limitVariable('logInFailures'),
        limitVariable('logInWaitSeconds'),
      ])
    }
    const addressWait = address.peek(attempt.address)
    if (addressWait > 0) throw address.exceeded(addressWait)
    const accountWait = this.#familiar.has(pair) ? 0 : account.peek(attempt.account)
    if (accountWait > 0) throw account.exceeded(accountWait)
  }

  #failuresOf(pair: string): Failures {
    const failed = this.#failed.get(pair)
    return failed === undefined || failed.until + REMEMBERED_FOR < this.#options.now()
      ? { count: 0, until: 0 }
      : failed
  }

  #oneMore({ count }: Failures): Failures {
    const { failures, maxWait, now } = this.#options
    const surplus = count + 1 - failures
    const wait = surplus < 0 ? 0 : Math.min(maxWait, FIRST_WAIT * 2 ** surplus)
    return { count: count + 1, until: now() + wait }
  }
}
