import {
  type ConversationId,
  type MessageEvent,
  prefixOf,
  type Seq,
  searchableTexts,
  searchTokens,
  type UserId,
  type Wanted,
  type Wants,
} from '@parley/protocol'

/**
 * How a message stands in the index: as a `tsvector` of our own making, because PostgreSQL's own
 * parsers know no words in languages without spaces, and their dictionaries are another on each
 * server. Its lexemes, by their first sign:
 *
 * - `=` a word; of signs, each of them and each two of them. With positions, for phrases.
 * - `^` the beginning of a word, by which it is found while it is being typed.
 * - `#` the place: the conversation and which thousand of its log (see {@link placeOf}).
 * - `@` the author; `+file` that something is attached.
 */
export function toVector(
  conversation: ConversationId,
  message: Pick<MessageEvent, 'seq' | 'author' | 'text' | 'attachments'>,
): string {
  const bare = new Set([placeOf(conversation, thousandOf(message.seq)), `@${short(message.author)}`])
  if (message.attachments !== undefined) bare.add('+file')
  const places = new Map<string, number[]>()
  const put = (lexeme: string, position: number): void => {
    const positions = places.get(lexeme)
    if (positions === undefined) places.set(lexeme, [position])
    else positions.push(position)
  }
  let position = 0
  for (const text of searchableTexts(message)) {
    const tokens = searchTokens(text.slice(0, MAX_LENGTH))
    for (const [index, { key, isSign }] of tokens.entries()) {
      if (position >= MAX_POSITION) break
      position += 1
      put(`=${key}`, position)
      const next = tokens[index + 1]
      if (isSign && next?.isSign) put(`=${key}${next.key}`, position)
      const prefix = isSign ? undefined : prefixOf(key)
      if (prefix !== undefined) bare.add(`^${prefix}`)
    }
    // No phrase goes on from one text into the next.
    position += 1
  }
  return [
    ...[...bare].map(quote),
    ...Array.from(places, ([lexeme, positions]) => `${quote(lexeme)}:${positions.join(',')}`),
  ].join(' ')
}

/**
 * Where a `tsvector` ends, which counts to 16,383 and holds a million bytes. Both are far beyond what
 * a message may be unless its limit is raised; what lies behind is not found.
 */
const MAX_POSITION = 16_000
const MAX_LENGTH = 65_536

/** So many events make a place: few enough to look through at once, many enough for a log to have few places. */
export const PLACE_EVENTS = 1024
export const thousandOf = (seq: Seq): number => Math.floor((seq - 1) / PLACE_EVENTS)
export const placeOf = (conversation: ConversationId, thousand: number): string =>
  `#${short(conversation)}.${thousand}`

const short = (id: string): string => Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url')
const quote = (lexeme: string): string => `'${lexeme.replaceAll(/['\\]/g, '$&$&')}'`

/** What is asked of the index, as `tsquery`s. */
export interface IndexQuery {
  /** Finds a superset, with the index alone. */
  readonly candidates: string
  /** What the words of a candidate must fulfil beyond that; undefined: nothing. */
  readonly condition: string | undefined
  /** Whether the words stand there whole; undefined: they always do. */
  readonly whole: string | undefined
  /** Whether they stand there one after the other; undefined: they cannot. */
  readonly ordered: string | undefined
}

export interface IndexFilters {
  /** Any of these; undefined: anybody. */
  readonly authors: readonly UserId[] | undefined
  readonly hasFile: boolean
}

export function toIndexQuery(
  { present, absent, inOrder }: Wants,
  { authors, hasFile }: IndexFilters,
): IndexQuery {
  const candidates = new Set(present.flatMap((wanted) => lexemesOf(wanted)))
  const filters = [
    ...(authors === undefined ? [] : [`(${authors.map((user) => quote(`@${short(user)}`)).join(' | ')})`]),
    ...(hasFile ? [quote('+file')] : []),
  ]
  const conditions = [
    ...present.filter(isMoreThanLexemes).map(phrase),
    ...absent.map((wanted) => `!(${phrase(wanted)})`),
  ]
  const isOpen = present.some((wanted) => wanted.isOpen)
  return {
    candidates: [...[...candidates].map(quote), ...filters].join(' & '),
    condition: conditions.length === 0 ? undefined : conditions.join(' & '),
    whole: isOpen ? present.map((wanted) => phrase({ ...wanted, isOpen: false })).join(' & ') : undefined,
    ordered: inOrder === undefined ? undefined : phrase(inOrder),
  }
}

/** What every message that holds the wanted has in its vector. */
function lexemesOf({ keys, isOpen }: Wanted): string[] {
  const whole = steps(isOpen ? keys.slice(0, -1) : keys).map(({ lexeme }) => lexeme)
  const prefix = isOpen ? prefixOf(keys.at(-1)?.key ?? '') : undefined
  return prefix === undefined ? whole : [...whole, `^${prefix}`]
}

/** Whether its lexemes do not say it all: they may stand anywhere, and begin longer words. */
function isMoreThanLexemes({ keys, isOpen }: Wanted): boolean {
  const last = keys.at(-1)?.key ?? ''
  return steps(keys).length > 1 || (isOpen && last !== prefixOf(last))
}

/** A row of tokens as lexemes, each with its distance from the beginning. */
function steps(keys: Wanted['keys']): { lexeme: string; position: number }[] {
  return keys.flatMap(({ key, isSign }, position) => {
    const next = keys[position + 1]
    if (isSign && next?.isSign) return [{ lexeme: `=${key}${next.key}`, position }]
    // The pair before it says the last sign of a row already.
    if (isSign && keys[position - 1]?.isSign) return []
    return [{ lexeme: `=${key}`, position }]
  })
}

/** The wanted, word after word. */
function phrase({ keys, isOpen }: Wanted): string {
  const row = steps(keys)
  return row
    .map(({ lexeme, position }, index) => {
      const before = row[index - 1]
      const step = before === undefined ? '' : ` <${position - before.position}> `
      return `${step}${quote(lexeme)}${isOpen && index === row.length - 1 ? ':*' : ''}`
    })
    .join('')
}
