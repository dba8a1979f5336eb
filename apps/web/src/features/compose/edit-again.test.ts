import { expect, test } from 'vitest'
import { isForEditing, joinDraft } from './edit-again.ts'

test('[C3] only what was refused for its content asks to be edited', () => {
  expect(isForEditing('too_large')).toBe(true)
  expect(isForEditing('invalid')).toBe(true)
  expect(isForEditing('forbidden')).toBe(false)
  expect(isForEditing('archived')).toBe(false)
})

test('a text that comes back does not replace what was being written', () => {
  expect(joinDraft('refused', '')).toBe('refused')
  expect(joinDraft('refused', ' \n')).toBe('refused')
  expect(joinDraft('refused', 'half a sentence')).toBe('refused\n\nhalf a sentence')
})
