import { useDeferredValue } from 'react'

/** More than the tallest window shows at once. */
const FEW = 40

/** The beginning of a long list at once, so that it is there with the first paint, and the rest right after. */
export function useFewFirst<T>(all: readonly T[]): readonly T[] {
  const count = useDeferredValue(all.length, FEW)
  return count < all.length ? all.slice(0, Math.max(count, FEW)) : all
}
