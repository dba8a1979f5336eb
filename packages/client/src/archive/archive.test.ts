import { EMPTY_TIP, type Event, seal } from '@parley/protocol'
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { type Archive, openArchive } from './archive.ts'
import { memoryStore } from '../store/memory-store.ts'
import { watchSaving } from '../store/saving.ts'
import { type Store, StoreError } from '../store/store.ts'
import { testClock } from '../testing/clock.ts'
import { ana, conversation, logOf, says } from '../testing/logs.ts'

const open = (store: Store): Promise<Archive> => openArchive(store, watchSaving(testClock()))
const whole = { limit: 10_000, from: 'oldest' } as const

describe('the archive', () => {
  let store: Store
  let archive: Archive
  beforeEach(async () => {
    store = memoryStore()
    archive = await open(store)
  })

  test('[L7] a log that comes in any pieces and order is the log, and sound', async () => {
    const log = logOf(60)
    const piece = fc.tuple(fc.nat(59), fc.integer({ min: 1, max: 20 }), fc.boolean())
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
        const fresh = await open(memoryStore())
        for (const [from, length, isLive] of pieces) {
          const events = log.slice(from, from + length)
          if (isLive) fresh.addLive(conversation, events)
          else await fresh.addPage(conversation, events)
        }
        await fresh.addPage(conversation, log)
        expect(fresh.fault(conversation)).toBeUndefined()
        expect(await fresh.read(conversation, whole)).toEqual(log)
        expect(fresh.ranges(conversation)).toEqual([{ from: 1, to: 60 }])
      }),
    )
  })

  test('[L7] a changed event is found whichever side of it was there first', async () => {
    const log = logOf(10)
    const forged = log.map((event) => (event.seq === 5 ? ({ ...event, text: 'never said' } as Event) : event))
    for (const [first, second] of [
      [log.slice(5), forged.slice(0, 5)],
      [log.slice(0, 4), forged.slice(4)],
      [[], forged],
    ] as const) {
      const fresh = await open(memoryStore())
      await fresh.addPage(conversation, first)
      await fresh.addPage(conversation, second)
      expect(fresh.fault(conversation)).toEqual({ fault: 'hash', seq: 5 })
    }
  })

  test('[L7] history with sound hashes of its own is found out where it meets what the device has', async () => {
    const [mine, other] = [logOf(10), logOf(10)]
    archive.addLive(conversation, mine.slice(5))
    await archive.addPage(conversation, other.slice(0, 5))
    expect(archive.fault(conversation)).toEqual({ fault: 'hash', seq: 6 })
    await archive.settled()
    expect(await archive.read(conversation, whole)).toEqual(mine.slice(5))
  })

  test('[L7] another log under the same numbers is found at the joint', async () => {
    const [mine, other] = [logOf(10), logOf(10)]
    archive.addLive(conversation, mine.slice(0, 5))
    archive.addLive(conversation, other.slice(4))
    expect(archive.fault(conversation)).toEqual({ fault: 'hash', seq: 5 })
    await archive.settled()
    expect(await archive.read(conversation, whole)).toEqual(mine.slice(0, 5))
  })

  test('[L7] where a server says that its log ends is compared with what the device knew when it asked', () => {
    const log = logOf(10)
    archive.addLive(conversation, log)
    const eighth = { seq: 8, hash: log[7]?.hash ?? '' }
    expect(archive.agreesWithEnd(conversation, eighth, 8)).toBe(true)
    expect(archive.agreesWithEnd(conversation, eighth, 10)).toBe(false)
    expect(archive.agreesWithEnd(conversation, { seq: 10, hash: log[9]?.hash ?? '' }, 10)).toBe(true)
    expect(archive.agreesWithEnd(conversation, { seq: 10, hash: 'x' }, 10)).toBe(false)
    expect(archive.agreesWithEnd(conversation, { seq: 11, hash: 'x' }, 10)).toBe(true)
    expect(archive.fault(conversation)).toBeUndefined()
  })

  test('[L7] what is cut off is gone for good, and what is before it goes on', async () => {
    const log = logOf(10)
    await archive.addPage(conversation, log)
    archive.raise(conversation, { fault: 'hash', seq: 7 })
    expect(await archive.cut(conversation, 6)).toBe(true)
    const next = seal(log[5] ?? EMPTY_TIP, [says(ana, 'another way')], 5000)
    archive.addLive(conversation, next)
    await archive.settled()
    expect(archive.fault(conversation)).toBeUndefined()
    const again = await open(store)
    expect(await again.read(conversation, whole)).toEqual([...log.slice(0, 6), ...next])
    expect(again.tip(conversation)).toEqual(next[0])
  })

  test('[C6] a log that the disk does not cut stays as it is', async () => {
    const brittle: Store = {
      ...store,
      dropEvents: async () => {
        throw new StoreError('failed', 'not today')
      },
    }
    archive = await open(brittle)
    const log = logOf(10)
    await archive.addPage(conversation, log)
    archive.raise(conversation, { fault: 'hash', seq: 7 })
    expect(await archive.cut(conversation, 6)).toBe(false)
    expect(archive.fault(conversation)).toBeDefined()
    expect(await archive.read(conversation, whole)).toEqual(log)
  })

  test('[L7] over a break that was accepted the log goes on, and over no other', async () => {
    const log = logOf(10)
    const forged = log.map((event) =>
      event.seq % 4 === 0 ? ({ ...event, text: 'never said' } as Event) : event,
    )
    archive.accept(conversation, new Set([4]))
    await archive.addPage(conversation, forged)
    expect(archive.fault(conversation)).toEqual({ fault: 'hash', seq: 8 })
    archive.raise(conversation, undefined)
    archive.accept(conversation, new Set([4, 8]))
    await archive.addPage(conversation, forged)
    expect(archive.fault(conversation)).toBeUndefined()
    expect(await archive.read(conversation, whole)).toEqual(forged)
  })

  test('the way out of a fault: the copy is forgotten and the log begins anew', async () => {
    archive.addLive(conversation, logOf(3))
    archive.raise(conversation, { fault: 'hash', seq: 3 })
    await archive.forget(conversation)
    expect(archive.tip(conversation)).toBeUndefined()
    const log = logOf(4)
    archive.addLive(conversation, log)
    await archive.settled()
    expect(archive.fault(conversation)).toBeUndefined()
    expect(await store.events(conversation, whole)).toEqual(log)
  })

  test('[C6] what the disk did not take can be read all the same, and is written later', async () => {
    let isFull = true
    const saving = watchSaving(testClock())
    const brittle: Store = {
      ...store,
      putEvents: async (id, events) => {
        if (isFull) throw new StoreError('quota', 'no room')
        await store.putEvents(id, events)
      },
    }
    archive = await openArchive(brittle, saving)
    const log = logOf(6)
    archive.addLive(conversation, log.slice(0, 3))
    await archive.settled()
    expect(saving.state.get()).toMatchObject({ state: 'failing', fault: 'quota' })
    expect(await archive.read(conversation, whole)).toEqual(log.slice(0, 3))
    isFull = false
    archive.addLive(conversation, log.slice(3))
    await archive.settled()
    expect(await store.events(conversation, whole)).toEqual(log)
    expect(saving.state.get()).toEqual({ state: 'sound' })
  })

  test('after a restart it goes on where it was', async () => {
    const log = logOf(5)
    archive.addLive(conversation, log)
    await archive.settled()
    const again = await open(store)
    expect(again.tip(conversation)).toEqual(log[4])
    const more = seal(log[4] ?? EMPTY_TIP, [says(ana, 'more')], 2000)
    again.addLive(conversation, [...log.slice(3), ...more])
    expect(again.fault(conversation)).toBeUndefined()
    expect(again.tip(conversation)).toEqual(more[0])
  })
})
