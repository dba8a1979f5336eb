import {
  applyEvents,
  type Draft,
  EMPTY_TIP,
  type MemberPayload,
  newId,
  seal,
  type UserId,
} from '@parley/protocol'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { viewConversation } from './conversation-view.ts'
import { openDirectory } from './directory.ts'
import { memoryStore } from '../store/memory-store.ts'
import { watchSaving } from '../store/saving.ts'
import { testClock } from '../testing/clock.ts'
import { type StoredConversation, storedConversation } from '../store/store.ts'
import { ana, ben, conversation, logOf, says } from '../testing/logs.ts'

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

const viewOf = (stored: StoredConversation | undefined) =>
  viewConversation({
    id: conversation,
    me: ana,
    stored,
    tip: undefined,
    tally: undefined,
    readSeq: 0,
    draft: '',
    commands: [],
    fault: undefined,
    nameOf: () => undefined,
    isFriend: () => undefined,
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

test('the members of a channel are counted on from what the server has said, as they come and go', async () => {
  const clock = testClock()
  const directory = await openDirectory(memoryStore(), watchSaving(clock), clock)
  const channel = { ...summaryAt(3), kind: 'channel' as const, memberCount: 2 }
  const shown = () => viewOf(directory.get(conversation))?.memberCount
  const [dora, emil] = [newId<UserId>(), newId<UserId>()]
  const member = (user: UserId, role: 'owner' | 'member' | null, cause: MemberPayload['cause']): Draft => ({
    id: newId(),
    type: 'member',
    author: user,
    user,
    role,
    cause,
  })
  const log = seal(
    EMPTY_TIP,
    [
      { id: newId(), type: 'meta', author: ana, kind: 'channel', title: 'News' },
      member(ana, 'owner', 'created'),
      member(ben, 'member', 'joined'),
      member(dora, 'member', 'joined'),
      says(ben, 'hello'),
      member(emil, 'member', 'added'),
      member(ben, 'owner', 'role'),
      member(dora, null, 'left'),
      member(emil, null, 'removed'),
    ],
    1000,
  )
  const doc = new Y.Doc()
  directory.told(channel)
  const counts = log.map((event) => {
    applyEvents(doc, [event])
    directory.sawDocument(conversation, doc)
    return shown()
  })
  // Before the third event the server knew more than the document.
  expect(counts).toEqual([2, 2, 2, 3, 3, 4, 4, 3, 2])
  // An older answer takes nothing of it back; a newer one counts.
  directory.told({ ...channel, lastSeq: 4, memberCount: 3 })
  expect(shown()).toBe(2)
  directory.told({ ...channel, lastSeq: 12, memberCount: 7 })
  expect(shown()).toBe(7)
  // A log that is taken anew is counted from its beginning.
  directory.restart(conversation)
  directory.sawDocument(conversation, doc)
  expect(shown()).toBe(2)
  directory.told({ ...channel, lastSeq: 9, memberCount: 2 })
  expect(shown()).toBe(2)
})

test('where a document does not go back to what the server has said of a channel, that stands', async () => {
  const clock = testClock()
  const directory = await openDirectory(memoryStore(), watchSaving(clock), clock)
  directory.told({ ...summaryAt(3), kind: 'channel', memberCount: 2 })
  const doc = new Y.Doc()
  applyEvents(doc, logOf(400))
  directory.sawDocument(conversation, doc)
  expect(viewOf(directory.get(conversation))?.memberCount).toBe(2)
})

test('who leaves a channel of which the server has said too little leaves nobody less than none', async () => {
  const clock = testClock()
  const directory = await openDirectory(memoryStore(), watchSaving(clock), clock)
  directory.told({ ...summaryAt(1), kind: 'channel', memberCount: 0 })
  const doc = new Y.Doc()
  const left: Draft = { id: newId(), type: 'member', author: ben, user: ben, role: null, cause: 'left' }
  applyEvents(doc, seal(EMPTY_TIP, [says(ben, 'bye'), left], 1000))
  directory.sawDocument(conversation, doc)
  expect(viewOf(directory.get(conversation))?.memberCount).toBe(0)
  expect(storedConversation.safeParse(directory.get(conversation)).success).toBe(true)
})
