import { expect, test } from 'vitest'
import { draftWith, sharedText } from './shared-text.ts'

test('title, text and address are a line each, and nothing is said twice', () => {
  const [title, url] = ['A page', 'https://example.org/a']
  expect(sharedText({ title, text: 'Look at this', url })).toBe(`A page\nLook at this\n${url}`)
  expect(sharedText({ title, text: `A page ${url}`, url })).toBe(`A page ${url}`)
  expect(sharedText({ title, text: title, url: '' })).toBe('A page')
  expect(sharedText({ title: '', text: ' ', url: '' })).toBe('')
})

test('what was being written stays, and what is shared comes behind it', () => {
  expect(draftWith('', 'new')).toBe('new')
  expect(draftWith('half a thought \n', 'new')).toBe('half a thought\nnew')
  expect(draftWith('half a thought', '')).toBe('half a thought')
})
