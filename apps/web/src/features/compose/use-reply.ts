import type { ConversationId, EventId } from '@parley/protocol'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useObservable } from '../../observe.ts'
import type { Quoted } from '../conversation/quote.tsx'

export interface Reply {
  /** The message that is being answered; undefined: none. */
  readonly to: EventId | undefined
  /** What it says, once that has been looked up; `unknown`: this device does not have it. */
  readonly quoted: Quoted | 'unknown' | undefined
  readonly end: () => void
}

/** What is being answered: it stays with the draft, also on other devices, until the answer is sent. */
export function useReply(conversation: ConversationId): Reply {
  const account = useAccount()
  const to = useObservable(useMemo(() => account.draftReply(conversation), [account, conversation]))
  const [found, setFound] = useState<Pick<Reply, 'to' | 'quoted'>>()
  useEffect(() => {
    if (to === undefined) return
    let isWanted = true
    const look = async (): Promise<void> => {
      const event = await account.saidAs(conversation, to)
      // A look that was begun later may have found it already.
      if (!isWanted) return
      if (event?.type !== 'message') return setFound({ to, quoted: 'unknown' })
      stop()
      setFound({ to, quoted: { ...event, attachments: event.attachments ?? NO_FILES } })
    }
    // On a device that is new to the conversation it comes in a little later.
    const endWaiting = account.timeline(conversation).subscribe(() => void look())
    const stop = (): void => {
      isWanted = false
      endWaiting()
    }
    void look()
    return stop
  }, [account, conversation, to])
  const end = useCallback(() => account.setDraftReply(conversation, undefined), [account, conversation])
  return { to, quoted: to !== undefined && found?.to === to ? found.quoted : undefined, end }
}

const NO_FILES: Quoted['attachments'] = []
