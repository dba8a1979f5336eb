import sharp from 'sharp'
import { inTurn } from '../attachments/preview.ts'

/** As large as any screen shows it, on displays with twice the pixels too. */
export const EDGE = 256
const QUALITY = 82
/** A few KB can unfold to gigabytes; no camera makes more than this by much. */
const MAX_PIXELS = 50_000_000
const MAX_SECONDS = 10

/**
 * The middle of an image as a small square WebP, the way up it was taken, without what the camera noted
 * (place, device, thumbnail) and without movement. Undefined if it cannot be read, or is too large to be unfolded.
 * What of libvips may be tried at all is said in attachments/preview.ts.
 */
export const squareOf = (bytes: Uint8Array): Promise<Buffer | undefined> =>
  inTurn(async () => {
    try {
      return await sharp(bytes, { failOn: 'error', limitInputPixels: MAX_PIXELS, sequentialRead: true })
        .autoOrient()
        .resize(EDGE, EDGE, { fit: 'cover' })
        // The initials that stand there until it is loaded must not be seen through it.
        .flatten({ background: '#ffffff' })
        .webp({ quality: QUALITY })
        .timeout({ seconds: MAX_SECONDS })
        .toBuffer()
    } catch {
      // libvips does not tell apart what is broken from what is beyond a limit: neither is a picture here.
      return undefined
    }
  })
