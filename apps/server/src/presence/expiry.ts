import type { Millis } from '@parley/protocol'

/**
 * A connection that was not heard from for this long is not there, whatever its row says: the node
 * that held it has crashed. Three heartbeats, so that a slow one expires nobody.
 */
export const EXPIRES_AFTER: Millis = 60_000

/**
 * The rule, for SQL: somebody has an active connection at the time `now` while `active_connections`
 * has a row of theirs with `heartbeat_at > presentSince(now)`.
 */
export const presentSince = (now: Millis): Millis => now - EXPIRES_AFTER
