import { accountRoots, levelKey } from '@parley/protocol'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { memoryStore } from '../store/memory-store.ts'
import { watchSaving } from '../store/saving.ts'
import { testClock } from '../testing/clock.ts'
import { conversation } from '../testing/logs.ts'
import { openAccountDocument } from './account-document.ts'
import { preferenceMethods } from './preferences.ts'

async function start(disk = memoryStore()) {
  const clock = testClock()
  const own = await openAccountDocument(disk, watchSaving(clock), clock)
  return { disk, own, ...preferenceMethods(own) }
}

test('[C5] what is chosen is so at once, and after the app was closed', async () => {
  const { disk, own, ...first } = await start()
  first.setNotificationLevel(conversation, 'mentions')
  first.mute(conversation, 5000)
  expect(first.preferences.get().levels.get(conversation)).toBe('mentions')
  await own.saved()
  const { preferences, mute } = await start(disk)
  expect(preferences.get().levels.get(conversation)).toBe('mentions')
  expect(preferences.get().mutedUntil.get(conversation)).toBe(5000)
  mute(conversation, undefined)
  expect(preferences.get().mutedUntil.get(conversation)).toBe(0)
})

test('emoji that were used come first, each once, and only so many', async () => {
  const { preferences, usedEmoji } = await start()
  for (const each of ['👍', '🎉', '👍']) usedEmoji(each)
  expect(preferences.get().recentEmoji).toEqual(['👍', '🎉'])
  for (let n = 0; n < 40; n += 1) usedEmoji(`${n}`)
  expect(preferences.get().recentEmoji).toHaveLength(32)
  expect(preferences.get().recentEmoji[0]).toBe('39')
})

test('another device’s choice is heard, also after the document was begun anew', async () => {
  const { own, preferences } = await start()
  const next = new Y.Doc()
  accountRoots(next).prefs.set(levelKey(conversation), 'none')
  expect(await own.move(next, new Map())).toBe(true)
  expect(preferences.get().levels.get(conversation)).toBe('none')
  own.roots.prefs.set(levelKey(conversation), 'all')
  expect(preferences.get().levels.get(conversation)).toBe('all')
})
