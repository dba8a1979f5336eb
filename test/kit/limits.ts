import { DEFAULT_LIMITS, type Limits } from '@parley/protocol'
import { limitVariable } from '../../apps/server/src/limits/rate-limited.ts'

/** Rates that no test meets by chance. What is limited in size stays as it is; tests about rates set their own. */
const OUT_OF_THE_WAY = {
  commandsPerSecond: 1e9,
  commandsBurst: 1e9,
  requestsPerSecond: 1e9,
  requestsBurst: 1e9,
  addressRequestsPerSecond: 1e9,
  addressRequestsBurst: 1e9,
  socketsPerUser: 1e9,
  addressSocketsPerSecond: 1e9,
  addressSocketsBurst: 1e9,
  framesPerSecond: 1e9,
  framesBurst: 1e9,
  presencePerSecond: 1e9,
  presenceBurst: 1e9,
  signUpsPerHour: 1e9,
  addressSignUpsPerHour: 1e9,
  logInFailures: 1e9,
  accountLogInFailuresPerHour: 1e9,
  addressLogInFailuresPerHour: 1e9,
} satisfies Partial<Limits>

/** The limits of a test that is about something else: people hurry there, and share one address. */
export const UNHURRIED: Limits = { ...DEFAULT_LIMITS, ...OUT_OF_THE_WAY }

/** The same for a process; {@link SHIPPED_ENV} takes it back. */
export const UNHURRIED_ENV: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(OUT_OF_THE_WAY).map(([limit, value]) => [
    limitVariable(limit as keyof Limits),
    String(value),
  ]),
)

/** The limits as they are shipped: an empty variable is an unset one. */
export const SHIPPED_ENV: Readonly<Record<string, string>> = Object.fromEntries(
  Object.keys(UNHURRIED_ENV).map((variable) => [variable, '']),
)
