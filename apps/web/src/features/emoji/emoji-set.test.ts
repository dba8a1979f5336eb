import { expect, test } from 'vitest'
import { shapes, words } from '../../../build/emoji-plugin.ts'
import { type Emoji, emojiSet, findEmoji, inTone, named } from './emoji-set.ts'

const english = emojiSet(await shapes(), await words('en'))
const german = emojiSet(await shapes(), await words('de'))
const first = (all: readonly Emoji[], query: string, count = 1) =>
  findEmoji(all, query)
    .slice(0, count)
    .map(({ emoji }) => emoji)

test('every emoji has a shape, a name between colons and words, in both languages', () => {
  expect(english.length).toBeGreaterThan(1800)
  expect(german.map(({ emoji }) => emoji)).toEqual(english.map(({ emoji }) => emoji))
  for (const { names, label, words: found } of [...english, ...german]) {
    expect(names[0]).toMatch(/^[a-z0-9_+'’&.-]+$/u)
    expect(label).not.toBe('')
    expect(found.length).toBeGreaterThan(0)
  }
})

test('the names that other messengers use lead to the same emoji', () => {
  for (const [name, emoji] of [
    ['+1', '👍️'],
    ['thumbsup', '👍️'],
    ['tada', '🎉'],
    ['heart', '❤️'],
    ['smile', '😄'],
    ['Joy', '😂'],
  ] as const)
    expect(named(english, name)?.emoji.replace('\ufe0f', '')).toBe(emoji.replace('\ufe0f', ''))
  expect(named(english, 'smil')).toBeUndefined()
})

test('one is found by its name, by its beginning and by any word for it, in that order', () => {
  expect(first(english, 'smile')).toEqual(['😄'])
  expect(first(english, 'tad')).toEqual(['🎉'])
  expect(first(english, 'party', 3)).toContain('🎉')
  expect(first(english, 'thumbs up')[0]).toMatch(/^👍/)
  expect(first(english, ':rocket:')).toEqual(['🚀'])
})

test('German words are found with and without their dots', () => {
  expect(first(german, 'Käse', 5)).toContain('🧀')
  expect(first(german, 'kase', 5)).toContain('🧀')
  expect(first(german, 'rocket')).toEqual(['🚀'])
})

test('what fits nothing finds nothing, and an empty question is none', () => {
  expect(findEmoji(english, 'xqzw')).toEqual([])
  expect(findEmoji(english, '  ')).toEqual([])
})

test('a skin tone is for those that have one', () => {
  const wave = named(english, 'wave') as Emoji
  expect(inTone(wave, 4)).toBe('👋🏿')
  expect(inTone(wave, undefined)).toBe('👋')
  expect(inTone(named(english, 'rocket') as Emoji, 4)).toBe('🚀')
})
