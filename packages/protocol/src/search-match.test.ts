import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { attachment } from './events.ts'
import { newId } from './ids.ts'
import { findIn, isTitled, searchScore, wantsOf } from './search-match.ts'
import { parseSearchQuery } from './search-query.ts'

const find = (text: string, typed: string, ...files: string[]) =>
  findIn(
    {
      text,
      attachments: files.map((name) =>
        attachment.parse({ id: newId(), name, mediaType: 'text/plain', bytes: 1 }),
      ),
    },
    wantsOf(parseSearchQuery(typed)),
  )
/** The text with what was found between brackets. */
function marked(text: string, typed: string): string | undefined {
  const found = find(text, typed)
  return found?.highlights.reduceRight(
    (left, { start, end }) => `${left.slice(0, start)}[${left.slice(start, end)}]${left.slice(end)}`,
    text,
  )
}

describe('is found', () => {
  test.each([
    ['a word, in any case', 'Lunch at noon', 'LUNCH', '[Lunch] at noon'],
    ['every word, in any order', 'Lunch at noon, lunch!', 'noon lunch', '[Lunch] at [noon], [lunch]!'],
    ['the beginning of the last word', 'the meetings', 'the mee', '[the] [meetings]'],
    ['a word with accents by one without', 'Ünal kommt', 'unal', '[Ünal] kommt'],
    ['a phrase', 'time to go, go to time', '"go to"', 'time to go, [go to] time'],
    ['a phrase over a comma', 'well, known', '"well known"', '[well, known]'],
    ['what is written with signs between', 'see a.b/c and a b', 'a.b', 'see [a.b]/c and [a b]'],
    ['part of a text without spaces', '明日は会議室で', '会議', '明日は[会議]室で'],
    ['one sign of it', '明日は会議室で', '室', '明日は会議[室]で'],
    ['part of a Korean word', '회의는 언제', '회의', '[회의]는 언제'],
    ['part of a Thai text', 'ประชุมวันนี้', 'วันนี้', 'ประชุม[วันนี้]'],
    ['an emoji, whole', 'ok 👍🏽 then', '👍', 'ok [👍🏽] then'],
    ['what lacks the excluded word', 'tea or milk', 'tea -coffee', '[tea] or milk'],
  ])('%s', (_, text, typed, expected) => {
    expect(marked(text, typed)).toBe(expected)
  })
})

describe('is not found', () => {
  test.each([
    ['one of several words', 'lunch at noon', 'lunch evening'],
    ['the middle of a word', 'breakfast', 'fast'],
    ['the beginning of a word that is not the last', 'meetings today', 'mee today'],
    ['the beginning of a word in quotes', 'meetings', '"mee"'],
    ['the beginning of two letters', 'meetings', 'me'],
    ['a phrase in another order', 'to go', '"go to"'],
    ['signs that are apart', '会社の議長', '会議'],
    ['what is excluded', 'tea and coffee', 'tea -coffee'],
    ['what holds an excluded phrase', 'to go on', 'on -"to go"'],
  ])('%s', (_, text, typed) => {
    expect(find(text, typed)).toBeUndefined()
  })
})

test('a file is found by its name, without a place in the text', () => {
  expect(find('look', 'invoice', 'Invoice-2026.pdf')).toMatchObject({ highlights: [] })
  expect(find('look', 'look invoice', 'Invoice-2026.pdf')).toMatchObject({
    highlights: [{ start: 0, end: 4 }],
  })
})

test('a phrase does not go on from the text into the name of a file, nor from file to file', () => {
  expect(find('the', '"the invoice"', 'invoice.pdf')).toBeUndefined()
  expect(find('', '"pdf b"', 'a.pdf', 'b.pdf')).toBeUndefined()
})

test('signs alone want nothing', () => {
  expect(wantsOf(parseSearchQuery('!!! - … \u0000'))).toEqual({ present: [], absent: [], inOrder: undefined })
})

test('whole words come before beginnings of the same day, and words in order before words anywhere', () => {
  const score = (text: string, typed: string) => searchScore(0, find(text, typed)?.fit ?? expect.fail())
  expect(score('meet', 'meet')).toBeGreaterThan(score('meeting', 'meet'))
  expect(score('lunch plan', 'lunch plan')).toBeGreaterThan(score('plan lunch', 'lunch plan'))
  const month = 30 * 86_400_000
  expect(searchScore(month, { isWhole: false, isInOrder: false })).toBe(score('meet', 'meet'))
})

const syllable = fc.constantFrom('go', 'to', 'Go', 'gö', 'gone', '会', '议', '👍🏽', ' ', ' ', ', ', '\u0301')
const text = fc.array(syllable, { maxLength: 12 }).map((parts) => parts.join(''))

test('what is marked is what was wanted, from left to right', () => {
  fc.assert(
    fc.property(text, text, (said, typed) => {
      const match = find(said, typed)
      let end = -1
      for (const highlight of match?.highlights ?? []) {
        expect(highlight.start).toBeGreaterThan(end)
        end = highlight.end
        expect(find(said.slice(highlight.start, highlight.end), '')).toBeDefined()
      }
      expect(end).toBeLessThanOrEqual(said.length)
    }),
    { numRuns: 300 },
  )
})

test('a text finds itself, as words and as a phrase', () => {
  fc.assert(
    fc.property(text, (said) => {
      expect(find(said, said)).toBeDefined()
      expect(find(said, `"${said}"`)).toBeDefined()
    }),
    { numRuns: 300 },
  )
})

test.each([
  ['many words', Array.from({ length: 160 }, (_, n) => n.toString(36)).join(' ')],
  ['one word again and again', 'ab '.repeat(160)],
  ['phrases that begin alike', Array.from({ length: 60 }, (_, n) => `"ab ${n}"`).join(' ')],
  ['a long phrase', `"${'会'.repeat(400)}"`],
])('a long text is looked through for %s to its end', (_, typed) => {
  const said = `${typed.replaceAll('"', '')} `.repeat(100).slice(0, 16_384)
  // What goes wrong here does so by powers: it would not come to an end at all.
  expect(find(said, typed)).toBeDefined()
})

test('a conversation is meant by the beginning of its title', () => {
  expect(isTitled('Ünal & Söhne', 'unal')).toBe(true)
  expect(isTitled('Team Berlin', 'berlin')).toBe(false)
})
