import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TEXTS } from '../../../test/kit/logs.ts'
import { line, storableText } from './text.ts'

test('a text that is accepted comes back from UTF-8 and from JSON as it was', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', '\ud83d', '\ude00', '\0', '\u2028', 'é', '😀') }),
      (text) => {
        const survives =
          new TextDecoder().decode(new TextEncoder().encode(text)) === text && !text.includes('\0')
        expect(storableText.safeParse(text).success).toBe(survives)
        if (survives) expect(JSON.parse(JSON.stringify(text))).toBe(text)
      },
    ),
  )
})

test('every text people write is kept exactly: emoji, right-to-left, combining marks, controls', () => {
  for (const text of TEXTS) expect(storableText.parse(text)).toBe(text)
})

test.each(['\n', '\r', '\t', '\u0000', '\u001b', '\u007f', '\u2028', '\u2029'])(
  'a title has one line: %j is refused',
  (control) => {
    expect(line.safeParse(`before${control}after`).success).toBe(false)
    expect(line.safeParse('before after').success).toBe(true)
  },
)
