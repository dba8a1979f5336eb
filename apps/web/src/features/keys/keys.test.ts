import { expect, test } from 'vitest'
import { ariaKeys, type Pressed, shortcutOf } from './keys.ts'

const press = (key: string, more: Partial<Pressed> = {}): Pressed => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
})
const meant = (pressed: Pressed, isMac = false) => shortcutOf(pressed, isMac)?.id

test('the same shortcut is under Ctrl, and under ⌘ on a Mac, and under neither of the other', () => {
  expect(meant(press('k', { ctrlKey: true }))).toBe('search')
  expect(meant(press('k', { metaKey: true }))).toBeUndefined()
  expect(meant(press('k', { metaKey: true }), true)).toBe('search')
  expect(meant(press('k', { ctrlKey: true }), true)).toBeUndefined()
})

test('more keys than a shortcut has are another shortcut, or none', () => {
  expect(meant(press('ArrowDown', { altKey: true }))).toBe('next')
  expect(meant(press('ArrowDown', { altKey: true, shiftKey: true }))).toBe('next-unread')
  expect(meant(press('ArrowDown', { altKey: true, ctrlKey: true }))).toBeUndefined()
  expect(meant(press('C', { shiftKey: true }))).toBeUndefined()
  expect(meant(press('c', { ctrlKey: true }))).toBeUndefined()
})

test('signs are found wherever a layout has them', () => {
  expect(meant(press('?', { shiftKey: true }))).toBe('help')
  expect(meant(press('/', { ctrlKey: true, shiftKey: true, code: 'Digit7' }))).toBe('help')
})

test('letters are found by their place where the layout has no such letter', () => {
  expect(meant(press('л', { ctrlKey: true, code: 'KeyK' }))).toBe('search')
  expect(meant(press('ن', { ctrlKey: true, code: 'KeyK' }))).toBe('search')
  // With the keys moved about, what is written on the key counts.
  expect(meant(press('t', { ctrlKey: true, code: 'KeyK' }))).toBeUndefined()
})

test('assistive technology is told of all of them', () => {
  expect(ariaKeys('search')).toBe('Control+K Meta+K')
  expect(ariaKeys('next-unread')).toBe('Alt+Shift+ArrowDown')
})
