import type { Timeline, TimelineView } from '@parley/client'
import type { Virtualizer } from '@tanstack/react-virtual'
import { useEffect } from 'react'

/** The next stretch is asked for when this few rows are left before the edge. */
const AHEAD = 30

interface Paging {
  readonly virtualizer: Virtualizer<HTMLDivElement, Element>
  readonly log: TimelineView
  readonly timeline: Timeline
  readonly isPlaced: boolean
}

/** Loads the stretches before and after what is shown in time. */
export function usePaging({ virtualizer, log, timeline, isPlaced }: Paging): void {
  const { range } = virtualizer
  const first = range?.startIndex ?? 0
  const last = range?.endIndex ?? 0
  const count = log.items.length
  useEffect(() => {
    if (!isPlaced || log.loading !== 'none') return
    if (first < AHEAD && log.hasOlder && !log.olderUnavailable) void timeline.older()
    else if (last >= count - AHEAD && log.hasNewer) void timeline.newer()
  }, [isPlaced, log.loading, log.hasOlder, log.hasNewer, log.olderUnavailable, first, last, count, timeline])
}
