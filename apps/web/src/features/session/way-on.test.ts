import { expect, test } from 'vitest'
import { wayOn } from './way-on.ts'

test('whoever came for something is led there after signing in, also by way of signing up', () => {
  expect(wayOn('/c/some/5', null)).toBe('/c/some/5')
  expect(wayOn('/sign-up', { wayOn: '/c/some/5' })).toBe('/c/some/5')
})

test('from a form that was opened by itself the way on is the list', () => {
  expect(wayOn('/sign-in', null)).toBe('/')
  expect(wayOn('/sign-up', { wayOn: 5 })).toBe('/')
  expect(wayOn('/sign-up', { wayOn: '/sign-in' })).toBe('/')
})
