import type { ConversationView } from '@parley/client'
import type { Event, Millis, UserId } from '@parley/protocol'
import { useEffect, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useObservable } from '../../observe.ts'

/** Who made a conversation, and when: what its first event says, from this device or, where that is not on it, from the server. */
export function useCreation({
  id,
  standing,
}: ConversationView): { readonly author: UserId; readonly at: Millis } | undefined {
  const account = useAccount()
  const [first, setFirst] = useState<Event>()
  const isLive = useObservable(account.link).state === 'live'
  const mayAsk = isLive && standing === 'member'
  useEffect(() => {
    if (first !== undefined) return undefined
    let isWanted = true
    const look = async (): Promise<void> => {
      const held = await account.said(id, 1)
      if (held !== undefined || !mayAsk) return void (isWanted && setFirst(held))
      const answer = await account.api.events(id, { after: 0, limit: 1 })
      if (isWanted && answer.ok) setFirst(answer.value[0])
    }
    void look()
    return () => {
      isWanted = false
    }
  }, [account, id, mayAsk, first])
  return first
}
