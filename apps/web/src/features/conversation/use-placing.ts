import type { Timeline, TimelineView } from '@parley/client'
import type { EventId, Seq } from '@parley/protocol'
import type { Virtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useLayoutEffect, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useObservable } from '../../observe.ts'
import { indexOfSeq, type Row, seqOf } from './rows.ts'
import { useAim } from './use-aim.ts'
import type { Opening } from './use-opening.ts'

interface PlacingInput {
  readonly virtualizer: Virtualizer<HTMLDivElement, Element>
  readonly rows: readonly Row[]
  readonly log: TimelineView
  readonly timeline: Timeline
  readonly unreadAfter: Seq | undefined
  readonly shownSeq: Seq | undefined
  readonly flash: (ids: readonly EventId[]) => void
  /** A jump has led to this. */
  readonly land: (id: EventId) => void
  readonly opening: Opening
}

interface Placing {
  /** Whether the list stands where it should open: before that, nothing is read and nothing loaded. */
  readonly isPlaced: boolean
  /** The new messages begin where the list does not reach yet: what is in sight is not read up to. */
  readonly isElsewhere: boolean
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
  flash,
  land,
  opening,
}: PlacingInput): Placing {
  const [isPlaced, setIsPlaced] = useState(false)
  const [wanted, setWanted] = useState<{ readonly seq: Seq; readonly align: 'start' | 'center' }>()
  const { isOpening, isToldAll, end } = opening
  const isLive = useObservable(useAccount().link).state === 'live'

  const lead = useCallback(
    async (jump: () => Promise<Seq | undefined>) => {
      const seq = await jump()
      end()
      if (seq !== undefined) setWanted({ seq, align: 'center' })
      else if (!timeline.get().jumpUnavailable) requestAnimationFrame(() => virtualizer.scrollToEnd())
    },
    [timeline, virtualizer, end],
  )
  const toLatest = useCallback(() => {
    end()
    void timeline.latest().then(() => requestAnimationFrame(() => virtualizer.scrollToEnd()))
  }, [timeline, virtualizer, end])

  const aimAt = useAim(virtualizer, rows)

  const hasRows = rows.length > 0
  const first = rows[0] === undefined ? undefined : seqOf(rows[0].item)
  const isNewHere =
    unreadAfter !== undefined &&
    (first ?? Infinity) <= unreadAfter + 1 &&
    rows.some(({ startsUnread }) => startsUnread)
  const isElsewhere =
    isOpening && hasRows && shownSeq === undefined && unreadAfter !== undefined && !isNewHere
  const isEmpty = isToldAll && !hasRows && log.lastSeq === 0
  useLayoutEffect(() => {
    if (hasRows && !isPlaced) {
      setIsPlaced(true)
      virtualizer.scrollToEnd()
    }
    if (!isOpening) return
    if (isEmpty) end()
    if (!hasRows) return
    if (shownSeq !== undefined) return
    if (isNewHere) setWanted({ seq: unreadAfter + 1, align: 'start' })
    else virtualizer.scrollToEnd()
    if (isToldAll && !isElsewhere) end()
  }, [
    isOpening,
    isPlaced,
    isEmpty,
    hasRows,
    rows,
    shownSeq,
    isNewHere,
    isElsewhere,
    isToldAll,
    unreadAfter,
    virtualizer,
    end,
  ])

  // What cannot be had without a connection is asked for again when there is one.
  useEffect(() => {
    if (!isElsewhere) return
    let isWanted = true
    void timeline.showFirstUnread().then((seq) => {
      if (!isWanted) return
      if (seq !== undefined) setWanted({ seq, align: 'start' })
      if (seq !== undefined || !timeline.get().jumpUnavailable) end()
    })
    return () => {
      isWanted = false
    }
  }, [isElsewhere, isToldAll, isLive, timeline, end])

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
    aimAt(row.item.id, index, wanted.align)
    if (wanted.align !== 'center') return
    flash([row.item.id])
    land(row.item.id)
  }, [wanted, rows, log, virtualizer, flash, land, aimAt])

  return { isPlaced, isElsewhere, lead, toLatest }
}

/** The row with the unread line on it, else the first after what was read. */
function firstUnreadIndex(rows: readonly Row[], seq: Seq): number {
  const index = rows.findIndex(({ startsUnread }) => startsUnread)
  return index >= 0 ? index : indexOfSeq(rows, seq)
}
