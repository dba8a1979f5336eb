import { type Code, CODES, type Millis, unreachable } from '@parley/protocol'

/** The one connection to the server. */
export type Link =
  /** The device says that it has no network; nothing is tried. */
  | { readonly state: 'offline' }
  | { readonly state: 'connecting'; readonly attempt: number }
  | { readonly state: 'live'; readonly since: Millis; readonly attempt: number }
  | { readonly state: 'waiting'; readonly retryAt: Millis; readonly attempt: number }
  /** Until the person acts; retrying cannot help. */
  | { readonly state: 'refused'; readonly code: Code }

export type LinkInput =
  /** What the device says about its network. */
  | { readonly input: 'network'; readonly isOnline: boolean }
  /** The server has let the account in. */
  | { readonly input: 'ready' }
  /** The connection is gone, or could not be made. */
  | { readonly input: 'lost'; readonly closeCode?: number; readonly jitter: number }
  /** The waiting time is over. */
  | { readonly input: 'due' }
  /** The server has said that trying again cannot help. */
  | { readonly input: 'refused'; readonly code: Code }
  /** The person acts: signs in, or asks to try now. */
  | { readonly input: 'wake' }

/** A connection that held this long was a good one: the next loss starts the waiting times anew. */
const STEADY_AFTER: Millis = 10_000

/** Pure: who connects, and when, is the caller's. `jitter` is a number in [0, 1). */
export function step(link: Link, input: LinkInput, now: Millis): Link {
  switch (input.input) {
    case 'network':
      if (!input.isOnline) return link.state === 'refused' ? link : { state: 'offline' }
      return link.state === 'offline' || link.state === 'waiting' ? { state: 'connecting', attempt: 0 } : link
    case 'ready':
      return link.state === 'connecting' ? { state: 'live', since: now, attempt: link.attempt } : link
    case 'lost': {
      if (link.state !== 'connecting' && link.state !== 'live') return link
      const refusal = refusalOf(input.closeCode)
      if (refusal !== undefined) return { state: 'refused', code: refusal }
      const isSteady = link.state === 'live' && now - link.since >= STEADY_AFTER
      const attempt = isSteady ? 1 : link.attempt + 1
      return { state: 'waiting', retryAt: now + backOff(attempt, input.jitter), attempt }
    }
    case 'due':
      // The timer's word counts, not a second look at the clock: timers run early by a millisecond, and
      // clocks are set back. A link that went on waiting then would wait for ever.
      return link.state === 'waiting' ? { state: 'connecting', attempt: link.attempt } : link
    case 'refused':
      return link.state === 'offline' ? link : { state: 'refused', code: input.code }
    case 'wake':
      return link.state === 'waiting' || link.state === 'refused' ? { state: 'connecting', attempt: 0 } : link
    default:
      return unreachable(input)
  }
}

/**
 * How long to wait before a further attempt: doubling from half a second to half a minute, and by up
 * to one half less, so that a thousand devices that lost a server together do not return together.
 */
export function backOff(attempt: number, jitter: number): Millis {
  const longest = Math.min(30_000, 500 * 2 ** (attempt - 1))
  return Math.round(longest * (1 - jitter / 2))
}

/** The code behind a close code after which trying again unchanged cannot help. */
function refusalOf(closeCode: number | undefined): Code | undefined {
  for (const [code, meaning] of Object.entries(CODES) as [Code, (typeof CODES)[Code]][]) {
    if (meaning.closeCode === closeCode && !meaning.retryHelps) return code
  }
  return undefined
}
