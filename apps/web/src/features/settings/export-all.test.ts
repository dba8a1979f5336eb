import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { freeName } from './export-all.ts'

test('files are called as their conversations, as far as every system allows', () => {
  const taken = new Set<string>()
  expect(
    ['Summer trip', 'summer trip', 'a/b\\c:d', '..', '', '  ', '../../etc/passwd', 'رحلة'].map((title) =>
      freeName(title, taken),
    ),
  ).toEqual([
    'Summer trip',
    'summer trip 2',
    'a b c d',
    'conversation',
    'conversation 2',
    'conversation 3',
    'etc passwd',
    'رحلة',
  ])
})

test('whatever they are called, no two files have one name and none leads out of its folder', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), (titles) => {
      const taken = new Set<string>()
      const names = titles.map((title) => freeName(title, taken))
      expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length)
      for (const name of names) {
        expect(name).toMatch(/^[^/\\]+$/)
        expect(['.', '..']).not.toContain(name)
      }
    }),
  )
})
