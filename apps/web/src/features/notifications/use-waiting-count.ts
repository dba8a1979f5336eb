import { useAccount } from '../../context.tsx'
import { useObservable } from '../../observe.ts'

/** How many notifications this person has not seen yet. */
export const useWaitingCount = (): number => useObservable(useAccount().notifications).waiting.length
