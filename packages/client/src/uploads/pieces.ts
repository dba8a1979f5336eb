import type { Millis } from '@parley/protocol'

export const SMALLEST_PIECE = 32 * 1024
/** Proxies that were told nothing let bodies of this size through. */
export const LARGEST_PIECE = 1024 * 1024
/** Small, until it is known how fast the line is. */
export const FIRST_PIECE = 128 * 1024

/** Less than this is mostly waiting for answers. */
const QUICK: Millis = 1_000
/** More than this shows no progress for too long, and loses more than it has to when the line breaks. */
const SLOW: Millis = 6_000

/** How many bytes to send at once, after so many took so long; `undefined`: they did not arrive. */
export function nextPiece(before: number, took: Millis | undefined): number {
  if (took !== undefined && took < QUICK) return Math.min(LARGEST_PIECE, before * 2)
  if (took === undefined || took > SLOW) return Math.max(SMALLEST_PIECE, Math.floor(before / 2))
  return before
}
