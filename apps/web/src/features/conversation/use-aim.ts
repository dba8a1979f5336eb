import type { EventId } from '@parley/protocol'
import type { Virtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useLayoutEffect, useRef } from 'react'
import { listenTo } from '../../platform/listen.ts'
import { indexOfId, type Row } from './rows.ts'

type Align = 'start' | 'center'

/** As many frames as scrolling to a row takes at most, once nothing comes in between. */
const SETTLED_FRAMES = 8

/**
 * Scrolls to a row. The list does so by the row's place, over several frames; what loads meanwhile above it moves it to
 * another place. The row is what was meant, not whatever stands there then: so it is aimed at anew until all is still.
 */
export function useAim(virtualizer: Virtualizer<HTMLDivElement, Element>, rows: readonly Row[]) {
  const aim = useRef<{ readonly id: EventId; readonly align: Align }>(undefined)
  const frame = useRef(0)
  const scroll = useCallback(
    (index: number, align: Align) => {
      virtualizer.scrollToIndex(index, { align })
      cancelAnimationFrame(frame.current)
      let frames = 0
      frame.current = requestAnimationFrame(function wait() {
        frames += 1
        if (frames < SETTLED_FRAMES) frame.current = requestAnimationFrame(wait)
        else aim.current = undefined
      })
    },
    [virtualizer],
  )
  useLayoutEffect(() => {
    const index = aim.current === undefined ? -1 : indexOfId(rows, aim.current.id)
    if (aim.current !== undefined && index >= 0) scroll(index, aim.current.align)
  }, [rows, scroll])
  useEffect(() => {
    // Whoever scrolls by hand meanwhile wants to be elsewhere.
    const end = listenTo(window, ['wheel', 'pointerdown', 'keydown'], () => {
      aim.current = undefined
    })
    return () => {
      end()
      cancelAnimationFrame(frame.current)
    }
  }, [])
  return useCallback(
    (id: EventId, index: number, align: Align) => {
      aim.current = { id, align }
      scroll(index, align)
    },
    [scroll],
  )
}
