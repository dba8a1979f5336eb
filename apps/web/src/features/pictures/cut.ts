import type { Square } from './cropping.ts'

/** Twice what the server keeps: enough for it to make the best of. */
const EDGE = 512

/** Undefined: nothing that this browser can read as a picture. */
export async function readImage(file: Blob): Promise<ImageBitmap | undefined> {
  try {
    return await createImageBitmap(file)
  } catch {
    return undefined
  }
}

/** The square as a file of its own, which has nothing of what the camera noted. Rejects where the browser has no room for it. */
export async function cut(image: ImageBitmap, { left, top, edge }: Square): Promise<Blob> {
  const canvas = document.createElement('canvas')
  canvas.width = EDGE
  canvas.height = EDGE
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('no canvas to cut a picture on')
  context.imageSmoothingQuality = 'high'
  // What has holes in it gets paper behind them, as the server would do.
  context.fillStyle = '#ffffff'
  context.fillRect(0, 0, EDGE, EDGE)
  context.drawImage(image, left, top, edge, edge, 0, 0, EDGE, EDGE)
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.92))
  if (blob === null) throw new Error('a picture could not be cut out')
  return blob
}
