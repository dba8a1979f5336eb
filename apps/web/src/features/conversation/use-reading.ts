import type { ConversationView } from '@parley/client'
import type { Seq } from '@parley/protocol'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useObservable } from '../../observe.ts'
import { attention } from '../../platform/attention.ts'
import type { Opening } from './use-opening.ts'

interface Reading {
  /** Where the "new" line stands: after this event; undefined: nowhere. */
  readonly unreadAfter: Seq | undefined
  /** The person has everything up to this event in front of them. */
  look(seq: Seq, isAtEnd: boolean): void
  /** The person has answered: nothing here is new any more. */
  answer(): void
}

/**
 * Marks as read what is shown while the window has the person's attention (R1, R2), and remembers
 * where the new things began: the line stays until the conversation is left, so that it can be found.
 */
export function useReading(
  view: Pick<ConversationView, 'id' | 'readSeq' | 'unread'>,
  { isOpening, isToldAll }: Opening,
): Reading {
  const account = useAccount()
  const isAttentive = useObservable(attention)
  const { id, readSeq, unread } = view
  const [unreadAfter, setUnreadAfter] = useState(unread > 0 ? readSeq : undefined)
  // More was said than the device knew when the conversation was opened.
  if (isOpening && isToldAll && unread > 0 && unreadAfter === undefined) setUnreadAfter(readSeq)
  const shown = useRef({ seq: 0, isAtEnd: true })

  const mark = useCallback(() => {
    if (isAttentive && shown.current.seq > 0) account.markRead(id, shown.current.seq)
  }, [account, id, isAttentive])
  const look = useCallback(
    (seq: Seq, isAtEnd: boolean) => {
      shown.current = { seq, isAtEnd }
      mark()
    },
    [mark],
  )
  useEffect(mark, [mark])

  // Somebody spoke while the person looked elsewhere: the line moves to where that began.
  const isMissing = unread > 0 && !isAttentive && shown.current.isAtEnd
  useEffect(() => {
    if (isMissing) setUnreadAfter(readSeq)
  }, [isMissing, readSeq])

  const answer = useCallback(() => setUnreadAfter(undefined), [])

  return { unreadAfter, look, answer }
}
