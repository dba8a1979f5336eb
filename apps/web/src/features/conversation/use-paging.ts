import type { Timeline, TimelineView } from '@parley/client'
import type { Virtualizer } from '@tanstack/react-virtual'
import { type RefObject, useEffect, useRef, useState } from 'react'

/** The next stretch is asked for when this few rows are left before the edge. */
const AHEAD = 30
const END_SLACK = 80

interface Paging {
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly virtualizer: Virtualizer<HTMLDivElement, Element>
  readonly log: TimelineView
  readonly timeline: Timeline
  readonly isPlaced: boolean
}

/** Loads the stretches before and after what is shown in time; answers whether the newest row is in sight. */
export function usePaging({ scroller, virtualizer, log, timeline, isPlaced }: Paging): boolean {
  const [isAtEnd, setIsAtEnd] = useState(true)
  const { range } = virtualizer
  const first = range?.startIndex ?? 0
  const last = range?.endIndex ?? 0
  const count = log.items.length
  useEffect(() => {
    if (!isPlaced || log.loading !== 'none') return
    if (first < AHEAD && log.hasOlder && !log.olderUnavailable) void timeline.older()
    else if (last >= count - AHEAD && log.hasNewer) void timeline.newer()
  }, [isPlaced, log.loading, log.hasOlder, log.hasNewer, log.olderUnavailable, first, last, count, timeline])
  const wasAtEnd = useRef(true)
  useEffect(() => {
    const element = scroller.current
    if (element === null) return
    const look = (): void => {
      wasAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < END_SLACK
      setIsAtEnd(wasAtEnd.current)
    }
    look()
    element.addEventListener('scroll', look, { passive: true })
    // A growing composer or a bar above takes room from the list: who reads its end goes on reading its end.
    const resized = new ResizeObserver(() => {
      if (wasAtEnd.current && isPlaced) virtualizer.scrollToEnd()
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
