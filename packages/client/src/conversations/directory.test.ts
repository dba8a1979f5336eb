import { expect, test } from 'vitest'
import { openDirectory } from './directory.ts'
import { memoryStore } from '../store/memory-store.ts'
import { watchSaving } from '../store/saving.ts'
import { testClock } from '../testing/clock.ts'
import { conversation } from '../testing/logs.ts'

const summaryAt = (lastSeq: number) => ({
  id: conversation,
  kind: 'group' as const,
  title: 'Friends',
  archived: false,
  lastSeq,
  lastHash: 'x',
  lastAt: 1,
  readSeq: 0,
  unread: 0,
  mentions: 0,
  role: 'owner' as const,
  memberCount: 1,
  members: [],
})

test('[L7] an answer that was overtaken changes nothing; after the log is taken anew the shorter one counts', async () => {
  const clock = testClock()
  const directory = await openDirectory(memoryStore(), watchSaving(clock), clock)
  directory.told(summaryAt(100))
  directory.told(summaryAt(90))
  expect(directory.get(conversation)?.summary.lastSeq).toBe(100)
  directory.restart(conversation)
  directory.told(summaryAt(90))
  expect(directory.get(conversation)?.summary.lastSeq).toBe(90)
})

test('a list that was asked for before something was told takes nothing of that back', async () => {
  const clock = testClock()
  const directory = await openDirectory(memoryStore(), watchSaving(clock), clock)
  const isLeft = () => directory.get(conversation)?.left
  const late = directory.asking()
  directory.told(summaryAt(1))
  late([])
  expect([directory.isComplete(), isLeft()]).toEqual([true, false])
  const later = directory.asking()
  directory.left(conversation)
  later([summaryAt(1)])
  expect(isLeft()).toBe(true)
  directory.asking()([summaryAt(1)])
  expect(isLeft()).toBe(false)
  directory.asking()([])
  expect(isLeft()).toBe(true)
})
