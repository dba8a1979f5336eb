import type { Limits, Millis } from '@parley/protocol'
import { Counter, Registry } from 'prom-client'
import { Attempts } from './attempts.ts'
import { Limit } from './limit.ts'
import { limitVariable, RateLimited } from './rate-limited.ts'

/** How often each user and each address may do what, on this node. */
export interface Rates {
  /** By user, through the outbox and through REST together. */
  readonly commands: Limit
  /** By user. */
  readonly requests: Limit
  readonly addressRequests: Limit
  readonly addressSockets: Limit
  /** By user, or by address as long as nobody knows who it is. */
  readonly frames: Limit
  /** By user and document. */
  readonly presence: Limit
  /** All together: under the one key {@link EVERYBODY}. */
  readonly signUps: Limit
  readonly addressSignUps: Limit
  readonly passwords: Attempts
  /** Counts what a limit has held up or refused. */
  readonly limited: (limit: keyof Limits) => void
}

/** The key of what is limited altogether. */
export const EVERYBODY = 'everybody'

/** An unknown token or session costs an address as much as so many requests: guessing is slower than asking. */
export const GUESS_COST = 10

export interface RatesOptions {
  readonly limits: Limits
  readonly now: () => Millis
  readonly registry?: Registry
}

export function createRates({ limits, now, registry = new Registry() }: RatesOptions): Rates {
  const counter = new Counter({
    name: 'parley_limited_total',
    help: 'How often something was refused or held up because of a limit',
    labelNames: ['limit'],
    registers: [registry],
  })
  const limited = (limit: keyof Limits): void => counter.inc({ limit: limitVariable(limit) })

  const perSecond = (rate: keyof Limits, burst: keyof Limits, what: string): Limit =>
    new Limit(
      { perSecond: limits[rate], burst: limits[burst] },
      now,
      (wait) =>
        new RateLimited(wait, `${what}: at most ${limits[rate]} a second and ${limits[burst]} at once`, [
          limitVariable(rate),
          limitVariable(burst),
        ]),
      () => limited(rate),
    )
  const perHour = (rate: keyof Limits, what: string): Limit =>
    new Limit(
      { perSecond: limits[rate] / 3600, burst: limits[rate] },
      now,
      (wait) => new RateLimited(wait, `${what}: at most ${limits[rate]} an hour`, [limitVariable(rate)]),
      () => limited(rate),
    )

  return {
    commands: perSecond('commandsPerSecond', 'commandsBurst', 'commands of one user'),
    requests: perSecond('requestsPerSecond', 'requestsBurst', 'requests of one user'),
    addressRequests: perSecond(
      'addressRequestsPerSecond',
      'addressRequestsBurst',
      'requests from one address',
    ),
    addressSockets: perSecond('addressSocketsPerSecond', 'addressSocketsBurst', 'sockets from one address'),
    frames: perSecond('framesPerSecond', 'framesBurst', 'frames of one user'),
    presence: perSecond('presencePerSecond', 'presenceBurst', 'signs of presence of one user'),
    signUps: perHour('signUpsPerHour', 'new accounts on this server'),
    addressSignUps: perHour('addressSignUpsPerHour', 'new accounts from one address'),
    passwords: new Attempts({
      failures: limits.logInFailures,
      maxWait: limits.logInWaitSeconds * 1000,
      account: perHour('accountLogInFailuresPerHour', 'wrong passwords for one account'),
      address: perHour('addressLogInFailuresPerHour', 'wrong passwords from one address'),
      now,
      onLimited: () => limited('logInFailures'),
    }),
    limited,
  }
}
