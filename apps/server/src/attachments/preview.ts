import { writeFile } from 'node:fs/promises'
import sharp from 'sharp'
import { onDisk } from './file-store.ts'

/** What a preview is made of, by the media type of the bytes, and what of libvips reads it. */
const LOADERS: Readonly<Record<string, string>> = {
  'image/jpeg': 'VipsForeignLoadJpeg',
  'image/png': 'VipsForeignLoadPng',
  'image/apng': 'VipsForeignLoadPng',
  'image/webp': 'VipsForeignLoadWebp',
  'image/gif': 'VipsForeignLoadNsgif',
  'image/avif': 'VipsForeignLoadHeif',
  'image/tiff': 'VipsForeignLoadTiff',
}

// Whatever else libvips can read (SVG, PDF, …) it is not to try, however well a file is disguised.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({ operation: [...new Set(Object.values(LOADERS))] })
sharp.cache(false)
sharp.concurrency(1)

const MAX_EDGE = 480
const QUALITY = 75
/** A few KB can unfold to gigabytes; no camera makes more than this by much. */
const MAX_PIXELS = 100_000_000
const MAX_SECONDS = 20

/** As it is shown: turned as the camera was held. */
export interface Dimensions {
  readonly width: number
  readonly height: number
}

export const canHavePreview = (mediaType: string): boolean => mediaType in LOADERS

interface Preview extends Dimensions {
  readonly webp: Buffer
}

/**
 * Measures an image and writes a small WebP of it, of its first frame, without what the camera
 * noted (place, device, thumbnail). Undefined if it cannot be read, or is too large to be unfolded.
 */
export async function writePreview(path: string, target: string): Promise<Dimensions | undefined> {
  const preview = await inTurn(() => previewOf(path))
  if (preview === undefined) return undefined
  await onDisk(() => writeFile(target, preview.webp, { mode: 0o600 }))
  return { width: preview.width, height: preview.height }
}

async function previewOf(path: string): Promise<Preview | undefined> {
  try {
    const image = sharp(path, { failOn: 'error', limitInputPixels: MAX_PIXELS, sequentialRead: true })
    const { autoOrient } = await image.metadata()
    const webp = await image
      .autoOrient()
      .resize(MAX_EDGE, MAX_EDGE, { fit: 'inside', withoutEnlargement: true })
      .webp({ quality: QUALITY })
      .timeout({ seconds: MAX_SECONDS })
      .toBuffer()
    return { ...autoOrient, webp }
  } catch {
    // libvips does not tell apart what is broken from what is beyond a limit: both are files like any other.
    return undefined
  }
}

let last: Promise<unknown> = Promise.resolve()

/** One after the other: two large images at once would need twice the memory. */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const done = last.then(work)
  last = done.catch(() => undefined)
  return done
}
