import { type RefObject, useState } from 'react'
import { CLOSER, panned, type Size, STEP, WHOLE, type Zoom, zoomed } from './zoom.ts'

interface Point {
  readonly x: number
  readonly y: number
}

export interface Zooming {
  readonly zoom: Zoom
  readonly isClose: boolean
  /** Around a place of the window. */
  by(factor: number, at: Point): void
  pan(by: Point): void
  step(direction: 1 | -1): void
  /** Close to what was pointed at, or back to the whole. */
  toggle(at: Point): void
  reset(): void
}

/** How close a picture is looked at; another one is seen whole first. */
export function useZoom(
  stage: RefObject<HTMLElement | null>,
  picture: Size & { readonly id: string },
): Zooming {
  const [kept, setKept] = useState({ id: picture.id, zoom: WHOLE })
  const zoom = kept.id === picture.id ? kept.zoom : WHOLE
  const change = (next: (before: Zoom, drawn: Size, frame: DOMRect) => Zoom): void => {
    const frame = stage.current?.getBoundingClientRect()
    if (frame === undefined) return
    setKept((before) => {
      const from = before.id === picture.id ? before.zoom : WHOLE
      return { id: picture.id, zoom: next(from, fitted(picture, frame), frame) }
    })
  }
  const by = (factor: number, { x, y }: Point): void =>
    change((before, drawn, frame) => {
      const at = { x: x - frame.left - frame.width / 2, y: y - frame.top - frame.height / 2 }
      return zoomed(before, factor, at, drawn, frame)
    })
  return {
    zoom,
    isClose: zoom.scale > 1,
    by,
    pan: (distance) => change((before, drawn, frame) => panned(before, distance, drawn, frame)),
    step: (direction) =>
      change((before, drawn, frame) => zoomed(before, STEP ** direction, { x: 0, y: 0 }, drawn, frame)),
    toggle: (at) => (zoom.scale > 1 ? setKept({ id: picture.id, zoom: WHOLE }) : by(CLOSER, at)),
    reset: () => setKept({ id: picture.id, zoom: WHOLE }),
  }
}

/** As large as it is drawn when it is whole. */
function fitted({ width, height }: Size, frame: Size): Size {
  const scale = Math.min(1, frame.width / width, frame.height / height)
  return { width: width * scale, height: height * scale }
}
