import { expect, test } from 'vitest'
import { en } from '../../i18n/en/index.ts'
import { translator } from '../../i18n/translate.ts'
import { matches, titleOf } from './titles.ts'

test('the filter finds every word anywhere in the title, without accents and capitals', () => {
  expect(matches('Café Münchner Freiheit', 'munch cafe')).toBe(true)
  expect(matches('Weekend hike', 'week  hik')).toBe(true)
  expect(matches('Weekend hike', 'hike monday')).toBe(false)
})

test('what has no name is called what it is', () => {
  const t = translator('en', en)
  expect(titleOf({ title: 'Trip', kind: 'group' }, t)).toBe('Trip')
  expect(titleOf({ title: ' ', kind: 'group' }, t)).toBe('Untitled group')
  expect(titleOf({ title: '', kind: 'channel' }, t)).toBe('Channel')
})
