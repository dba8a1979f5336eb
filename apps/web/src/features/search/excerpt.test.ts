import fc from 'fast-check'
import { expect, test } from 'vitest'
import { excerptOf } from './excerpt.ts'

const joined = (text: string, start: number, end: number) =>
  excerptOf(text, [{ start, end }])
    .map((piece) => (piece.isFound ? `[${piece.text}]` : piece.text))
    .join('')

test('a short text is shown whole, with what was found in it', () => {
  expect(joined('Lunch at noon?', 9, 13)).toBe('Lunch at [noon]?')
  expect(excerptOf('No word of it, only a file', [])).toEqual([
    { text: 'No word of it, only a file', isFound: false },
  ])
})

test('of a long text the part around the first of it, on one line, between words', () => {
  const text = `${'far before this '.repeat(20)}the zebra\nstands here ${'and more behind it '.repeat(20)}`
  const start = text.indexOf('zebra')
  const shown = joined(text, start, start + 5)
  expect(shown).toMatch(/^… (before|this|far) .*the \[zebra\] stands here .* …$/)
  expect(shown.length).toBeLessThan(270)
})

test('whatever the text and what is found in it, what is shown is well formed and in the text', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 600 })
  fc.assert(
    fc.property(text, fc.nat(), fc.nat({ max: 30 }), (text, from, length) => {
      const start = Math.min(from % (text.length + 1), text.length)
      const pieces = excerptOf(
        text,
        length === 0 ? [] : [{ start, end: Math.min(text.length, start + length) }],
      )
      for (const piece of pieces) expect(piece.text.isWellFormed()).toBe(true)
    }),
  )
})
