import { EMPTY_TIP, type Event, seal } from '@parley/protocol'
import { afterEach, expect, test } from 'vitest'
import { openArchive } from '../archive/archive.ts'
import { memoryStore } from '../store/memory-store.ts'
import { source } from '../observable.ts'
import { memoryIndex } from '../platform/search-memory.ts'
import { watchSaving } from '../store/saving.ts'
import { testClock } from '../testing/clock.ts'
import { ana, ben, conversation, logOf, says } from '../testing/logs.ts'
import { type DeviceSearch, openDeviceSearch } from './device-search.ts'
import { openSearcher } from './open-searcher.ts'
import { CLOSED } from './searcher.ts'

let opened: DeviceSearch | undefined
afterEach(() => opened?.close())

test('[L7] [R5] of a log that goes on otherwise from somewhere, the new end is found and the old one is not', async () => {
  const [store, clock] = [memoryStore(), testClock()]
  const archive = await openArchive(store, watchSaving(clock))
  const host = {
    open: () => openSearcher({ store, clock, openIndex: memoryIndex }),
    wipe: async () => undefined,
  }
  const device = (opened = openDeviceSearch({
    id: ana,
    host,
    store,
    archive,
    clock,
    progress: source(CLOSED),
  }))
  const found = async (typed: string): Promise<readonly string[]> =>
    ((await device.search?.({ typed, limit: 10 }))?.hits ?? []).map(({ event }) => event.text)
  const before = logOf(3)
  const branch = (from: Event | undefined, text: string) =>
    seal(from === undefined ? EMPTY_TIP : from, [says(ben, text)], 9000)
  await archive.addPage(conversation, [...before, ...branch(before[2], 'lost words')])
  await expect.poll(() => found('lost')).toEqual(['lost words'])
  await archive.cut(conversation, 3)
  await archive.addPage(conversation, branch(before[2], 'other words'))
  await expect.poll(() => found('other')).toEqual(['other words'])
  expect(await found('lost')).toEqual([])
  await expect.poll(() => found('"message 2"')).toEqual(['message 2'])
})
