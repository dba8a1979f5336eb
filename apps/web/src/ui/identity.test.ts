import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hueOf, initialsOf } from './identity.ts'

/** What a reader calls a letter, found the long way. */
function firstLetterOf(word: string): string {
  const graphemes = [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(word)]
  return (
    graphemes.find(({ segment }) => /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(segment))?.segment ?? ''
  )
}

const word = fc
  .array(
    fc.oneof(
      fc.constantFrom('A', 'z', 'ß', 'é', 'e\u0301', 'Ж', 'ω', '7', 'ال', 'न', 'ि', '한', '\u200d', '\ufe0f'),
      fc.constantFrom('👩‍🚀', '🇩🇪', '7️⃣', '(', '-', '\u0301', 'ᄒ', 'ǆ'),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 2 }),
    ),
    { maxLength: 4 },
  )
  .map((pieces) => pieces.join('').replaceAll(/\s/gu, ''))

test('initials are whole letters, whatever marks, joiners and scripts a name is written with', () => {
  fc.assert(
    fc.property(word, (name) => {
      expect(initialsOf(name)).toBe((firstLetterOf(name) || '?').toLocaleUpperCase())
    }),
    { numRuns: 2000 },
  )
})

test('the initials of a name are those of its first and its last word', () => {
  expect(initialsOf('Ana Maria Lopes')).toBe('AL')
  expect(initialsOf(' ben ')).toBe('B')
  expect(initialsOf('(work) chat')).toBe('WC')
  expect(initialsOf('👩‍🚀 & crew')).toBe('👩‍🚀C')
  expect(initialsOf('  ')).toBe('?')
})

test('an id always has the same hue', () => {
  expect(hueOf('a-b-c')).toBe(hueOf('a-b-c'))
  expect(hueOf('a-b-c')).toBeLessThan(360)
})
