import type { TimelineView } from '@parley/client'
import type { Seq } from '@parley/protocol'
import { type RefObject, useCallback, useEffect, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useObservable } from '../../observe.ts'
import { listenTo } from '../../platform/listen.ts'

export interface Opening {
  /** The person has not moved yet, and where to open may still become known. */
  readonly isOpening: boolean
  /** The server has told what there is: what comes from now on has only just been said. */
  readonly isToldAll: boolean
  /** The newest event that the device knew of when the conversation was opened. */
  readonly knownSeq: Seq
  end(): void
}

/**
 * A device that was away has yesterday's messages and hears of today's a moment after the conversation was opened.
 * Until then the list may still go to where the new ones begin, unless the person has begun to scroll.
 */
export function useOpening(scroller: RefObject<HTMLElement | null>, log: TimelineView): Opening {
  const account = useAccount()
  const list = useObservable(account.conversations)
  const isToldAll = list.state === 'known' && list.isComplete
  const [isOpening, setIsOpening] = useState(true)
  const [knownSeq] = useState(log.lastSeq)
  const end = useCallback(() => setIsOpening(false), [])
  useEffect(() => {
    const element = scroller.current
    if (!isOpening || element === null) return
    return listenTo(element, ['wheel', 'touchmove', 'pointerdown', 'keydown'], end)
  }, [isOpening, scroller, end])
  return { isOpening, isToldAll, knownSeq, end }
}
