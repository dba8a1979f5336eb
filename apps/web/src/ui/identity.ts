import { once } from '../i18n/format.ts'

const HUES = 16

/** The same id has the same hue on every device; steps wide enough that neighbours look different. */
export function hueOf(id: string): number {
  let hash = 0
  for (const character of id) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) >>> 0
  return ((hash % HUES) * 360) / HUES
}

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

/** Where a letter is one character for certain: not before a mark or a joiner. The segmenter takes long to make. */
const SIMPLE =
  /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Nd}](?=[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Nd}]|$)/u

const segmenter = once(() => new Intl.Segmenter(undefined, { granularity: 'grapheme' }))

function firstLetter(word: string): string {
  const simple = SIMPLE.exec(word)?.[0]
  if (simple !== undefined && /[\p{L}\p{N}]/u.test(simple)) return simple
  for (const { segment } of segmenter().segment(word))
    if (/[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(segment)) return segment
  return ''
}
