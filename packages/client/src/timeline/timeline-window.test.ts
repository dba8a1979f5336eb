import type { Event, EventId, Seq } from '@parley/protocol'
import { expect, test } from 'vitest'
import { openArchive } from '../archive/archive.ts'
import { memoryStore } from '../store/memory-store.ts'
import { watchSaving } from '../store/saving.ts'
import type { EventQuery, Store } from '../store/store.ts'
import { testClock } from '../testing/clock.ts'
import { ana, ben, conversation } from '../testing/logs.ts'
import { openTimeline } from './timeline.ts'

const END = 1_000_000
/** One event of a log that is too long to be made: every tenth replies to one that is far above it. */
const eventAt = (seq: Seq): Event => ({
  seq,
  id: idAt(seq),
  type: 'message',
  author: seq % 2 === 0 ? ana : ben,
  at: seq * 1000,
  hash: 'a'.repeat(22),
  text: `message ${seq}`,
  writtenAt: seq * 1000,
  ...(seq % 10 === 0 && { replyTo: idAt(Math.max(1, Math.floor(seq / 2))) }),
})
const idAt = (seq: Seq) => `00000000-0000-7000-8000-${seq.toString(16).padStart(12, '0')}` as EventId

/** A disk that holds them all, and counts what is read of them. */
function longDisk() {
  const read = { events: 0, questions: 0 }
  const ask = <T extends readonly unknown[]>(found: T): T => {
    read.events += found.length
    read.questions += 1
    return found
  }
  const store: Store = {
    ...memoryStore(),
    holdings: async () =>
      new Map([[conversation, { ranges: [{ from: 1, to: END }], tip: eventAt(END), bytes: END * 300 }]]),
    events: async (_, { after = 0, before = END + 1, limit, from }: EventQuery) => {
      const length = Math.min(limit, Math.max(0, before - after - 1))
      const first = from === 'oldest' ? after + 1 : before - length
      return ask(Array.from({ length }, (_each, index) => eventAt(first + index)))
    },
    eventById: async (_, id) => ask([eventAt(Number.parseInt(id.slice(-12), 16))])[0],
    reactionsTo: async () => ask([]),
  }
  const during = async (work: () => Promise<unknown>): Promise<number> => {
    read.events = 0
    read.questions = 0
    await work()
    return read.events
  }
  return { store, during }
}

test('[R4] in a conversation of a million events nothing reads more than what it shows', async () => {
  const { store, during } = longDisk()
  const archive = await openArchive(store, watchSaving(testClock()))
  const timeline = openTimeline({
    conversation,
    me: ana,
    archive,
    fetch: async () => {
      throw new Error('the device has it all')
    },
    serverSeq: () => END,
    readSeq: () => END,
    commands: () => [],
    others: { subscribe: () => () => undefined },
    open: () => () => undefined,
  })
  const shown = () => timeline.get().items.flatMap(({ place }) => (place.state === 'said' ? [place.seq] : []))
  // A page, and for each tenth of what is then shown the message that it replies to.
  const page = 102
  const targets = () => Math.ceil(shown().length / 10)

  const opening = await during(async () => {
    timeline.subscribe(() => undefined)
    // In turn behind the opening.
    await timeline.latest()
  })
  expect(shown().at(-1)).toBe(END)
  expect(shown().length).toBe(100)
  expect(opening).toBeLessThanOrEqual(page + targets())

  for (let turn = 0; turn < 40; turn += 1) {
    const older = await during(timeline.older)
    expect(older).toBeLessThanOrEqual(page + targets())
    expect(shown().length).toBeLessThanOrEqual(1500)
  }
  expect(shown()[0]).toBe(END - 100 - 40 * 100 + 1)

  for (const seq of [1, 500_000, 999_000, 64_123]) {
    const jump = await during(() => timeline.show(seq))
    expect(shown()).toContain(seq)
    expect(jump).toBeLessThanOrEqual(page + targets())
    expect(await during(timeline.newer)).toBeLessThanOrEqual(page + targets())
  }
  expect(await during(timeline.latest)).toBeLessThanOrEqual(page + targets())
  expect(shown().at(-1)).toBe(END)
})
