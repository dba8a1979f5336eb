import { expect, test } from 'vitest'
import { quickEmoji } from './quick-emoji.ts'

test('as many quick reactions as ever, each once, with those last used among them', () => {
  expect(quickEmoji([])).toHaveLength(8)
  const quick = quickEmoji(['🦊', '👍', '🌲', '🪵', '🔥', '🫠', '🐙'])
  expect(quick).toHaveLength(8)
  expect(new Set(quick).size).toBe(8)
  expect(quick).toEqual(expect.arrayContaining(['👍', '🦊', '🌲', '🪵', '🔥', '🫠']))
})
