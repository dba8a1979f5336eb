import type { Attachment, Millis } from './events.ts'
import type { SearchQuery } from './search-query.ts'
import { fold, prefixOf, type SearchToken, searchTokens } from './search-text.ts'

/** A word or several in a row, as both an index and a text are asked for it. */
export interface Wanted {
  readonly keys: readonly Pick<SearchToken, 'key' | 'isSign'>[]
  /** Whether the last word may go on: somebody is still typing it. */
  readonly isOpen: boolean
}

/** A query's words as search sees them. What holds none, like "!!!", is left out. */
export interface Wants {
  readonly present: readonly Wanted[]
  readonly absent: readonly Wanted[]
}

export function wantsOf({ terms }: SearchQuery): Wants {
  const wanted = terms.flatMap(({ text, isPhrase, isExcluded }, index) => {
    const keys = searchTokens(text)
    const last = keys.at(-1)
    if (last === undefined) return []
    const isTyped = index === terms.length - 1 && !isPhrase && !isExcluded
    const isOpen = isTyped && !last.isSign && prefixOf(last.key) !== undefined
    return [{ isExcluded, wanted: { keys, isOpen } }]
  })
  const those = (isExcluded: boolean) =>
    wanted.filter((it) => it.isExcluded === isExcluded).map((it) => it.wanted)
  return { present: those(false), absent: those(true) }
}

/** Where something stands in a message's text, in UTF-16 code units: from `start` up to, not including, `end`. */
export interface Highlight {
  readonly start: number
  readonly end: number
}

export interface Match {
  /** What was found in the text, in order and apart; empty where only a file's name matches. */
  readonly highlights: readonly Highlight[]
  readonly fit: Fit
}

/** How well a message answers a query. */
export interface Fit {
  /** Each word stands there as it was typed, not only as the beginning of a longer one. */
  readonly isWhole: boolean
  /** The words, if there are several, stand there one after the other. */
  readonly isInOrder: boolean
}

export interface Searchable {
  readonly text: string
  readonly attachments?: readonly Attachment[] | undefined
}

/** The texts of a message that are looked through: its own, and the names of its files. */
export const searchableTexts = ({ text, attachments = [] }: Searchable): string[] => [
  text,
  ...attachments.map(({ name }) => name),
]

/** Several that are wanted as one: all of them, one after the other. */
export const inOrder = (wanted: readonly Wanted[]): Wanted => ({
  keys: wanted.flatMap(({ keys }) => keys),
  isOpen: wanted.at(-1)?.isOpen ?? false,
})

/** How a message answers a query; undefined when it does not. */
export function findIn(message: Searchable, { present, absent }: Wants): Match | undefined {
  const texts = searchableTexts(message).map(searchTokens)
  const isIn = (wanted: Wanted): boolean => texts.some((tokens) => find(tokens, wanted).length > 0)
  if (!present.every(isIn) || absent.some(isIn)) return undefined
  const [own = []] = texts
  return {
    highlights: merge(
      present
        .flatMap((wanted) => find(own, wanted))
        .map(({ from, to }) => ({ start: own[from]?.start ?? 0, end: own[to - 1]?.end ?? 0 })),
    ),
    fit: {
      isWhole: present.every((wanted) => isIn({ ...wanted, isOpen: false })),
      isInOrder: present.length > 1 && isIn(inOrder(present)),
    },
  }
}

/** Where the wanted stands in a row of tokens: from one place up to, not including, another. */
function find(tokens: readonly SearchToken[], { keys, isOpen }: Wanted): { from: number; to: number }[] {
  const last = keys.length - 1
  const isAt = (from: number): boolean =>
    keys.every(({ key, isSign }, index) => {
      const token = tokens[from + index]
      if (token === undefined || token.isSign !== isSign) return false
      return token.key === key || (isOpen && index === last && token.key.startsWith(key))
    })
  return tokens.flatMap((_, from) => (isAt(from) ? [{ from, to: from + keys.length }] : []))
}

function merge(highlights: readonly Highlight[]): Highlight[] {
  const merged: Highlight[] = []
  for (const { start, end } of highlights.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1)
    if (last !== undefined && start <= last.end)
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, end) }
    else merged.push({ start, end })
  }
  return merged
}

/** What a better fit is worth. */
const MONTH = 30 * 86_400_000

/**
 * What results are ordered by, highest first: when it was said, and that whole words, and words in
 * order, each count as much as a month. The difference of two scores does not change as time passes,
 * so an order once shown stays.
 */
export const searchScore = (at: Millis, { isWhole, isInOrder }: Fit): number =>
  at + (isWhole ? MONTH : 0) + (isInOrder ? MONTH : 0)

/** Whether a conversation of this title is meant by what stands behind `in:`. */
export const isTitled = (title: string, wanted: string): boolean => fold(title).startsWith(fold(wanted))
