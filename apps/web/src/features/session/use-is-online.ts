import { useSyncExternalStore } from 'react'
import { listenTo } from '../../platform/listen.ts'

const subscribe = (listener: () => void) => listenTo(window, ['online', 'offline'], listener)

/** Whether the device has a network at all; not whether a server answers. */
export const useIsOnline = (): boolean => useSyncExternalStore(subscribe, () => navigator.onLine)
