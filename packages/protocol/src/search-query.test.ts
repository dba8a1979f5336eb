import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatSearchQuery, parseSearchQuery, type SearchQuery, startOfDay } from './search-query.ts'

const query = (parts: Partial<SearchQuery>): SearchQuery => ({
  terms: [],
  in: [],
  from: [],
  hasFile: false,
  ...parts,
})
const word = (text: string) => ({ text, isPhrase: false, isExcluded: false })
const phrase = (text: string) => ({ text, isPhrase: true, isExcluded: false })
const not = <T extends object>(term: T) => ({ ...term, isExcluded: true })

describe('what is typed is understood as', () => {
  test.each<[string, string, Partial<SearchQuery>]>([
    ['words', 'lunch  plan\n', { terms: [word('lunch'), word('plan')] }],
    ['words apart by the space of Chinese keyboards', '会议　计划', { terms: [word('会议'), word('计划')] }],
    ['a phrase', '"lunch plan"', { terms: [phrase('lunch plan')] }],
    [
      'a phrase in the quotes of telephones',
      '„lunch plan“ “and more”',
      { terms: [phrase('lunch plan'), phrase('and more')] },
    ],
    ['a phrase that is still being typed', 'a "lunch pl', { terms: [word('a'), phrase('lunch pl')] }],
    [
      'what is not to be there',
      '-lunch -"lunch plan"',
      { terms: [not(word('lunch')), not(phrase('lunch plan'))] },
    ],
    ['a word with a hyphen', 'well-known', { terms: [word('well-known')] }],
    ['a person', 'from:@ana.b', { from: ['ana.b'] }],
    ['a person without the sign, in capitals', 'From:ANA', { from: ['ana'] }],
    ['several people', 'from:@ana from:@ben', { from: ['ana', 'ben'] }],
    ['a conversation', 'in:general', { in: ['general'] }],
    ['a conversation of several words', 'in:"Team Berlin" x', { in: ['Team Berlin'], terms: [word('x')] }],
    ['a day', 'before:2026-01-31', { before: '2026-01-31' }],
    ['days between', 'after:2026-01-01 before:2026-02-01', { after: '2026-01-01', before: '2026-02-01' }],
    [
      'the narrowest of several days',
      'after:2026-01-01 after:2026-03-01 before:2026-09-01 before:2026-05-01',
      { after: '2026-03-01', before: '2026-05-01' },
    ],
    ['a file', 'has:file', { hasFile: true }],
    ['operators with the colon of Chinese keyboards', 'has：file', { hasFile: true }],
    [
      'a word, as the operator is unknown',
      'to:@ana http://example.org',
      { terms: [word('to:@ana'), word('http://example.org')] },
    ],
    ['a word, as the day does not exist', 'before:2026-02-30', { terms: [word('before:2026-02-30')] }],
    ['a word, as nobody can be called so', 'from:@a', { terms: [word('from:@a')] }],
    ['a word, as there is nothing behind it', 'in: has:', { terms: [word('in:'), word('has:')] }],
    ['a word, as nothing else can be had', 'has:link', { terms: [word('has:link')] }],
    ['words that are signs', '- -- !!!', { terms: [word('-'), not(word('-')), word('!!!')] }],
    ['nothing', ' "" -"" " ', {}],
  ])('%s: %s', (_, typed, expected) => {
    expect(parseSearchQuery(typed)).toEqual(query(expected))
  })
})

/** What people type, and what they do not. */
const typed = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          'in:',
          'from:@',
          'before:',
          'after:2026-01-01',
          'has:file',
          '-',
          '"',
          '„',
          ' ',
          '：',
          'ana',
          '2026-12-31',
          '会议',
          '\u0000',
          '\ud800',
        ),
        fc.string({ unit: 'grapheme', maxLength: 4 }),
      ),
    )
    .map((parts) => parts.join('')),
)

/**
 * What is typed but for what parts it, in one case. Sign by sign: at the end of a word a capital sigma becomes another
 * small one than before other letters, and what is written down has its words in another order.
 */
const signsIn = (text: string): readonly string[] =>
  Array.from(text.replaceAll(/[\s"“”„@:：-]/g, ''), (sign) => sign.toLowerCase()).toSorted()

test('nothing that is typed is an error, and nothing that makes sense is lost', () => {
  fc.assert(
    fc.property(typed, (text) => {
      const parsed = parseSearchQuery(text)
      for (const term of parsed.terms) expect(term.text.trim()).not.toBe('')
      // Several days are one in the end; everything else is there.
      if (parsed.before === undefined && parsed.after === undefined && !parsed.hasFile)
        expect(signsIn(formatSearchQuery(parsed))).toEqual(signsIn(text))
    }),
    { numRuns: 500, examples: [['in:bc aΣ']] },
  )
})

test('a query that is written down is the same query', () => {
  fc.assert(
    fc.property(typed, (text) => {
      const parsed = parseSearchQuery(text)
      expect(parseSearchQuery(formatSearchQuery(parsed))).toEqual(parsed)
    }),
    { numRuns: 500 },
  )
})

test('any filters and words together are written down and understood again', () => {
  const day = fc
    .date({ min: new Date('1970-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10))
  const plain = fc.stringMatching(/^[a-z0-9会议äé]{1,8}$/u)
  const any = fc.record({
    terms: fc.array(
      fc.oneof(
        fc.record({ text: plain, isPhrase: fc.boolean(), isExcluded: fc.boolean() }),
        fc.record({
          text: fc.tuple(plain, plain).map((two) => two.join(' ')),
          isPhrase: fc.constant(true),
          isExcluded: fc.boolean(),
        }),
      ),
    ),
    in: fc.array(fc.tuple(plain, plain).map((two) => two.join(' '))),
    from: fc.array(fc.stringMatching(/^[a-z0-9_.-]{3,30}$/)),
    hasFile: fc.boolean(),
    days: fc.record({ before: day, after: day }, { requiredKeys: [] }),
  })
  fc.assert(
    fc.property(any, ({ days, ...rest }) => {
      const wanted: SearchQuery = { ...rest, ...days }
      expect(parseSearchQuery(formatSearchQuery(wanted))).toEqual(wanted)
    }),
  )
})

test.each([
  'a '.repeat(10_000),
  '"'.repeat(20_000),
  '-'.repeat(20_000),
  'in:'.repeat(10_000),
  'in:"'.repeat(10_000),
  ' '.repeat(50_000),
])('a hostile query comes to an end, however long it is', (text) => {
  // What goes wrong here does so by powers: it would not come to an end at all.
  expect(parseSearchQuery(text)).toBeDefined()
})

test('a day begins at midnight, UTC', () => {
  expect(startOfDay('2026-01-31')).toBe(Date.UTC(2026, 0, 31))
})
