import type { Timeline, TimelineView } from '@parley/client'
import type { EventId, Seq } from '@parley/protocol'
import type { Virtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { indexOfSeq, type Row, seqOf } from './rows.ts'

const FLASH_MILLIS = 1600

interface PlacingInput {
  readonly virtualizer: Virtualizer<HTMLDivElement, Element>
  readonly rows: readonly Row[]
  readonly log: TimelineView
  readonly timeline: Timeline
  readonly unreadAfter: Seq | undefined
  readonly shownSeq: Seq | undefined
}

interface Placing {
  /** Whether the list stands where it should open: before that, nothing is read and nothing loaded. */
  readonly isPlaced: boolean
  /** The event that somebody has just been led to. */
  readonly flashing: EventId | undefined
  /** Goes where a jump of the timeline has led to, and points it out; stays when it has led nowhere. */
  lead(jump: () => Promise<Seq | undefined>): Promise<void>
  toLatest(): void
}

/** Where the list stands: opened at the address's event, else at the first unread, else at the end. */
export function usePlacing({
  virtualizer,
  rows,
  log,
  timeline,
  unreadAfter,
  shownSeq,
}: PlacingInput): Placing {
  const [isPlaced, setIsPlaced] = useState(false)
  const [flashing, setFlashing] = useState<EventId>()
  const [wanted, setWanted] = useState<{ readonly seq: Seq; readonly align: 'start' | 'center' }>()
  const opensAt = useRef({ unreadAfter, shownSeq })

  const lead = useCallback(
    async (jump: () => Promise<Seq | undefined>) => {
      const seq = await jump()
      if (seq !== undefined) setWanted({ seq, align: 'center' })
      else if (!timeline.get().jumpUnavailable) requestAnimationFrame(() => virtualizer.scrollToEnd())
    },
    [timeline, virtualizer],
  )
  const toLatest = useCallback(() => {
    void timeline.latest().then(() => requestAnimationFrame(() => virtualizer.scrollToEnd()))
  }, [timeline, virtualizer])

  const hasRows = rows.length > 0
  useLayoutEffect(() => {
    if (isPlaced || !hasRows) return
    setIsPlaced(true)
    const { unreadAfter: read, shownSeq: asked } = opensAt.current
    if (asked !== undefined) return
    const first = rows[0] === undefined ? undefined : seqOf(rows[0].item)
    const isHere = read !== undefined && (first ?? 0) <= read + 1
    if (read === undefined) virtualizer.scrollToEnd()
    else if (isHere) setWanted({ seq: read + 1, align: 'start' })
    else
      void timeline.showFirstUnread().then((seq) => {
        if (seq === undefined) virtualizer.scrollToEnd()
        else setWanted({ seq, align: 'start' })
      })
  }, [isPlaced, hasRows, rows, timeline, virtualizer])

  useEffect(() => {
    if (shownSeq !== undefined) void lead(() => timeline.show(shownSeq))
  }, [shownSeq, lead, timeline])

  useLayoutEffect(() => {
    if (wanted === undefined) return
    const index = wanted.align === 'start' ? firstUnreadIndex(rows, wanted.seq) : indexOfSeq(rows, wanted.seq)
    const row = rows[index]
    // What is not in the run will come with it, unless the run already reaches the end: then nothing is after it.
    if (row === undefined && log.hasNewer) return
    setWanted(undefined)
    if (row === undefined) return virtualizer.scrollToEnd()
    virtualizer.scrollToIndex(index, { align: wanted.align })
    if (wanted.align === 'center') setFlashing(row.item.id)
  }, [wanted, rows, log, virtualizer])

  useEffect(() => {
    if (flashing === undefined) return
    const timer = setTimeout(() => setFlashing(undefined), FLASH_MILLIS)
    return () => clearTimeout(timer)
  }, [flashing])

  return { isPlaced, flashing, lead, toLatest }
}

/** The row with the unread line on it, else the first after what was read. */
function firstUnreadIndex(rows: readonly Row[], seq: Seq): number {
  const index = rows.findIndex(({ startsUnread }) => startsUnread)
  return index >= 0 ? index : indexOfSeq(rows, seq)
}
