import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Archive, openArchive } from './archive.ts'
import { memoryStore } from '../store/memory-store.ts'
import { watchSaving } from '../store/saving.ts'
import { type Store, StoreError } from '../store/store.ts'
import { testClock } from '../testing/clock.ts'
import { conversation, logOf } from '../testing/logs.ts'

const open = (store: Store): Promise<Archive> => openArchive(store, watchSaving(testClock()))
const whole = { limit: 10_000, from: 'oldest' } as const
const log = logOf(60)

/** Two tabs on one disk, which may be full: one leads and writes, the other hears of it and reads. */
async function pair() {
  const disk = memoryStore()
  let isFull = false
  const store: Store = {
    ...disk,
    putEvents: async (id, events) => {
      if (isFull) throw new StoreError('quota', 'no room')
      await disk.putEvents(id, events)
    },
  }
  const [leader, follower] = [await open(store), await open(disk)]
  let isHeard = false
  leader.subscribe((change) => isHeard && change.events.length > 0 && follower.heard(change))
  leader.onWritten((id, runs) => isHeard && follower.heardWritten(id, runs))
  return {
    disk,
    leader,
    follower,
    setFull: (is: boolean) => {
      isFull = is
    },
    /** From now on the follower hears the leader, who first tells all that is not on the disk. */
    join: async () => {
      isHeard = true
      const unwritten = [...leader.unwritten()]
      const reloaded = follower.reload()
      for (const [id, events] of unwritten)
        follower.heard({ conversation: id, events, isNewest: events.at(-1) === leader.tip(id) })
      await reloaded
    },
  }
}

const step = fc.oneof(
  fc.record({
    does: fc.constant('hear' as const),
    from: fc.nat(59),
    length: fc.integer({ min: 1, max: 20 }),
    isLive: fc.boolean(),
  }),
  fc.record({ does: fc.constantFrom('fill the disk', 'make room', 'settle') }),
)

test('[R4] a tab that follows reads what the leading one has let in, wherever it is and whenever it joined', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 15 }), fc.nat(15), async (steps, joinedAt) => {
      const { disk, leader, follower, setFull, join } = await pair()
      const pages: Promise<void>[] = []
      for (const [index, each] of [...steps, undefined].entries()) {
        if (index === Math.min(joinedAt, steps.length)) await join()
        if (each === undefined) break
        if (each.does === 'hear') {
          const events = log.slice(each.from, each.from + each.length)
          if (each.isLive) leader.addLive(conversation, events)
          else pages.push(leader.addPage(conversation, events))
        } else if (each.does === 'settle') await leader.settled()
        else setFull(each.does === 'fill the disk')
      }
      await Promise.all(pages)
      await leader.settled()
      expect(follower.ranges(conversation)).toEqual(leader.ranges(conversation))
      expect(follower.tip(conversation)).toEqual(leader.tip(conversation))
      const held = await leader.read(conversation, whole)
      expect(await follower.read(conversation, whole)).toEqual(held)

      // The leader is gone, and there is room again: what it could not write the next one does.
      follower.adopt()
      await follower.settled()
      expect(await disk.events(conversation, whole)).toEqual(held)
      expect([...follower.unwritten()]).toEqual([])
    }),
  )
})

test('what the leading tab has written, the others no longer keep in memory', async () => {
  const { leader, follower, join } = await pair()
  await join()
  leader.addLive(conversation, log)
  expect([...follower.unwritten()].map(([, events]) => events.length)).toEqual([60])
  await leader.settled()
  expect([...follower.unwritten()]).toEqual([])
})

test('[L7] a log that the leading tab cuts ends there in the others too', async () => {
  const { leader, follower, join } = await pair()
  await join()
  leader.addLive(conversation, log)
  await leader.settled()
  leader.raise(conversation, { fault: 'hash', seq: 41 })
  follower.raise(conversation, { fault: 'hash', seq: 41 })
  expect(await leader.cut(conversation, 40)).toBe(true)
  follower.heardCut(conversation, 40, leader.tip(conversation))
  for (const tab of [leader, follower]) {
    expect(tab.fault(conversation)).toBeUndefined()
    expect(tab.tip(conversation)).toEqual(log[39])
    expect(tab.ranges(conversation)).toEqual([{ from: 1, to: 40 }])
    expect(await tab.read(conversation, whole)).toEqual(log.slice(0, 40))
  }
})

test('a log that the leading tab forgets is forgotten by the others', async () => {
  const { leader, follower, join } = await pair()
  await join()
  leader.addLive(conversation, log)
  await leader.settled()
  const heard: string[] = []
  follower.subscribe(({ events }) => heard.push(`${events.length} events`))
  await leader.forget(conversation)
  follower.heardCut(conversation, 0, undefined)
  expect(follower.tip(conversation)).toBeUndefined()
  expect(await follower.read(conversation, whole)).toEqual([])
  expect(heard).toEqual(['0 events'])
})
