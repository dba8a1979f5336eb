/**
 * What search takes a text for: a row of words, single signs (of scripts written without spaces) and
 * emoji, each folded so that case, accents and forms of the same letter do not matter. The server
 * indexes and a device looks through texts by the same rows, so both find the same.
 */
export interface SearchToken {
  /** Folded; equal keys are the same word. */
  readonly key: string
  /** Whether it is a sign or an emoji, of which several in a row make a word: found anywhere, not only from a word's beginning. */
  readonly isSign: boolean
  /** Where it stands in the text, in UTF-16 code units; never within a sign as people see it. */
  readonly start: number
  readonly end: number
}

/** Longer words are the same when they begin alike: an index has no room for more. In UTF-16 code units. */
const MAX_KEY = 40

/** Scripts that put no spaces between words, or whose words grow endings. */
const SPACELESS = String.raw`[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Bopomofo}\p{scx=Hangul}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}\p{scx=Tibetan}]`
const LETTER = String.raw`[\p{L}\p{N}]`
/** What belongs to the sign before, or is not seen: marks, skin colours, joiners, soft hyphens. */
const MARKS = String.raw`\p{M}\p{Emoji_Modifier}`
const WITHIN = String.raw`${MARKS}\u00AD\u200C\u200D`
const SIGN = String.raw`[${LETTER}&&${SPACELESS}][${WITHIN}\uFF9E\uFF9F]*`
const WORD = String.raw`[${LETTER}--${SPACELESS}][[${LETTER}--${SPACELESS}]${WITHIN}]*`
const PICTURE = String.raw`\p{Extended_Pictographic}[${MARKS}\u{E0020}-\u{E007F}]*`
const EMOJI = String.raw`\p{RI}\p{RI}[${MARKS}]*|${PICTURE}(?:\u200D${PICTURE})*`

const TOKEN = new RegExp(`(?<emoji>${EMOJI})|(?<sign>${SIGN})|${WORD}`, 'gv')
const LOOKS = /[\uFE0F\p{Emoji_Modifier}]/gu

/** A text as search sees it. */
export function searchTokens(text: string): SearchToken[] {
  return Array.from(text.matchAll(TOKEN)).flatMap(({ 0: found, index: start, groups }) => {
    const { emoji, sign } = groups ?? {}
    // Whatever the colour of the skin.
    const key = emoji === undefined ? fold(found) : emoji.replace(LOOKS, '')
    // Letters that are marks by themselves, like a lone tatweel: without them there is no word.
    if (key.trim() === '') return []
    return [{ key: cut(key), isSign: (emoji ?? sign) !== undefined, start, end: start + found.length }]
  })
}

/** Letters that Unicode does not take apart, though people who lack the key for them write the others. */
const ALIKE: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  ħ: 'h',
  ŧ: 't',
  þ: 'th',
  ı: 'i',
  ς: 'σ',
}
const ALIKES = new RegExp(`[${Object.keys(ALIKE).join('')}]`, 'g')

/**
 * Accents and vowel points of alphabets that are also written without them, and what is not seen: joiners,
 * selectors of a form, skin colours, soft hyphens. Not the marks of Indic and Thai scripts, nor the
 * voicing of kana: there the marks are the letters.
 */
const ACCENTS =
  /[\u0300-\u036F\u0483-\u0487\u0591-\u05C7\u0610-\u061A\u0640\u064B-\u065F\u0670\u06D6-\u06DC\u06DF-\u06E8\u06EA-\u06ED\u200C-\u200D\p{Variation_Selector}\p{Emoji_Modifier}\u00AD]/gu

const ASCII = /^[\u0000-\u007f]*$/

/** The one form of all that is the same to a reader: lower case, without accents, of full width. */
export function fold(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase()
  return text
    .normalize('NFKD')
    .replace(ACCENTS, '')
    .toLowerCase()
    .replace(ALIKES, (letter) => ALIKE[letter] ?? letter)
    .normalize('NFC')
}

/** The shortest beginning of a word that finds it, in signs; a shorter one finds only itself. */
const PREFIX_SIGNS = 3

/** The beginning by which an index finds words that are still being typed; undefined for words too short for that. */
export function prefixOf(key: string): string | undefined {
  const signs = [...key.slice(0, 2 * PREFIX_SIGNS)]
  return signs.length < PREFIX_SIGNS ? undefined : signs.slice(0, PREFIX_SIGNS).join('')
}

function cut(key: string): string {
  if (key.length <= MAX_KEY) return key
  const short = key.slice(0, MAX_KEY)
  // Not within a pair of surrogates: half a sign is none.
  return short.isWellFormed() ? short : short.slice(0, -1)
}
