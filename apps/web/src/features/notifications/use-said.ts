import type { ConversationId, MessageEvent, Seq } from '@parley/protocol'
import { useEffect, useMemo, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useObservable } from '../../observe.ts'

/** The message at a place of a log, as soon as this device has it. */
export function useSaid(
  conversation: ConversationId | undefined,
  seq: Seq | undefined,
): MessageEvent | undefined {
  const account = useAccount()
  const [message, setMessage] = useState<MessageEvent>()
  // As history comes to the device the message may be among it.
  const { held } = useObservable(account.history)
  const isWanted = message === undefined && conversation !== undefined && seq !== undefined
  const look = useMemo(
    () => (isWanted ? () => account.said(conversation, seq) : undefined),
    [account, conversation, isWanted, seq],
  )
  useEffect(() => {
    if (look === undefined) return
    let isShown = true
    void look().then((event) => {
      if (isShown && event?.type === 'message') setMessage(event)
    })
    return () => {
      isShown = false
    }
  }, [look, held])
  return message
}
