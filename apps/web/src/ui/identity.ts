const HUES = 16

/** The same id has the same hue on every device; steps wide enough that neighbours look different. */
export function hueOf(id: string): number {
  let hash = 0
  for (const character of id) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) >>> 0
  return ((hash % HUES) * 360) / HUES
}

const segments = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** First letters of the first and the last word, by what a reader calls a letter. */
export function initialsOf(name: string): string {
  const words = name
    .trim()
    .split(/\s+/u)
    .map(firstLetter)
    .filter((letter) => letter !== '')
  const [first = '?'] = words
  const last = words.length > 1 ? (words.at(-1) ?? '') : ''
  return (first + last).toLocaleUpperCase()
}

function firstLetter(word: string): string {
  for (const { segment } of segments.segment(word))
    if (/[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(segment)) return segment
  return ''
}
