import { type Event, seal } from '@parley/protocol'
import { beforeEach, describe, expect, test } from 'vitest'
import { type Archive, openArchive } from '../archive/archive.ts'
import { memoryStore } from '../store/memory-store.ts'
import { watchSaving } from '../store/saving.ts'
import { type Store, StoreError, type StoreFault } from '../store/store.ts'
import { testClock } from '../testing/clock.ts'
import { ana, ben, conversation, logOf, reacts, says } from '../testing/logs.ts'
import { openTimeline } from './timeline.ts'
import type { MessageItem, Timeline } from './timeline-types.ts'

/** A store whose reading can be held up, and can fail. */
function slow(store: Store) {
  const own = {
    ...store,
    fault: undefined as StoreFault | undefined,
    held: undefined as Promise<void> | undefined,
    /** Happens, once, when events are read. */
    meanwhile: undefined as (() => Promise<unknown>) | undefined,
    events: async (...args: Parameters<Store['events']>) => {
      const { meanwhile } = own
      own.meanwhile = undefined
      await meanwhile?.()
      if (own.fault !== undefined) throw new StoreError(own.fault, 'lost')
      return await store.events(...args)
    },
    reactionsTo: async (...args: Parameters<Store['reactionsTo']>) => {
      const found = await store.reactionsTo(...args)
      await own.held
      return found
    },
  }
  return own
}

/** Longer than any chain of promises that the store in memory makes. */
const rest = () => new Promise<void>((resolve) => setImmediate(resolve))

describe('the timeline', () => {
  let disk: ReturnType<typeof slow>
  let archive: Archive
  let timeline: Timeline
  let saving: ReturnType<typeof watchSaving>
  let serverSeq: number
  /** What the network does when a stretch is wanted. */
  let fetchStretch: () => Promise<boolean>
  const seqs = () => timeline.get().items.flatMap(({ place }) => (place.state === 'said' ? [place.seq] : []))
  const upTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n)
  const messageOf = (event: Event | undefined): MessageItem | undefined =>
    timeline.get().items.find((item): item is MessageItem => item.id === event?.id && item.kind === 'message')
  const watch = async () => {
    const end = timeline.subscribe(() => undefined)
    await rest()
    return end
  }

  beforeEach(async () => {
    disk = slow(memoryStore())
    saving = watchSaving(testClock())
    archive = await openArchive(disk, saving)
    serverSeq = 0
    fetchStretch = async () => false
    timeline = openTimeline({
      conversation,
      me: ana,
      archive,
      fetch: () => fetchStretch(),
      serverSeq: () => serverSeq,
      readSeq: () => 0,
      commands: () => [],
      others: { subscribe: () => () => undefined },
      open: () => () => undefined,
    })
  })

  test('[L2] history asked for while nothing is shown is there once, though the live document brings it too', async () => {
    const log = logOf(50)
    serverSeq = 50
    await watch()
    fetchStretch = async () => {
      await archive.addPage(conversation, log)
      archive.addLive(conversation, log.slice(20))
      await rest()
      return true
    }
    await timeline.older()
    await rest()
    expect(seqs()).toEqual(upTo(1, 50))
  })

  test('what the live document brings while nothing is found on the disk is shown, also from its middle on', async () => {
    const log = logOf(50)
    const { promise, resolve } = Promise.withResolvers<void>()
    disk.held = promise
    await watch()
    archive.addLive(conversation, log.slice(20))
    resolve()
    await rest()
    expect(seqs()).toEqual(upTo(21, 50))
  })

  test('[L2] what is said while a stretch is being read follows it', async () => {
    const log = logOf(205)
    await archive.addPage(conversation, log.slice(0, 200))
    await watch()
    expect(seqs()).toEqual(upTo(101, 200))
    const { promise, resolve } = Promise.withResolvers<void>()
    disk.held = promise
    const reading = timeline.older()
    await rest()
    for (const event of log.slice(200)) archive.addLive(conversation, [event])
    resolve()
    await reading
    expect(seqs()).toEqual(upTo(1, 205))
    expect(timeline.get().hasNewer).toBe(false)
  })

  test('a reaction that arrives while a stretch is being read counts', async () => {
    const log = logOf(300)
    await archive.addPage(conversation, log)
    await watch()
    const { promise, resolve } = Promise.withResolvers<void>()
    disk.held = promise
    const reading = timeline.show(50)
    await rest()
    archive.addLive(conversation, seal(log[299] as Event, [reacts(ben, (log[49] as Event).id, '👍')], 2000))
    resolve()
    await reading
    expect(messageOf(log[49])?.reactions).toEqual([{ emoji: '👍', users: [ben] }])
  })

  test('a live reply to a message above the run shows what it replies to', async () => {
    const log = logOf(300)
    await archive.addPage(conversation, log)
    await watch()
    const target = log[9] as Event
    const [reply] = seal(log[299] as Event, [says(ben, 'yes', { replyTo: target.id })], 2000)
    archive.addLive(conversation, [reply as Event])
    await rest()
    expect(messageOf(reply)?.replyTo).toMatchObject({ state: 'known', seq: 10 })
  })

  test('[L7] of a log that was forgotten nothing is shown, also when nobody looked at that moment', async () => {
    const [before, after] = [logOf(20), logOf(10)]
    await archive.addPage(conversation, before)
    const end = await watch()
    end()
    await archive.forget(conversation)
    await archive.addPage(conversation, after)
    await watch()
    expect(timeline.get().items.map(({ id }) => id)).toEqual(after.map(({ id }) => id))
  })

  test('a device that cannot read says so, rejects nothing, and goes on when it can', async () => {
    const log = logOf(300)
    await archive.addPage(conversation, log)
    disk.fault = 'closed'
    await watch()
    expect(timeline.get()).toMatchObject({ items: [], loading: 'none', olderUnavailable: true })
    expect(saving.state.get()).toMatchObject({ state: 'failing', fault: 'closed' })
    await Promise.all([timeline.older(), timeline.newer(), timeline.show(5), timeline.latest()])
    disk.fault = undefined
    await timeline.latest()
    expect(seqs()).toEqual(upTo(201, 300))
    disk.fault = 'closed'
    await timeline.older()
    expect(timeline.get()).toMatchObject({ loading: 'none', olderUnavailable: true })
    expect(seqs()).toEqual(upTo(201, 300))
  })

  test('[C6] a stretch that turns out to be damaged when somebody goes there is fetched and shown', async () => {
    const log = logOf(400)
    await archive.addPage(conversation, log)
    await watch()
    const giveUp = () => archive.drop(conversation, { from: 1, to: 128 })
    disk.meanwhile = giveUp
    await timeline.show(60)
    expect(seqs().at(-1)).toBe(400)
    await archive.addPage(conversation, log.slice(0, 128))
    disk.meanwhile = giveUp
    fetchStretch = async () => {
      await archive.addPage(conversation, log.slice(0, 128))
      return true
    }
    await timeline.show(60)
    expect(seqs()).toEqual(upTo(10, 110))
  })

  test('[R4] older history that could not be had can be had again once it has been filled in', async () => {
    const log = logOf(300)
    await archive.addPage(conversation, log.slice(200))
    await watch()
    await timeline.older()
    expect(timeline.get().olderUnavailable).toBe(true)
    await archive.addPage(conversation, log.slice(128, 200))
    expect(timeline.get().olderUnavailable).toBe(false)
  })
})
