import fc from 'fast-check'
import { expect, test } from 'vitest'
import { plainText } from '../conversation/markdown.ts'
import { plainHit } from './plain-hit.ts'

/** What is shown of a text in which these words are found, with brackets around them. */
function shown(text: string, ...words: readonly string[]): string {
  let at = 0
  const highlights = words.map((word) => {
    const start = text.indexOf(word, at)
    at = start + word.length
    return { start, end: at }
  })
  const hit = plainHit(text, highlights)
  return hit.highlights.reduceRight(
    (shown, { start, end }) => `${shown.slice(0, start)}[${shown.slice(start, end)}]${shown.slice(end)}`,
    hit.text,
  )
}

test('signs of markup are not shown, and what was found is marked where it stands then', () => {
  expect(shown('The **zebra** stands', 'zebra')).toBe('The [zebra] stands')
  expect(shown('_all_ of the `zebra` and ~~no~~ more zebra', 'zebra', 'zebra')).toBe(
    'all of the [zebra] and no more [zebra]',
  )
  expect(shown('> quoted\n> zebra\n\n- a\n- zebra', 'zebra', 'zebra').replaceAll(/\s+/g, ' ')).toBe(
    'quoted [zebra] a [zebra]',
  )
  expect(shown('two \\*stars\\* and a zebra', 'stars', 'zebra')).toBe('two *[stars]* and a [zebra]')
  expect(shown('[the zebra](https://example.org/a)', 'zebra')).toBe('the [zebra]')
  expect(shown('**see** https://example.org/zebra for it', 'zebra', 'it')).toBe(
    'see https://example.org/[zebra] for [it]',
  )
})

test('where markup lies within what was found, all of it is marked', () => {
  expect(shown('un**believ**able', 'un**believ**able')).toBe('[unbelievable]')
})

test('what was found where nobody would see it leaves the text as it was typed', () => {
  expect(shown('**see** [this](https://example.org/zebra)', 'zebra')).toBe(
    '**see** [this](https://example.org/[zebra])',
  )
  expect(shown('a zebra: [this](https://example.org/zebra)', 'zebra', 'zebra')).toBe('a [zebra]: this')
})

const word = fc.string({ unit: fc.constantFrom(...'aeioubcdё字é'), minLength: 1, maxLength: 6 })
const wrapped = fc.tuple(word, fc.constantFrom('', '**', '*', '`', '~~', '***'))

test('whatever words are wrapped in, the one that was found is the one that is marked', () => {
  fc.assert(
    fc.property(fc.array(wrapped, { minLength: 1, maxLength: 8 }), fc.nat(), (words, nth) => {
      const chosen = nth % words.length
      const before = words.slice(0, chosen).map(([each, sign]) => `${sign}${each}${sign} `)
      const [found = '', sign = ''] = words[chosen] ?? []
      const start = before.join('').length + sign.length
      const text = words.map(([each, around]) => `${around}${each}${around}`).join(' ')
      const hit = plainHit(text, [{ start, end: start + found.length }])
      const [mark] = hit.highlights
      expect(hit.text).toBe(words.map(([each]) => each).join(' '))
      expect(hit.text.slice(mark?.start, mark?.end)).toBe(found)
      expect(mark?.start).toBe(
        words
          .slice(0, chosen)
          .map(([each]) => `${each} `)
          .join('').length,
      )
    }),
  )
})

test('of any text, the words are those that lists show, and marks are in order, apart and in the text', () => {
  const text = fc.string({ unit: fc.constantFrom(...'ab *_`~[]()<>#-\\1.\n\t"é😀@:/'), maxLength: 60 })
  const bounds = fc.uniqueArray(fc.nat({ max: 60 }), { maxLength: 6 })
  fc.assert(
    fc.property(text, bounds, (text, bounds) => {
      const sorted = bounds.filter((each) => each <= text.length).toSorted((a, b) => a - b)
      const highlights = sorted.flatMap((start, n) => {
        const end = sorted[n + 1]
        return n % 2 === 0 && end !== undefined ? [{ start, end }] : []
      })
      const hit = plainHit(text, highlights)
      let last = 0
      for (const { start, end } of hit.highlights) {
        expect(start).toBeGreaterThanOrEqual(last)
        expect(end).toBeGreaterThan(start)
        expect(end).toBeLessThanOrEqual(hit.text.length)
        last = end
      }
      if (highlights.length === 0) expect(hit.text.replace(/\s+/g, ' ').trim()).toBe(plainText(text))
    }),
    { numRuns: 500 },
  )
})
