import fc from 'fast-check'
import { expect, test } from 'vitest'
import { contentDisposition } from './content-disposition.ts'

test('a plain name stands as it is', () => {
  expect(contentDisposition('attachment', 'report 2026.pdf')).toBe(
    `attachment; filename="report 2026.pdf"; filename*=UTF-8''report%202026.pdf`,
  )
})

test('what has a meaning in a header stands in it encoded, and in the short form not at all', () => {
  expect(contentDisposition('inline', `a"b\\c%41;d='(é).txt`)).toBe(
    `inline; filename="a_b_c_41_d_____.txt"; filename*=UTF-8''a%22b%5Cc%2541%3Bd%3D%27%28%C3%A9%29.txt`,
  )
})

test('whatever a file is called, the header is one line of ASCII, and tells the whole name', () => {
  const anything = fc.array(fc.nat(0x10ffff)).map((points) => String.fromCodePoint(...points))
  fc.assert(
    fc.property(fc.oneof(anything, fc.string()), (name) => {
      const header = contentDisposition('attachment', name)
      const [, plain, encoded] =
        /^attachment; filename="([ -~]*)"; filename\*=UTF-8''([!-~]*)$/.exec(header) ?? []
      expect(plain).not.toMatch(/["\\%]/)
      // RFC 8187: only these may stand as they are.
      expect(encoded).toMatch(/^(?:[A-Za-z0-9!#$&+.^_`|~-]|%[0-9A-F]{2})*$/)
      expect(decodeURIComponent(encoded ?? '')).toBe(name.toWellFormed())
      expect(new Headers({ 'Content-Disposition': header }).get('Content-Disposition')).toBe(header)
    }),
    { numRuns: 300 },
  )
})
