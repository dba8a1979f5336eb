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

/** How many stand side by side: without holes where that can be. */
export const columnsFor = (count: number): number => (count === 1 ? 1 : count === 2 || count === 4 ? 2 : 3)

/** The end of a name, with what its ending is. */
const END_LENGTH = 9

/** A name in two parts: the first may be cut off at its end, the second says what kind of file it is. */
export function cutName(name: string): { readonly start: string; readonly end: string } {
  const letters = [...new Intl.Segmenter().segment(name)].map(({ segment }) => segment)
  if (letters.length <= 2 * END_LENGTH) return { start: name, end: '' }
  return { start: letters.slice(0, -END_LENGTH).join(''), end: letters.slice(-END_LENGTH).join('') }
}
