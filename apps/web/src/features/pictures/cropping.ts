/** Which square of an image is taken: its middle, in parts of the image's width and height, and how much nearer than at first. */
export interface Crop {
  readonly x: number
  readonly y: number
  readonly zoom: number
}

export interface Size {
  readonly width: number
  readonly height: number
}

/** A part of an image, in its own pixels. */
export interface Square {
  readonly left: number
  readonly top: number
  readonly edge: number
}

export const MAX_ZOOM = 4
export const WHOLE: Crop = { x: 0.5, y: 0.5, zoom: 1 }

const within = (value: number, least: number, most: number): number =>
  Math.min(Math.max(value, least), Math.max(least, most))

/** The nearest crop that has no place beside the image in it. */
export function fitted(crop: Crop, { width, height }: Size): Crop {
  const zoom = within(Number.isFinite(crop.zoom) ? crop.zoom : 1, 1, MAX_ZOOM)
  const edge = Math.min(width, height) / zoom
  const [halfX, halfY] = [edge / 2 / width, edge / 2 / height]
  return { x: within(crop.x, halfX, 1 - halfX), y: within(crop.y, halfY, 1 - halfY), zoom }
}

export function squareOf(crop: Crop, { width, height }: Size): Square {
  const edge = Math.min(width, height) / crop.zoom
  return { left: crop.x * width - edge / 2, top: crop.y * height - edge / 2, edge }
}

/** Moved by so many parts of the square that is shown: a finger keeps the place it has taken hold of. */
export function moved(crop: Crop, size: Size, right: number, down: number): Crop {
  const { edge } = squareOf(crop, size)
  return fitted(
    { ...crop, x: crop.x - (right * edge) / size.width, y: crop.y - (down * edge) / size.height },
    size,
  )
}

export const zoomed = (crop: Crop, size: Size, zoom: number): Crop => fitted({ ...crop, zoom }, size)
