/** In the order of the picker. */
export const GROUPS = [
  'smileys',
  'people',
  'nature',
  'food',
  'travel',
  'activities',
  'objects',
  'symbols',
  'flags',
] as const
export type Group = (typeof GROUPS)[number]

export interface Emoji {
  readonly emoji: string
  readonly group: Group
  /** What stands between colons for it, the best known first. */
  readonly names: readonly string[]
  readonly label: string
  /** The label and what else it is looked for by, without accents and capitals. */
  readonly words: readonly string[]
  /** From light to dark; empty: it has none. */
  readonly tones: readonly string[]
}

type Shapes = readonly (readonly (readonly [emoji: string, names: string, tones?: readonly string[]])[])[]
type Words = readonly (readonly (readonly [label: string, tags: string])[])[]

/** Joins what emoji look like with what they are called in one language. */
export const emojiSet = (shapes: Shapes, words: Words): readonly Emoji[] =>
  shapes.flatMap((group, g) =>
    group.map(([emoji, names, tones = []], i): Emoji => {
      const [label = '', tags = ''] = words[g]?.[i] ?? []
      return {
        emoji,
        group: GROUPS[g] ?? 'symbols',
        names: names.split(' '),
        label,
        words: [...wordsOf(label), ...wordsOf(tags)],
        tones,
      }
    }),
  )

export const plain = (text: string): string =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase()

const wordsOf = (text: string): readonly string[] =>
  plain(text)
    .split(/[\s,:()“”-]+/)
    .filter(Boolean)

/** 0 is light, 4 dark; undefined: as the emoji is without one. */
export type Tone = 0 | 1 | 2 | 3 | 4 | undefined

export const inTone = ({ emoji, tones }: Emoji, tone: Tone): string =>
  (tone === undefined ? undefined : tones[tone]) ?? emoji

/** How well an emoji fits one word; undefined: not at all. */
function fit({ names, words }: Emoji, word: string): number | undefined {
  if (names.includes(word)) return 0
  if (names.some((name) => name.startsWith(word))) return 1
  if (words.includes(word)) return 2
  if (words.some((each) => each.startsWith(word))) return 3
  if (word.length > 2 && names.some((name) => name.includes(word))) return 4
  return undefined
}

/** Those that fit every word of the query, the best first, and otherwise in their own order. */
export function findEmoji(all: readonly Emoji[], query: string): readonly Emoji[] {
  const whole = plain(query.trim()).replace(/^:|:$/g, '')
  // `thumbs up` and `thumbs_up` are one: names are written with bars.
  const wanted = whole.split(/[\s_]+/).filter(Boolean)
  if (wanted.length === 0) return []
  const found = all.flatMap((emoji) => {
    const byName = fit(emoji, whole.replace(/\s+/g, '_'))
    const fits = wanted.map((word) => fit(emoji, word))
    const byWords = fits.includes(undefined) ? undefined : Math.max(...fits.map((each) => each ?? 0))
    const best = byName ?? (byWords === undefined ? undefined : byWords + (wanted.length > 1 ? 1 : 0))
    return best === undefined ? [] : [{ emoji, best }]
  })
  return found.toSorted((a, b) => a.best - b.best).map(({ emoji }) => emoji)
}

/** The one that this stands for between colons. */
export const named = (all: readonly Emoji[], name: string): Emoji | undefined =>
  all.find(({ names }) => names.includes(name.toLowerCase()))
