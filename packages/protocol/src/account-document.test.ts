import fc from 'fast-check'
import { expect, test } from 'vitest'
import { furthest, rejection } from './account-document.ts'

test('[R1] how far read is the furthest of all reports, in any order, any number of times', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { minLength: 1 }), fc.nat(), (reports, turn) => {
      const at = turn % reports.length
      const again = [...reports.slice(at), ...reports, ...reports.slice(0, at)]
      expect(again.reduce(furthest)).toBe(Math.max(...reports))
    }),
  )
})

test('[C3] a rejection keeps the refused entry as it stood, valid or not', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (entry) => {
      const refused = { code: 'invalid', message: 'no', at: 1, command: entry }
      expect(rejection.parse(JSON.parse(JSON.stringify(refused))).command).toEqual(
        JSON.parse(JSON.stringify(entry)),
      )
    }),
  )
})
