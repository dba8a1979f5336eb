import type { TimelineView } from '@parley/client'
import type { EventId } from '@parley/protocol'
import type { Virtualizer } from '@tanstack/react-virtual'
import { type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'

const END_SLACK = 80

interface EndInput {
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly virtualizer: Virtualizer<HTMLDivElement, Element>
  readonly items: TimelineView['items']
  readonly isPlaced: boolean
}

/** Whether the newest row of the run is in sight. */
export const isEndInSight = ({ scrollHeight, scrollTop, clientHeight }: HTMLElement): boolean =>
  scrollHeight - scrollTop - clientHeight < END_SLACK

/** The last item of all, and the last that is a part of the log: behind it are own messages that wait. */
function endOf(items: TimelineView['items']): { lastId: EventId | undefined; saidId: EventId | undefined } {
  return { lastId: items.at(-1)?.id, saidId: items.findLast(({ place }) => place.state === 'said')?.id }
}

/**
 * Keeps what is read in its place while the room for the list and what stands at its end change; answers whether the
 * newest row is in sight.
 */
export function useEnd({ scroller, virtualizer, items, isPlaced }: EndInput): boolean {
  const [isAtEnd, setIsAtEnd] = useState(true)
  const count = items.length
  const wasAtEnd = useRef(true)
  const topBefore = useRef<number>(undefined)
  const end = useMemo(() => endOf(items), [items])
  const endBefore = useRef(end)
  useLayoutEffect(() => {
    const { lastId, saidId } = endBefore.current
    endBefore.current = end
    // The virtualizer follows what comes behind the last row, not what comes before own messages that wait there.
    const hasComeBetween = end.lastId === lastId && end.saidId !== saidId
    if (hasComeBetween && wasAtEnd.current && isPlaced) virtualizer.scrollToEnd()
  }, [end, isPlaced, virtualizer])
  useEffect(() => {
    const element = scroller.current
    if (element === null) return
    const look = (): void => {
      wasAtEnd.current = isEndInSight(element)
      setIsAtEnd(wasAtEnd.current)
    }
    look()
    element.addEventListener('scroll', look, { passive: true })
    // A growing composer or a bar above takes room from the list: who reads its end goes on reading its end, and what
    // is read elsewhere stays where it is.
    const resized = new ResizeObserver(() => {
      const { top } = element.getBoundingClientRect()
      const moved = top - (topBefore.current ?? top)
      topBefore.current = top
      if (wasAtEnd.current && isPlaced) virtualizer.scrollToEnd()
      else if (moved !== 0) element.scrollTop += moved
      look()
    })
    resized.observe(element)
    return () => {
      element.removeEventListener('scroll', look)
      resized.disconnect()
    }
  }, [scroller, virtualizer, count, isPlaced])
  return isAtEnd
}
