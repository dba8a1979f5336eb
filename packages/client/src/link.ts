import type { Code, Millis } from '@parley/protocol'

/** The one connection to the server. */
export type Link =
  /** The device says that it has no network; nothing is tried. */
  | { readonly state: 'offline' }
  | { readonly state: 'connecting'; readonly attempt: number }
  | { readonly state: 'live' }
  | { readonly state: 'waiting'; readonly retryAt: Millis; readonly attempt: number }
  /** Until the person acts; retrying cannot help. */
  | { readonly state: 'refused'; readonly code: Code }
