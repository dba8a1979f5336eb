import type { Observable } from '@parley/client'
import { useMemo, useSyncExternalStore } from 'react'

export function useObservable<T>(observable: Observable<T>): T {
  const [subscribe, get] = useMemo(
    () => [(listener: () => void) => observable.subscribe(listener), () => observable.get()] as const,
    [observable],
  )
  return useSyncExternalStore(subscribe, get)
}
