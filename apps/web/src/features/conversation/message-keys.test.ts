import { expect, test } from 'vitest'
import { deedOf, keyFor, MESSAGE_KEYS } from './message-keys.ts'

const plain = { altKey: false, ctrlKey: false, metaKey: false, shiftKey: false }

test('a letter does the same with and without caps lock, and nothing with a modifier', () => {
  expect(deedOf({ ...plain, key: 'r' }, true)).toBe('reply')
  expect(deedOf({ ...plain, key: 'R' }, true)).toBe('reply')
  for (const modifier of ['altKey', 'ctrlKey', 'metaKey', 'shiftKey'])
    expect(deedOf({ ...plain, key: 'r', [modifier]: true }, true), modifier).toBeUndefined()
})

test('Enter opens the menu of a message, and stays with a button in it', () => {
  expect(deedOf({ ...plain, key: 'Enter' }, true)).toBe('menu')
  expect(deedOf({ ...plain, key: 'Enter' }, false)).toBeUndefined()
  expect(deedOf({ ...plain, key: 'r' }, false)).toBe('reply')
})

test('no key does two things', () => {
  expect(new Set(MESSAGE_KEYS.map(({ key }) => key)).size).toBe(MESSAGE_KEYS.length)
  expect(keyFor('copy-link')).toBe('L')
})
