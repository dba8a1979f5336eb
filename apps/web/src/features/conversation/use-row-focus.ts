import type { EventId } from '@parley/protocol'
import type { Virtualizer } from '@tanstack/react-virtual'
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { listenTo } from '../../platform/listen.ts'
import { indexOfId, type Row } from './rows.ts'

/** Which row the keyboard is at: the one last reached, else the newest. */
export function useCurrentRow(rows: readonly Row[]): readonly [number, (id: EventId | undefined) => void] {
  const [asked, setAsked] = useState<EventId>()
  const index = asked === undefined ? -1 : indexOfId(rows, asked)
  return [index >= 0 ? index : rows.length - 1, setAsked]
}

interface RowFocus {
  readonly rows: readonly Row[]
  readonly virtualizer: Virtualizer<HTMLDivElement, Element>
  readonly list: RefObject<HTMLDivElement | null>
  readonly current: number
  readonly setCurrent: (id: EventId | undefined) => void
}

interface RowFocusing {
  /** Moves the focus to a row and brings it into sight, also one that is not drawn yet. */
  readonly focusRow: (index: number) => void
  /** Moves the focus to a row that something else brings into sight. */
  readonly reach: (id: EventId) => void
}

export function useRowFocus({ rows, virtualizer, list, current, setCurrent }: RowFocus): RowFocusing {
  const wanted = useRef<EventId>(undefined)
  // After each drawing: the row may be there only now.
  useLayoutEffect(() => {
    const row = wanted.current === undefined ? undefined : rowIn(list, wanted.current)
    if (row === undefined) return
    wanted.current = undefined
    row.focus({ preventScroll: true })
  })
  const reach = useCallback(
    (id: EventId) => {
      wanted.current = id
      setCurrent(id)
      const row = rowIn(list, id)
      if (row === undefined) return
      wanted.current = undefined
      row.focus({ preventScroll: true })
    },
    [list, setCurrent],
  )
  const focusRow = useCallback(
    (index: number) => {
      const id = rows[index]?.item.id
      if (id === undefined) return
      virtualizer.scrollToIndex(index, { align: 'auto' })
      reach(id)
    },
    [rows, virtualizer, reach],
  )
  const enter = useCallback(() => focusRow(current), [focusRow, current])
  useOneTabStop(list, enter)
  return { focusRow, reach }
}

/** What of a row takes the focus. */
const rowIn = (list: RefObject<HTMLElement | null>, id: EventId): HTMLElement | undefined =>
  list.current?.querySelector<HTMLElement>(`[data-id="${id}"] > [tabindex]`) ?? undefined

const TABBABLE = 'a[href], button:not(:disabled), input, [tabindex="0"]'

/**
 * The list is one stop for Tab: it leads to the current row, through what can be pressed in that row, and out.
 * Taking all other rows' links and buttons out of the order one by one would draw every row anew with each step.
 */
function useOneTabStop(list: RefObject<HTMLDivElement | null>, enter: () => void): void {
  useEffect(() => {
    const element = list.current
    if (element === null) return
    let isTab = false
    const onInput = (event: globalThis.Event): void => {
      isTab = event instanceof KeyboardEvent && event.key === 'Tab'
    }
    const onFocus = (event: globalThis.Event): void => {
      if (!isTab || !(event instanceof FocusEvent) || !(event.target instanceof Element)) return
      const isFromOutside = !(event.relatedTarget instanceof Node && element.contains(event.relatedTarget))
      if (!isFromOutside || event.target.matches('[data-id] > [tabindex="0"]')) return
      // Nothing else is to hear that the focus was there: that row would be taken for the one that was reached.
      event.stopPropagation()
      enter()
    }
    const onKey = (event: globalThis.Event): void => {
      if (!(event instanceof KeyboardEvent) || event.key !== 'Tab' || !(event.target instanceof Element))
        return
      const row = event.target.closest('[data-id]')
      if (row === null) return
      const stops = [...row.querySelectorAll(TABBABLE)].filter((stop) =>
        stop.checkVisibility({ visibilityProperty: true }),
      )
      const edge = event.shiftKey ? stops[0] : stops.at(-1)
      if (event.target !== edge) return
      // From here the browser itself goes on to what is before or after the list.
      element.querySelector<HTMLElement>(`[data-edge="${event.shiftKey ? 'start' : 'end'}"]`)?.focus()
    }
    const endings = [
      listenTo(window, ['keydown', 'pointerdown'], onInput, true),
      listenTo(element, ['focusin'], onFocus),
      listenTo(element, ['keydown'], onKey),
    ]
    return () => endings.forEach((end) => end())
  }, [list, enter])
}
