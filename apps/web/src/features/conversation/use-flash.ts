import type { EventId, Seq, UserId } from '@parley/protocol'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useObservable } from '../../observe.ts'
import { attention } from '../../platform/attention.ts'
import { isMentioned, isNewTo, type Row } from './rows.ts'

const FLASH_MILLIS = 1600
const NONE: ReadonlySet<EventId> = new Set()

interface Flash {
  /** What is pointed out just now. */
  readonly flashing: ReadonlySet<EventId>
  flash(ids: readonly EventId[]): void
}

export function useFlash(): Flash {
  const [flashing, setFlashing] = useState(NONE)
  const flash = useCallback((ids: readonly EventId[]) => setFlashing(new Set(ids)), [])
  useEffect(() => {
    if (flashing.size === 0) return
    const timer = setTimeout(() => setFlashing(NONE), FLASH_MILLIS)
    return () => clearTimeout(timer)
  }, [flashing])
  return { flashing, flash }
}

interface MentionFlash {
  readonly rows: readonly Row[]
  /** The rows in sight. */
  readonly range: { readonly startIndex: number; readonly endIndex: number } | null
  readonly self: UserId
  readonly unreadAfter: Seq | undefined
  readonly isPlaced: boolean
  readonly flash: (ids: readonly EventId[]) => void
}

/** New messages that mention the person are pointed out once, when they come before the person's eyes. */
export function useMentionFlash({ rows, range, self, unreadAfter, isPlaced, flash }: MentionFlash): void {
  const isAttentive = useObservable(attention)
  const seen = useRef(new Set<EventId>())
  const first = range?.startIndex
  const last = range?.endIndex
  useEffect(() => {
    if (!isAttentive || !isPlaced || unreadAfter === undefined || first === undefined || last === undefined)
      return
    const found = rows.slice(first, last + 1).flatMap(({ item }) => {
      const isWanted =
        item.kind === 'message' && isMentioned(item, self) && isNewTo({ self, unreadAfter }, item)
      return isWanted && !seen.current.has(item.id) ? [item.id] : []
    })
    if (found.length === 0) return
    for (const id of found) seen.current.add(id)
    flash(found)
  }, [rows, first, last, self, unreadAfter, isPlaced, isAttentive, flash])
}
