import { beforeEach, expect, test } from 'vitest'
import { type Archive, openArchive } from './archive.ts'
import { type Directory, openDirectory } from '../conversations/directory.ts'
import { type HistoryProgress, openHistory } from './history.ts'
import { memoryStore } from '../store/memory-store.ts'
import { type Observable, source } from '../observable.ts'
import type { Paced } from './pacing.ts'
import { watchSaving } from '../store/saving.ts'
import type { Store } from '../store/store.ts'
import { testClock } from '../testing/clock.ts'
import { conversation, logOf, otherConversation, summaryOf } from '../testing/logs.ts'
import { bytesOf } from './weight.ts'

let store: Store
let archive: Archive
let directory: Directory
let history: Observable<HistoryProgress>
const open = async () => {
  const clock = testClock()
  const saving = watchSaving(clock)
  archive = await openArchive(store, saving)
  directory = await openDirectory(store, saving, clock)
  const facts = { isFilling: source(false), paced: source<Paced | undefined>(undefined) }
  history = openHistory(archive, directory, facts)
}
beforeEach(async () => {
  store = memoryStore()
  await open()
})

test('[R4] before the server has said which conversations there are, nothing is complete', () => {
  expect(history.get()).toMatchObject({ isComplete: false, conversations: { complete: 0, total: 0 } })
  directory.asking()([])
  expect(history.get().isComplete).toBe(true)
})

test('[R4] complete is a conversation without a gap from its first event to the last that was heard of', async () => {
  const log = logOf(300)
  directory.asking()([
    summaryOf(conversation, { lastSeq: 300 }),
    summaryOf(otherConversation, { lastSeq: 0 }),
  ])
  await archive.addPage(conversation, log.slice(200))
  await archive.addPage(conversation, log.slice(0, 100))
  expect(history.get()).toMatchObject({
    held: 200,
    total: 300,
    bytes: bytesOf([...log.slice(0, 100), ...log.slice(200)]),
    conversations: { complete: 1, total: 2 },
    isComplete: false,
  })
  await archive.addPage(conversation, log.slice(50, 250))
  const whole = {
    held: 300,
    total: 300,
    bytes: bytesOf(log),
    conversations: { complete: 2, total: 2 },
    isComplete: true,
  }
  expect(history.get()).toMatchObject(whole)
  await archive.settled()
  directory.flush()
  await open()
  expect(history.get()).toMatchObject(whole)
  directory.told(summaryOf(conversation, { lastSeq: 301 }))
  expect(history.get()).toMatchObject({ isComplete: false, total: 301 })
})

test('[L7] a log with a fault is not complete', async () => {
  directory.asking()([summaryOf(conversation, { lastSeq: 3 })])
  await archive.addPage(conversation, logOf(3))
  expect(history.get().isComplete).toBe(true)
  archive.raise(conversation, { fault: 'hash', seq: 2 })
  expect(history.get()).toMatchObject({ isComplete: false, conversations: { complete: 0, total: 1 } })
})

test('what one has left is counted as it is, and waits for nothing', async () => {
  const log = logOf(30)
  directory.asking()([summaryOf(conversation, { lastSeq: 30 })])
  await archive.addPage(conversation, log.slice(10))
  directory.left(conversation)
  expect(history.get()).toMatchObject({ held: 20, total: 20, isComplete: true })
  directory.asking()([summaryOf(otherConversation, { lastSeq: 0 })])
  expect(history.get()).toMatchObject({ isComplete: true, conversations: { complete: 1, total: 1 } })
})

test('a part that is cut off takes its share of the bytes along', async () => {
  const log = logOf(100)
  directory.asking()([summaryOf(conversation, { lastSeq: 100 })])
  await archive.addPage(conversation, log)
  await archive.cut(conversation, 50)
  const { held, bytes } = history.get()
  expect(held).toBe(50)
  const exact = bytesOf(log.slice(0, 50))
  expect(Math.abs(bytes - exact)).toBeLessThan(exact / 10)
})
