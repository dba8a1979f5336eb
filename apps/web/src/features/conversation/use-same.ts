import { useRef } from 'react'

/** The list as it was before, when it has the same entries: what depends on it stays as it is. */
export function useSameList<T>(list: readonly T[]): readonly T[] {
  const before = useRef(list)
  const isSame =
    before.current.length === list.length && before.current.every((entry, i) => Object.is(entry, list[i]))
  if (!isSame) before.current = list
  return before.current
}
