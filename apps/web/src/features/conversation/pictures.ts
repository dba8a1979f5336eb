/** Of these kinds the server makes previews, and browsers show them. */
const PICTURES = new Set(['image/jpeg', 'image/png', 'image/apng', 'image/webp', 'image/gif', 'image/avif'])

export const isPicture = (mediaType: string): boolean => PICTURES.has(mediaType)

/** The longest side of a picture in the timeline, in CSS pixels. */
const LONGEST_SIDE = 320

/** How large a picture is shown: whole, in its proportions, and never larger than it is. */
export function fitPicture(
  width: number,
  height: number,
): { readonly width: number; readonly height: number } {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}
