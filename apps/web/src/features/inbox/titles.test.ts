import { expect, test } from 'vitest'
import { hueOf, initialsOf } from '../../ui/identity.ts'
import { matches } from './titles.ts'

test('the filter finds every word anywhere in the title, without accents and capitals', () => {
  expect(matches('Café Münchner Freiheit', 'munch cafe')).toBe(true)
  expect(matches('Weekend hike', 'week  hik')).toBe(true)
  expect(matches('Weekend hike', 'hike monday')).toBe(false)
})

test('initials are the first letters of the first and the last word', () => {
  expect(initialsOf('Mira van der Berg')).toBe('MB')
  expect(initialsOf('tom')).toBe('T')
  expect(initialsOf('(work) chat')).toBe('WC')
  expect(initialsOf('  ')).toBe('?')
  expect(initialsOf('👩‍🚀 crew')).toBe('👩‍🚀C')
})

test('an id always has the same hue', () => {
  expect(hueOf('a-b-c')).toBe(hueOf('a-b-c'))
  expect(hueOf('a-b-c')).toBeLessThan(360)
})
