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
  /** Each once. */
  readonly present: readonly Wanted[]
  readonly absent: readonly Wanted[]
  /** All that is to be there as it was typed, one after the other; undefined of one. */
  readonly inOrder: Wanted | undefined
}

export function wantsOf({ terms }: Pick<SearchQuery, 'terms'>): Wants {
  const wanted = terms.flatMap(({ text, isPhrase, isExcluded }, index) => {
    const keys = searchTokens(text).map(({ key, isSign }) => ({ key, isSign }))
    const last = keys.at(-1)
    if (last === undefined) return []
    const isTyped = index === terms.length - 1 && !isPhrase && !isExcluded
    const isOpen = isTyped && !last.isSign && prefixOf(last.key) !== undefined
    return [{ isExcluded, wanted: { keys, isOpen } }]
  })
  const those = (isExcluded: boolean): Wanted[] =>
    wanted.filter((it) => it.isExcluded === isExcluded).map((it) => it.wanted)
  const typed = those(false)
  const inOrder = { keys: typed.flatMap(({ keys }) => keys), isOpen: typed.at(-1)?.isOpen ?? false }
  return {
    present: unique(typed),
    absent: unique(those(true)),
    inOrder: typed.length > 1 ? inOrder : undefined,
  }
}

const unique = (wanted: readonly Wanted[]): Wanted[] => [
  ...new Map(wanted.map((each) => [JSON.stringify(each), each])).values(),
]

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

/** How a message answers a query; undefined when it does not. */
export function findIn(message: Searchable, { present, absent, inOrder }: Wants): Match | undefined {
  const finders = searchableTexts(message).map(finderIn)
  const isIn = (wanted: Wanted): boolean => finders.some((find) => find(wanted).length > 0)
  if (absent.some(isIn)) return undefined
  const found = present.map((wanted) => finders.map((find) => find(wanted)))
  if (found.some((inTexts) => inTexts.every(({ length }) => length === 0))) return undefined
  return {
    highlights: merge(found.flatMap(([inText = []]) => inText)),
    fit: {
      isWhole: present.every((wanted) => !wanted.isOpen || isIn({ ...wanted, isOpen: false })),
      isInOrder: inOrder !== undefined && isIn(inOrder),
    },
  }
}

/**
 * Answers where what is wanted stands in a text. Words are numbered first, and only places where the
 * first of a row stands are looked at: the longest row is found in the longest text in a moment.
 */
function finderIn(text: string): (wanted: Wanted) => Highlight[] {
  const tokens = searchTokens(text)
  const numbers = new Map<string, number>()
  const places: number[][] = []
  const row = tokens.map((token, place) => {
    const name = nameOf(token)
    const number = numbers.get(name) ?? numbers.size
    numbers.set(name, number)
    ;(places[number] ??= []).push(place)
    return number
  })
  return ({ keys, isOpen }) => {
    const last = keys.length - 1
    const open = isOpen ? keys[last] : undefined
    const wanted = (open === undefined ? keys : keys.slice(0, -1)).map((key) => numbers.get(nameOf(key)))
    if (wanted.includes(undefined)) return []
    const [first] = wanted
    const candidates = first === undefined ? [...tokens.keys()] : (places[first] ?? [])
    return candidates.flatMap((place) => {
      const [begin, end] = [tokens[place], tokens[place + last]]
      if (begin === undefined || end === undefined) return []
      for (let index = 0; index < wanted.length; index += 1)
        if (row[place + index] !== wanted[index]) return []
      if (open !== undefined && (end.isSign || !end.key.startsWith(open.key))) return []
      return [{ start: begin.start, end: end.end }]
    })
  }
}

/** A word and a sign that are written alike are not the same. */
const nameOf = ({ key, isSign }: Wanted['keys'][number]): string => (isSign ? ` ${key}` : key)

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
