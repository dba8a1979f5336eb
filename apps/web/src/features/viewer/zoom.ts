/** How a picture is laid over the middle of its stage: so many times as large, and moved by so many pixels. */
export interface Zoom {
  readonly scale: number
  readonly x: number
  readonly y: number
}

export interface Size {
  readonly width: number
  readonly height: number
}

export const WHOLE: Zoom = { scale: 1, x: 0, y: 0 }
export const MOST = 8
/** What a double click leads to. */
export const CLOSER = 2.5
export const STEP = 1.5

const clamp = (value: number, most: number): number => Math.max(-most, Math.min(most, value))

/** No further than to where an edge of the picture meets an edge of the stage. */
function held({ scale, x, y }: Zoom, picture: Size, stage: Size): Zoom {
  if (scale <= 1) return WHOLE
  const room = (length: number, frame: number): number => Math.max(0, (length * scale - frame) / 2)
  return {
    scale,
    x: clamp(x, room(picture.width, stage.width)),
    y: clamp(y, room(picture.height, stage.height)),
  }
}

/** Larger or smaller around a point, counted from the middle of the stage: what is there stays there. */
export function zoomed(
  zoom: Zoom,
  factor: number,
  at: { x: number; y: number },
  picture: Size,
  stage: Size,
): Zoom {
  const scale = Math.max(1, Math.min(MOST, zoom.scale * factor))
  const real = scale / zoom.scale
  return held({ scale, x: at.x - (at.x - zoom.x) * real, y: at.y - (at.y - zoom.y) * real }, picture, stage)
}

export const panned = (zoom: Zoom, by: { x: number; y: number }, picture: Size, stage: Size): Zoom =>
  held({ ...zoom, x: zoom.x + by.x, y: zoom.y + by.y }, picture, stage)

export type Swipe = 'next' | 'previous' | 'close' | 'stay'

const FAR = 64

/** What a finger meant that went this far over a whole picture. */
export function swiped({ x, y }: { x: number; y: number }, isRightToLeft: boolean): Swipe {
  if (y > FAR * 1.5 && y > Math.abs(x)) return 'close'
  if (Math.abs(x) < FAR || Math.abs(x) < Math.abs(y)) return 'stay'
  return x < 0 === isRightToLeft ? 'previous' : 'next'
}
