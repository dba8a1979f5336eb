import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ConversationId, newId } from './ids.ts'
import {
  chosenLevel,
  levelKey,
  levelNow,
  MUTED_FOREVER,
  mutedKey,
  notificationEntries,
  notificationShowsKey,
  readPreferences,
  usualLevelKey,
} from './preferences.ts'

const conversation = newId<ConversationId>()

test('what was chosen is read again, and until then direct and group conversations tell everything', () => {
  const none = readPreferences([])
  expect(chosenLevel(none, conversation, 'group')).toBe('all')
  expect(chosenLevel(none, conversation, 'direct')).toBe('all')
  expect(chosenLevel(none, conversation, 'channel')).toBe('mentions')
  const chosen = readPreferences([[levelKey(conversation), 'none']])
  expect(chosenLevel(chosen, conversation, 'group')).toBe('none')
})

test('a muted conversation tells nothing until its time is over', () => {
  const muted = readPreferences([[mutedKey(conversation), 1000]])
  expect(levelNow(muted, conversation, 'group', 999)).toBe('none')
  expect(levelNow(muted, conversation, 'group', 1000)).toBe('all')
  const forever = readPreferences([[mutedKey(conversation), MUTED_FOREVER]])
  expect(levelNow(forever, conversation, 'group', Date.UTC(2999, 0))).toBe('none')
  expect(new Date(MUTED_FOREVER).getTime()).toBe(MUTED_FOREVER)
})

test('what is usual for a kind holds where nothing else was chosen', () => {
  const quiet = readPreferences([[usualLevelKey('group'), 'mentions']])
  expect(chosenLevel(quiet, conversation, 'group')).toBe('mentions')
  expect(chosenLevel(quiet, conversation, 'direct')).toBe('all')
  const apart = readPreferences([
    [usualLevelKey('group'), 'mentions'],
    [levelKey(conversation), 'all'],
  ])
  expect(chosenLevel(apart, conversation, 'group')).toBe('all')
})

test('what decides what a person is told is read again as it was', () => {
  const told = readPreferences([
    [usualLevelKey('channel'), 'all'],
    [levelKey(conversation), 'none'],
    [mutedKey(conversation), 1000],
    [notificationShowsKey, 'nothing'],
  ])
  expect(readPreferences(Object.entries(notificationEntries(told)))).toEqual(told)
})

test('whatever another program has written among the preferences, they are read', () => {
  const key = fc.oneof(
    fc.string(),
    fc.constantFrom(
      levelKey(conversation),
      mutedKey(conversation),
      'recentEmoji',
      'notify/',
      'mutedUntil/x',
      'notifyUsual/group',
    ),
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(key, fc.jsonValue())), (entries) => {
      const { levels, mutedUntil, recentEmoji } = readPreferences(entries)
      for (const level of levels.values()) expect(['all', 'mentions', 'none']).toContain(level)
      for (const until of mutedUntil.values()) expect(until).toBeGreaterThanOrEqual(0)
      for (const each of recentEmoji) expect(each.length).toBeGreaterThan(0)
    }),
  )
})
