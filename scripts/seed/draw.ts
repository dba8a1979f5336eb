import type { Millis } from '@parley/protocol'
import type { Random } from '../../test/kit/random.ts'

const HALF = 2 ** 32
const hex = (n: number, digits: number): string => n.toString(16).padStart(digits, '0')

/** A UUIDv7 of a time whose random part the seed decides. */
export function idAt<Id extends string>({ below }: Random, at: Millis): Id {
  const time = hex(Math.floor(at), 12)
  const low = hex(below(HALF), 8) + hex(below(HALF), 8)
  const variant = '89ab'.charAt(below(4))
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(below(4096), 3)}-${variant}${low.slice(1, 4)}-${low.slice(4)}` as Id
}

/** A rank from 0 to n − 1, of which each doubling is as likely as the one before: few things are named often, most hardly ever. */
export const skewed = ({ below }: Random, n: number): number =>
  Math.min(n - 1, Math.floor(Math.exp((below(1_000_000) / 1_000_000) * Math.log(n + 1))) - 1)

/** From `low` to `high`, mostly near `low`. */
export const mostlyFew = (random: Random, low: number, high: number): number =>
  low + skewed(random, high - low + 1)

/** `count` different numbers below `n`. */
export function distinct(count: number, n: number, draw: () => number): number[] {
  const drawn = new Set<number>()
  while (drawn.size < Math.min(count, n)) drawn.add(draw())
  return [...drawn]
}
