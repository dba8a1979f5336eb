import type { EventId } from '@parley/protocol'
import { type PointerEvent, type SyntheticEvent, useMemo, useRef } from 'react'

const HOLD_MILLIS = 450
/** A finger is never quite still. */
const STILL_PIXELS = 10
const REPLY_PIXELS = 56
const FARTHEST_PIXELS = 72

interface Touch {
  readonly id: EventId
  readonly article: HTMLElement
  readonly x: number
  readonly y: number
  /** Along the reading direction. */
  readonly sign: 1 | -1
  timer: ReturnType<typeof setTimeout>
  state: 'still' | 'swiping' | 'over'
  way: number
}

interface TouchDeeds {
  readonly onHold: (id: EventId) => void
  readonly onSwipe: (id: EventId) => void
}

/** A finger that rests on a message asks what can be done with it; one that draws it aside answers it. */
export function useTouch({ onHold, onSwipe }: TouchDeeds) {
  const touch = useRef<Touch>(undefined)
  return useMemo(() => {
    const end = (): void => {
      const { current } = touch
      if (current === undefined) return
      clearTimeout(current.timer)
      current.article.style.removeProperty('translate')
      current.article.removeAttribute('data-swiping')
      touch.current = undefined
    }
    return {
      onPointerDown: ({ pointerType, isPrimary, target, clientX, clientY }: PointerEvent): void => {
        end()
        if (pointerType !== 'touch' || !isPrimary || !(target instanceof Element)) return
        const article = target.closest<HTMLElement>('article')
        const id = target.closest<HTMLElement>('[data-id]')?.dataset['id'] as EventId | undefined
        // What scrolls or is pressed itself keeps its own way of being touched.
        if (article === null || id === undefined || target.closest('pre, button, input') !== null) return
        touch.current = {
          id,
          article,
          x: clientX,
          y: clientY,
          sign: getComputedStyle(article).direction === 'rtl' ? -1 : 1,
          timer: setTimeout(() => {
            end()
            onHold(id)
          }, HOLD_MILLIS),
          state: 'still',
          way: 0,
        }
      },
      onPointerMove: ({ clientX, clientY }: PointerEvent): void => {
        const { current } = touch
        if (current === undefined || current.state === 'over') return
        const [along, across] = [(clientX - current.x) * current.sign, Math.abs(clientY - current.y)]
        if (current.state === 'still') {
          if (Math.abs(along) < STILL_PIXELS && across < STILL_PIXELS) return
          clearTimeout(current.timer)
          current.state = along > across ? 'swiping' : 'over'
          if (current.state === 'swiping') current.article.dataset['swiping'] = ''
        }
        current.way = Math.min(Math.max(0, along), FARTHEST_PIXELS)
        current.article.style.translate = `${current.way * current.sign}px`
      },
      onPointerUp: (): void => {
        const { current } = touch
        end()
        if (current?.state === 'swiping' && current.way >= REPLY_PIXELS) onSwipe(current.id)
      },
      onPointerCancel: end,
      // The browser's own menu of a long press would lie over ours.
      onContextMenu: (event: SyntheticEvent): void => {
        if (event.nativeEvent instanceof globalThis.PointerEvent && event.nativeEvent.pointerType === 'touch')
          event.preventDefault()
      },
    }
  }, [onHold, onSwipe])
}
