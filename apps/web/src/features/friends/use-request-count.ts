import { useAccount } from '../../context.tsx'
import { useObservable } from '../../observe.ts'

/** How many people have asked this person to be friends, and wait for an answer. */
export const useRequestCount = (): number => useObservable(useAccount().friends).incoming.length
