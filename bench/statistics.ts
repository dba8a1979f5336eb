/** The value below which the given share of the numbers lies (nearest rank); NaN of none. */
export function percentile(numbers: Iterable<number>, share: number): number {
  const sorted = Float64Array.from(numbers).sort()
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN
}

export const median = (numbers: Iterable<number>): number => percentile(numbers, 0.5)
