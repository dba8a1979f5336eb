import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fold, prefixOf, type SearchToken, searchTokens } from './search-text.ts'

const keys = (text: string) => searchTokens(text).map(({ key }) => key)

describe('search takes for the same', () => {
  test.each([
    ['capitals', 'Ünal', 'ünal'],
    ['accents', 'Crème brûlée', 'creme brulee'],
    ['composed and taken apart', 'Ünal'.normalize('NFD'), 'Ünal'.normalize('NFC')],
    ['the sharp s', 'GROẞE Straße', 'grosse strasse'],
    ['letters with a stroke', 'Łódź Søren Đà', 'lodz soren da'],
    ['the dotted and the dotless i', 'İstanbul ISPARTA ılık', 'istanbul isparta ilik'],
    ['final sigma', 'ΟΔΟΣ οδός', 'οδοσ οδος'],
    ['Cyrillic with and without dots', 'Ёлка', 'елка'],
    ['full width', 'ＡＢＣ１２３', 'abc123'],
    ['half-width kana', 'ｶﾞｷﾞ', 'ガギ'],
    ['ligatures', 'ﬁne', 'fine'],
    ['vowel points', 'كُتُب', 'كتب'],
    ['hamza and tatweel', 'أحمـــد', 'احمد'],
    ['Hebrew points', 'שָׁלוֹם', 'שלום'],
    ['soft hyphens', 'Donau\u00ADdampf', 'Donaudampf'],
    ['skin colours', '👍🏽', '👍'],
    ['emoji in text and in colour', '❤️', '❤'],
  ])('%s: %s and %s', (_, one, other) => {
    expect(keys(one)).toEqual(keys(other))
    expect(keys(one)).not.toEqual([])
  })
})

describe('search keeps apart', () => {
  test.each([
    ['voiced kana', 'が', 'か'],
    ['Thai vowels', 'กิน', 'กัน'],
    ['Devanagari vowels', 'कि', 'कु'],
    ['emoji', '🎉', '🎂'],
    ['a family and one of it', '👨‍👩‍👧', '👩'],
    ['flags', '🇩🇪', '🇪🇩'],
  ])('%s: %s and %s', (_, one, other) => {
    expect(keys(one)).not.toEqual(keys(other))
  })
})

test.each<[string, string, string[]]>([
  [
    'words',
    "Don't panic, user@example.org: v2.1!",
    ['don', 't', 'panic', 'user', 'example', 'org', 'v2', '1'],
  ],
  ['signs of a script without spaces', '会議室で3時', ['会', '議', '室', 'で', '3', '時']],
  ['Hangul, whose words grow endings', '회의는 3시', ['회', '의', '는', '3', '시']],
  ['Thai letters with their marks', 'กินน้ำ', ['กิ', 'น', 'น้', 'ํา']],
  ['emoji beside words', 'ok👍🏽👍 🇩🇪🇯🇵', ['ok', '👍', '👍', '🇩🇪', '🇯🇵']],
  ['nothing', ' …!?—\u0000\ud800 ', []],
  ['nothing where letters are only marks', 'ـ ـــ \uFCF2 \uFE70 \u037A', []],
  ['words beside letters that are only marks', 'كتب ـ \uFCF2 قلم', ['كتب', 'قلم']],
])('%s', (_, text, expected) => {
  expect(keys(text)).toEqual(expected)
})

const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      'a',
      'É',
      'ß',
      ' ',
      '会',
      'が',
      '\u0301',
      '\u200d',
      '👩',
      '🏽',
      '\ufe0f',
      '🇩',
      'ก',
      '\u0e34',
      'ﷺ',
      'ـ',
      '\uFCF2',
      '\uFE70',
      '½',
      'İ',
    ),
    fc.constantFrom('\ud83d', '\udc4d'),
  ),
  maxLength: 30,
})

/** What is wrong with a token that ends there, after one that ended at `before`. */
function faultOf(text: string, before: number, { key, start, end }: SearchToken): string | undefined {
  if (start < before || end <= start || end > text.length) return 'stands where it cannot'
  if (key.trim() === '' || !key.isWellFormed()) return 'has no good key'
  // To mark a place one cuts the text there: no sign falls apart that was whole.
  const isTorn = [start, end].some(
    (cut) => !text.slice(0, cut).isWellFormed() || !text.slice(cut).isWellFormed(),
  )
  if (text.isWellFormed() && isTorn) return 'cuts a sign in two'
  return /^[\p{M}\p{Emoji_Modifier}]/u.test(text.slice(end)) ? 'lacks its last mark' : undefined
}

test('tokens stand one after the other, each where it says, and whole', () => {
  fc.assert(
    fc.property(fc.oneof(anyText, fc.string({ unit: 'binary' })), (text) => {
      const tokens = searchTokens(text)
      expect(tokens.map((token, n) => faultOf(text, tokens[n - 1]?.end ?? 0, token))).toEqual(
        tokens.map(() => undefined),
      )
    }),
    { numRuns: 500 },
  )
})

test('what is folded stays as it is when it is folded again', () => {
  fc.assert(
    fc.property(fc.oneof(anyText, fc.string({ unit: 'binary' })), (text) => {
      expect(fold(fold(text))).toBe(fold(text))
    }),
    { numRuns: 200 },
  )
  for (let code = 0; code <= 0x1ffff; code += 1) {
    const sign = String.fromCodePoint(code)
    if (fold(fold(sign)) !== fold(sign))
      expect.fail(`U+${code.toString(16)} folds to ${fold(sign)}, and that further`)
  }
})

test('a word that is endless has an end, and it is a sign', () => {
  const [token] = searchTokens('𝒜'.repeat(100) + '𐐨'.repeat(100))
  expect(searchTokens('👩‍'.repeat(1000))[0]?.key.length).toBeLessThanOrEqual(40)
  expect(token?.key.length).toBeLessThanOrEqual(40)
  expect(token?.key.isWellFormed()).toBe(true)
  expect(token?.end).toBe(400)
})

test.each([
  ['meeting', 'mee'],
  ['mee', 'mee'],
  ['me', undefined],
  ['𐐨𐐨𐐨𐐨', '𐐨𐐨𐐨'],
])('%s is found while it is being typed by %s', (word, prefix) => {
  expect(prefixOf(word)).toBe(prefix)
})
