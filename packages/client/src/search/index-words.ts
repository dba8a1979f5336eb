import { type MessageEvent, searchableTexts, searchTokens, type Wanted, type Wants } from '@parley/protocol'

/** Beside its words, what a message is found by; no word begins with such a sign. */
export const MARK = {
  /** Every message has it; also parts a text from what stands behind it, so that no phrase goes over its end. */
  any: '+',
  file: '+file',
  author: (number: number): string => `@${number}`,
  conversation: (number: number): string => `#${number}`,
} as const

/** The signs of marks, which a tokenizer has to take for letters. */
export const MARK_SIGNS = '+@#'

/** The server indexes no more of a text either. In UTF-16 code units. */
const MAX_LENGTH = 65_536

/** A message as one row of words, parted by spaces: its text, the names of its files, its marks. */
export function toRow(
  message: Pick<MessageEvent, 'text' | 'attachments'>,
  author: number,
  conversation: number,
): string {
  const texts = searchableTexts(message).map((text) =>
    searchTokens(text.slice(0, MAX_LENGTH))
      .map(({ key }) => key)
      .join(' '),
  )
  const marks = [MARK.author(author), MARK.conversation(conversation)]
  if (message.attachments !== undefined) marks.push(MARK.file)
  return `${texts.join(` ${MARK.any} `)} ${MARK.any} ${marks.join(' ')}`
}

/** What is asked of the index, as FTS5 understands it. */
export interface Expressions {
  readonly matching: string
  /** The words stand there whole; undefined: they always do. */
  readonly whole: string | undefined
  /** The words stand there one after the other; undefined: they cannot. */
  readonly inOrder: string | undefined
}

/** `marks`: of each group of marks one must be there. */
export function toExpressions(
  { present, absent, inOrder }: Wants,
  marks: readonly (readonly string[])[],
): Expressions {
  const groups = marks.map((group) => anyOf(group.map((mark) => `"${mark}"`)))
  const all = [...present.map(phrase), ...groups]
  const base = all.length === 0 ? `"${MARK.any}"` : all.join(' AND ')
  const matching = absent.length === 0 ? base : `(${base}) NOT ${anyOf(absent.map(phrase))}`
  const and = (more: readonly string[]): string => [`(${matching})`, ...more].join(' AND ')
  return {
    matching,
    whole: present.some(({ isOpen }) => isOpen)
      ? and(present.map((wanted) => phrase({ ...wanted, isOpen: false })))
      : undefined,
    inOrder: inOrder === undefined ? undefined : and([phrase(inOrder)]),
  }
}

const anyOf = (each: readonly string[]): string => `(${each.join(' OR ')})`

const phrase = ({ keys, isOpen }: Wanted): string =>
  `"${keys.map(({ key }) => key).join(' ')}"${isOpen ? ' *' : ''}`
