import type { Millis } from '@parley/protocol'

export interface Rate {
  readonly perSecond: number
  /** How many may be taken at once by somebody who has not taken any for a while. */
  readonly burst: number
}

/** Enough for everybody who can be active at once; somebody with more addresses than this forgets himself. */
const MAX_KEYS = 100_000

/**
 * A rate with bursts for each key (a user, an address): in any stretch of time t no more than
 * `burst + perSecond · t` are given. Of each key one number is kept, when its bucket will be full
 * again (GCRA), and none once it is: decision record 0009.
 */
export class Pace {
  readonly rate: Rate
  readonly #now: () => Millis
  readonly #maxKeys: number
  /** Milliseconds that one unit takes, and a whole burst. */
  readonly #interval: number
  readonly #span: number
  /** Times are counted from here: the large numbers of the clock would round a short interval away. */
  #origin: Millis
  #latest = 0
  /** When each bucket is full; the keys longest untouched first. */
  readonly #fullAt = new Map<string, Millis>()

  constructor(rate: Rate, now: () => Millis, maxKeys = MAX_KEYS) {
    this.rate = rate
    this.#now = now
    this.#maxKeys = maxKeys
    this.#interval = 1000 / rate.perSecond
    this.#span = rate.burst * this.#interval
    this.#origin = now()
  }

  /** How many keys are remembered. */
  get size(): number {
    return this.#fullAt.size
  }

  /** Takes as many as there are, at most `wanted`, and answers how many. */
  take(key: string, wanted: number): number {
    const taken = Math.min(wanted, this.#available(key))
    if (taken > 0) this.#owe(key, taken)
    return taken
  }

  /** Takes `cost`, or nothing: then answers after how long it would be there, 0 when it was. */
  ask(key: string, cost = 1): Millis {
    const wanted = Math.min(cost, this.rate.burst)
    const wait = this.#waitFor(key, wanted)
    if (wait === 0) this.#owe(key, wanted)
    return wait
  }

  /** After how long `cost` would be there; takes nothing. */
  peek(key: string, cost = 1): Millis {
    return this.#waitFor(key, Math.min(cost, this.rate.burst))
  }

  /** Takes `count` also where they are not there yet, and answers after how long they are: until then the caller waits. */
  reserve(key: string, count: number): Millis {
    // Before it is owed: the same sum in another order may come out a millisecond apart.
    const wait = this.#waitFor(key, count)
    this.#owe(key, count)
    return wait
  }

  /** Takes `count` for what has been done already: if they are not there, whoever comes next waits for them, too. */
  charge(key: string, count: number): void {
    if (count > 0) this.#owe(key, count)
  }

  /** Puts back what was taken and not used. */
  giveBack(key: string, count: number): void {
    if (this.#debt(key) > 0) this.#owe(key, -count)
  }

  /** How far the bucket is from being full. */
  #debt(key: string): Millis {
    return Math.max(0, (this.#fullAt.get(key) ?? 0) - this.#time())
  }

  #available(key: string): number {
    return Math.max(0, Math.floor((this.#span - this.#debt(key)) / this.#interval + ROUNDING))
  }

  #waitFor(key: string, wanted: number): Millis {
    const wait = this.#debt(key) + (wanted - ROUNDING) * this.#interval - this.#span
    return Math.max(0, Math.ceil(wait))
  }

  #owe(key: string, count: number): void {
    const fullAt = this.#time() + this.#debt(key) + count * this.#interval
    this.#fullAt.delete(key)
    this.#fullAt.set(key, fullAt)
    this.#forget()
  }

  /** Two looks at the longest untouched for each touch: what is idle goes sooner than it comes. */
  #forget(): void {
    const now = this.#time()
    let looks = 2
    for (const [key, fullAt] of this.#fullAt) {
      if (looks === 0 || (fullAt > now && this.#fullAt.size <= this.#maxKeys)) return
      looks -= 1
      this.#fullAt.delete(key)
    }
  }

  /** Never runs back: nobody has to wait because a clock was set. */
  #time(): Millis {
    const time = this.#now() - this.#origin
    if (time < this.#latest) this.#origin -= this.#latest - time
    else this.#latest = time
    return this.#latest
  }
}

/** Of a unit: sums of fractions of milliseconds come out a little short. */
const ROUNDING = 1e-6
