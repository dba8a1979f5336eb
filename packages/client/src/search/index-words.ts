import {
  type MessageEvent,
  prefixOf,
  searchableTexts,
  searchTokens,
  type Wanted,
  type Wants,
} from '@parley/protocol'

/** Beside its words, what a message is found by; no word begins with such a sign. */
export const MARK = {
  /** Every message has it; also parts a text from what stands behind it, so that no phrase goes over its end. */
  any: '+',
  file: '+file',
  author: (number: number): string => `@${number}`,
  conversation: (number: number): string => `#${number}`,
  /** The beginning of a word, by which it is found while it is being typed. */
  beginning: (prefix: string): string => `^${prefix}`,
} as const

/** The signs of marks, which a tokenizer has to take for letters. */
export const MARK_SIGNS = '+@#^'

/** The server indexes no more of a text either. In UTF-16 code units. */
const MAX_LENGTH = 65_536

/** A message as the index takes it. */
export interface Row {
  /** Parted by spaces: its text, the names of its files, its marks. */
  readonly text: string
  readonly words: ReadonlySet<string>
}

export function toRow(
  message: Pick<MessageEvent, 'text' | 'attachments'>,
  author: number,
  conversation: number,
): Row {
  const words = new Set<string>()
  const marks = new Set([MARK.author(author), MARK.conversation(conversation)])
  if (message.attachments !== undefined) marks.add(MARK.file)
  const texts = searchableTexts(message).map((text) =>
    searchTokens(text.slice(0, MAX_LENGTH))
      .map(({ key, isSign }) => {
        const prefix = isSign ? undefined : prefixOf(key)
        if (prefix !== undefined) {
          words.add(key)
          marks.add(MARK.beginning(prefix))
        }
        return key
      })
      .join(' '),
  )
  return { text: `${texts.join(` ${MARK.any} `)} ${MARK.any} ${[...marks].join(' ')}`, words }
}

/** What is asked of the index, as FTS5 understands it. */
export interface Expressions {
  readonly matching: string
  /** The words stand there whole; undefined: they always do. */
  readonly whole: string | undefined
  /** The words stand there one after the other; undefined: they cannot. */
  readonly inOrder: string | undefined
}

/** The words in the index that begin so; undefined: they are too many to be named. */
export type Continuations = (beginning: string) => readonly string[] | undefined

/** `marks`: of each group of marks one must be there. */
export function toExpressions(
  { present, absent, inOrder }: Wants,
  marks: readonly (readonly string[])[],
  continuations: Continuations,
): Expressions {
  const groups = marks.map((group) => anyOf(group.map((mark) => `"${mark}"`)))
  const all = [
    ...present.map((wanted) => (wanted.isOpen ? open(wanted, continuations) : phrase(wanted))),
    ...groups,
  ]
  const base = all.length === 0 ? `"${MARK.any}"` : all.join(' AND ')
  const matching = absent.length === 0 ? base : `(${base}) NOT ${anyOf(absent.map(phrase))}`
  const and = (more: readonly string[]): string => [`(${matching})`, ...more].join(' AND ')
  return {
    matching,
    whole: present.some(({ isOpen }) => isOpen) ? and(present.map(phrase)) : undefined,
    inOrder: inOrder === undefined || inOrder.isOpen ? undefined : and([phrase(inOrder)]),
  }
}

const anyOf = (each: readonly string[]): string => `(${each.join(' OR ')})`

const phrase = ({ keys }: Pick<Wanted, 'keys'>): string => `"${keys.map(({ key }) => key).join(' ')}"`

/**
 * Words of which the last goes on. FTS5 answers beginnings by reading all that is said of every word behind them
 * before its first answer; what is named it reads as far as it is asked to.
 */
function open({ keys }: Wanted, continuations: Continuations): string {
  const last = keys.at(-1)
  if (last === undefined) return `"${MARK.any}"`
  if (keys.length === 1 && prefixOf(last.key) === last.key) return `"${MARK.beginning(last.key)}"`
  const words = continuations(last.key)
  if (words === undefined) return `${phrase({ keys })} *`
  // Of a word that nobody wrote there is none, and an empty row is no expression.
  const named = words.length === 0 ? [last.key] : words
  return anyOf(named.map((key) => phrase({ keys: [...keys.slice(0, -1), { ...last, key }] })))
}
