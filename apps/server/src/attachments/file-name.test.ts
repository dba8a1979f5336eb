import { attachment } from '@parley/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { safeFileName } from './file-name.ts'

test.each([
  ['report.pdf', 'report.pdf'],
  ['Übersicht (neu) – 日本.txt', 'Übersicht (neu) – 日本.txt'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\ana\\photo.jpg', 'photo.jpg'],
  ['a\u0000b\r\nSet-Cookie: x.txt', 'abSet-Cookie: x.txt'],
  // It is shown as "photo_exe.jpg", and is a program.
  ['photo_\u202egpj.exe', 'photo_gpj.exe'],
  ['  spaced  ', 'spaced'],
  ['', 'file'],
  ['..', 'file'],
  ['dir/', 'file'],
  ['\u0000\u202e', 'file'],
])('a file called %j is called %j', (claimed, name) => {
  expect(safeFileName(claimed)).toBe(name)
})

test('a file without a name has one', () => {
  expect(safeFileName(undefined)).toBe('file')
})

test('a long name is shortened between characters and keeps its ending', () => {
  const name = safeFileName(`${'😀'.repeat(100)}.jpeg`)
  expect(name).toMatch(/^(😀)+\.jpeg$/u)
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255)
  expect(Buffer.byteLength(name)).toBeGreaterThan(245)
  expect(Buffer.byteLength(safeFileName(`a.${'b'.repeat(1000)}`))).toBe(255)
})

test('whatever is claimed, a message can carry the name, and it is no path', () => {
  const anything = fc.array(fc.nat(0x10ffff)).map((points) => String.fromCodePoint(...points))
  const special = fc.array(
    fc.constantFrom('/', '\\', '.', ' ', '\u0000', '\u202e', '\u2028', '\ud800', 'a', '😀'),
  )
  const claim = fc.oneof(
    anything,
    special.map((parts) => parts.join('')),
  )
  fc.assert(
    fc.property(claim, (claimed) => {
      const name = safeFileName(claimed)
      expect(attachment.shape.name.safeParse(name).success).toBe(true)
      expect(name).not.toMatch(/[/\\]/)
      expect(['.', '..']).not.toContain(name)
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255)
      expect(safeFileName(name)).toBe(name)
    }),
    { numRuns: 200 },
  )
})
