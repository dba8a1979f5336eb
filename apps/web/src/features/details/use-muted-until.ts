import type { ConversationId, Millis } from '@parley/protocol'
import { useEffect, useReducer } from 'react'
import { useAccount } from '../../context.tsx'
import { useObservable } from '../../observe.ts'

/** What timers of browsers can wait for. */
const LONGEST: Millis = 2 ** 31 - 1

/** Until when a conversation is quiet; undefined: it is not, and from the moment that it ends it is not any more. */
export function useMutedUntil(conversation: ConversationId): Millis | undefined {
  const until = useObservable(useAccount().preferences).mutedUntil.get(conversation) ?? 0
  const [, end] = useReducer((count: number) => count + 1, 0)
  useEffect(() => {
    const left = until - Date.now()
    if (left <= 0 || left > LONGEST) return undefined
    const timer = setTimeout(end, left)
    return () => clearTimeout(timer)
  }, [until])
  return until > Date.now() ? until : undefined
}
