/**
 * What people type to find messages, on the server and offline:
 *
 * | written | means |
 * |---|---|
 * | `lunch plan` | both words, in any order; the last one may go on |
 * | `"lunch plan"` | these words, one after the other |
 * | `-lunch`, `-"lunch plan"` | not this |
 * | `from:@ana` | written by her (several: by any of them) |
 * | `in:general`, `in:"Team Berlin"`, `in:@ana` | in a conversation of this title, or with her alone (several: any) |
 * | `before:2026-01-31`, `after:2026-01-31` | before that day begins; from that day on |
 * | `has:file` | with something attached |
 *
 * Whatever looks like an operator and is none is a word: nothing that is typed is an error.
 */
export interface SearchQuery {
  readonly terms: readonly SearchTerm[]
  readonly in: readonly string[]
  /** Usernames, without the "@". */
  readonly from: readonly string[]
  readonly before?: CalendarDate
  readonly after?: CalendarDate
  readonly hasFile: boolean
}

export interface SearchTerm {
  readonly text: string
  readonly isPhrase: boolean
  readonly isExcluded: boolean
}

/** A day that exists, as `2026-01-31`; when it begins depends on where one is. */
export type CalendarDate = string

const QUOTES = '"“”„'
const QUOTED = `[${QUOTES}]([^${QUOTES}]*)[${QUOTES}]?`
// Sticky, and each reads on from where it begins without ever going back over more than one value.
const SPACE = /\s*/y
const OPERATOR = new RegExp(`(in|from|before|after|has)[:：](?:${QUOTED}|([^\\s${QUOTES}]+))`, 'iy')
const PHRASE = new RegExp(`(-?)${QUOTED}`, 'y')
const WORD = /(?:(-)(?=\S))?(\S+)/y

/** Understands what was typed; never throws. */
export function parseSearchQuery(typed: string): SearchQuery {
  const terms: SearchTerm[] = []
  const filters: Filters = { in: [], from: [], hasFile: false }
  let at = 0
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    return pattern.exec(typed)
  }
  for (;;) {
    at += take(SPACE)?.[0].length ?? 0
    if (at >= typed.length) break
    const operator = take(OPERATOR)
    const [, name = '', quoted, bare] = operator ?? []
    if (operator !== null && filter(filters, name.toLowerCase(), (quoted ?? bare ?? '').trim())) {
      at += operator[0].length
      continue
    }
    const phrase = take(PHRASE)
    const [whole = '', minus, text = ''] = phrase ?? take(WORD) ?? []
    at += whole.length
    const term = { text: text.trim(), isPhrase: phrase !== null, isExcluded: minus === '-' }
    if (term.text !== '') terms.push(term)
  }
  return { terms, ...filters }
}

interface Filters {
  in: string[]
  from: string[]
  before?: CalendarDate
  after?: CalendarDate
  hasFile: boolean
}

/** Takes an operator in; answers false where it makes no sense with this value. */
function filter(filters: Filters, name: string, value: string): boolean {
  switch (name) {
    case 'in':
      if (value === '') return false
      filters.in.push(value)
      return true
    case 'from': {
      const [, username] = /^@?([a-z0-9_.-]{3,30})$/i.exec(value) ?? []
      if (username === undefined) return false
      filters.from.push(username.toLowerCase())
      return true
    }
    case 'before':
      if (!isCalendarDate(value)) return false
      if (filters.before === undefined || value < filters.before) filters.before = value
      return true
    case 'after':
      if (!isCalendarDate(value)) return false
      if (filters.after === undefined || value > filters.after) filters.after = value
      return true
    case 'has':
      if (value.toLowerCase() !== 'file') return false
      filters.hasFile = true
      return true
    default:
      return false
  }
}

/** The query as one could have typed it: parsing it gives the same query again. */
export function formatSearchQuery({ terms, in: places, from, before, after, hasFile }: SearchQuery): string {
  return [
    ...terms.map(
      ({ text, isPhrase, isExcluded }) => (isExcluded ? '-' : '') + (isPhrase ? `"${text}"` : text),
    ),
    ...places.map((place) => `in:${/\s/.test(place) ? `"${place}"` : place}`),
    ...from.map((username) => `from:@${username}`),
    ...(before === undefined ? [] : [`before:${before}`]),
    ...(after === undefined ? [] : [`after:${after}`]),
    ...(hasFile ? ['has:file'] : []),
  ].join(' ')
}

/** When a day begins in UTC, in milliseconds since the epoch. */
export const startOfDay = (date: CalendarDate): number => Date.parse(`${date}T00:00:00Z`)

function isCalendarDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const time = startOfDay(text)
  // The 31st of February is read as the 3rd of March.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}
