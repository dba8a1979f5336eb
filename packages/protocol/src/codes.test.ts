import { expect, test } from 'vitest'
import { CODES, refusalCode, unreachable } from './codes.ts'

test('[C4] retrying helps exactly where the trouble is the server’s, or the pace', () => {
  const helps = Object.entries(CODES).filter(([, { retryHelps }]) => retryHelps)
  expect(helps.map(([code]) => code)).toEqual(['rate_limited', 'internal', 'unavailable'])
})

test('no refusal is retried as it stands', () => {
  for (const code of refusalCode.options) expect(CODES[code].retryHelps).toBe(false)
})

test('every close code is the application’s, and names the status', () => {
  for (const { status, closeCode } of Object.values(CODES)) expect(closeCode).toBe(4000 + status)
})

test('a case nobody decided is an error that shows the case', () => {
  expect(() => unreachable({ do: 'fly' } as never)).toThrow('{"do":"fly"}')
})
