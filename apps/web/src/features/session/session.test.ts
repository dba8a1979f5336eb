import { expect, test } from 'vitest'
import { checkSignUp, conflictsOf, formError, signUpError } from './check.ts'
import { passwordStrength } from './password-strength.ts'

const GOOD = { email: 'mira@example.org', username: 'mira', name: 'Mira', password: 'four green lamps' }

test('a good form has nothing to say', () => {
  expect(checkSignUp(GOOD)).toEqual({})
})

test('each field says what is wrong with it', () => {
  expect(checkSignUp({ email: 'mira', username: 'Mira L', name: '', password: 'short' })).toEqual({
    email: 'session.error.email',
    username: 'session.error.username',
    name: 'session.error.required',
    password: 'session.error.password',
  })
})

test('a conflict is shown beside the field that it names', () => {
  const conflict = (message: string) => conflictsOf({ ok: false, code: 'conflict', message })
  expect(conflict('this email has an account')).toEqual({ email: 'session.error.email-taken' })
  expect(conflict('username is taken')).toEqual({ username: 'session.error.username-taken' })
  expect(conflictsOf({ ok: false, code: 'unavailable', message: '' })).toEqual({})
})

test('no answer means another thing with and without a network', () => {
  const silence = { ok: false, code: 'unavailable', message: '' } as const
  expect(formError(silence, false)).toBe('session.error.offline')
  expect(formError(silence, true)).toBe('session.error.server')
})

test('a server that does not take everybody says so, and not that a password is wrong', () => {
  const forbidden = { ok: false, code: 'forbidden', message: '' } as const
  expect(signUpError(forbidden, true)).toBe('session.error.not-invited')
  expect(signUpError({ ...forbidden, code: 'rate_limited' }, true)).toBe('session.error.rate')
})

test('strength rises with length and variety, and knows what everybody chooses', () => {
  expect(passwordStrength('short')).toBe('too-short')
  expect(passwordStrength('password1')).toBe('weak')
  expect(passwordStrength('aaaaaaaaaaaaaaaa')).toBe('weak')
  expect(passwordStrength('12345678')).toBe('weak')
  expect(passwordStrength('correct horse battery')).toBe('strong')
})

test('a password made of the own name is weak', () => {
  const personal = ['mira.lindqvist', 'Mira Lindqvist', 'mira@example.org']
  expect(passwordStrength('MiraLindqvist', personal)).toBe('weak')
  expect(passwordStrength('MiraLindqvist')).not.toBe('weak')
})
