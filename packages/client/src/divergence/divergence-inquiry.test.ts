import { EMPTY_TIP, type Event, type rest, seal } from '@parley/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Api } from '../connection/api.ts'
import { type Archive, openArchive } from '../archive/archive.ts'
import { inquire } from './divergence-inquiry.ts'
import { memoryStore } from '../store/memory-store.ts'
import { watchSaving } from '../store/saving.ts'
import { type TestClock, testClock } from '../testing/clock.ts'
import { ana, ben, conversation, logOf, says } from '../testing/logs.ts'

/** A server that answers from one log, or first from others that lag behind it. */
function serverOf(log: readonly Event[], ...lagging: readonly (readonly Event[])[]) {
  const stale = [...lagging]
  let asked = 0
  const api: Pick<Api, 'conversation' | 'events'> = {
    conversation: async () => {
      asked += 1
      const shown = stale.shift() ?? log
      const tip = shown.at(-1)
      const value = { lastSeq: tip?.seq ?? 0, lastHash: tip?.hash ?? '' } as rest.ConversationSummary
      return { ok: true, value }
    },
    events: async (_, { after = 0, limit = 1000 }) => ({ ok: true, value: log.slice(after, after + limit) }),
  }
  return { api, asked: () => asked }
}

async function deviceWith(...pages: readonly (readonly Event[])[]): Promise<Archive> {
  const archive = await openArchive(memoryStore(), watchSaving(testClock()))
  for (const page of pages) await archive.addPage(conversation, page)
  return archive
}

/** Turns the clock on for as long as somebody waits for it. */
async function asking<T>(clock: TestClock, question: Promise<T>): Promise<T> {
  const done = { is: false }
  const mine = question.finally(() => (done.is = true))
  while (!done.is) {
    clock.advance(500)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return await mine
}

const question = async (archive: Archive, api: Pick<Api, 'conversation' | 'events'>, readsOn = false) => {
  const clock = testClock()
  return await asking(clock, inquire({ archive, api, clock, isLive: () => true }, conversation, readsOn))
}

/** Goes on from a log with other words. */
const forked = (log: readonly Event[], count: number, at = 9000): Event[] => [
  ...log,
  ...seal(
    log.at(-1) ?? EMPTY_TIP,
    Array.from({ length: count }, (_, index) => says(ben, `otherwise ${index + 1}`)),
    at,
  ),
]

test('[L7] however a restored server has gone on, what is lost begins where both logs part', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.nat(40), fc.nat(30), async (length, kept, more) => {
      const mine = logOf(length)
      const common = Math.min(kept, length)
      const theirs = forked(mine.slice(0, common), more)
      const verdict = await question(await deviceWith(mine), serverOf(theirs).api)
      if (common === length) expect(verdict).toEqual({ is: 'sound' })
      else expect(verdict).toEqual({ is: 'lost', after: common, theirs: theirs.slice(common) })
    }),
    { numRuns: 60 },
  )
})

test('[L7] a device that holds only stretches of the log finds where they end to be the same', async () => {
  const mine = logOf(60)
  const archive = await deviceWith(mine.slice(0, 10), mine.slice(30, 40), mine.slice(50))
  const theirs = forked(mine.slice(0, 35), 30)
  expect(await question(archive, serverOf(theirs).api)).toMatchObject({ is: 'lost', after: 35 })
})

test('[L7] an answer that lags behind is no alarm: a shorter log must be told three times', async () => {
  const log = logOf(20)
  const archive = await deviceWith(log)
  const once = serverOf(log, log.slice(0, 12))
  expect(await question(archive, once.api)).toEqual({ is: 'sound' })
  expect(once.asked()).toBe(2)
  const twice = serverOf(log, log.slice(0, 12), log.slice(0, 12))
  expect(await question(archive, twice.api)).toEqual({ is: 'sound' })
  const restored = serverOf(log.slice(0, 12))
  expect(await question(archive, restored.api)).toEqual({ is: 'lost', after: 12, theirs: [] })
  expect(restored.asked()).toBe(3)
})

test('[L7] what is said while the server is being asked is not lost: its answers are older than that', async () => {
  const log = logOf(30)
  const archive = await deviceWith(log.slice(0, 20))
  const { api } = serverOf(log, log.slice(0, 20))
  const events: typeof api.events = async (id, query) => {
    archive.addLive(conversation, log.slice(15))
    return await api.events(id, query)
  }
  expect(await question(archive, { ...api, events })).toEqual({ is: 'sound' })
})

test('[L7] a text that was changed, and hashed anew from there on, is no loss but a change', async () => {
  const mine = logOf(30)
  const theirs = seal(
    EMPTY_TIP,
    mine.map((event) => (event.seq === 12 ? { ...event, text: 'never said' } : event)),
    0,
  ).map((event, index) => ({ ...event, at: mine[index]?.at ?? 0 }))
  const rehashed = seal(EMPTY_TIP, theirs, 1000)
  const archive = await deviceWith(mine)
  expect(await question(archive, serverOf(rehashed).api)).toMatchObject({
    is: 'altered',
    seq: 12,
    isChained: true,
    after: 11,
  })
})

test('[L7] an event taken out, and the rest numbered and hashed anew, is a change', async () => {
  const mine = logOf(30)
  const rehashed = seal(EMPTY_TIP, [...mine.slice(0, 11), ...mine.slice(12)], 1000)
  const verdict = await question(await deviceWith(mine), serverOf(rehashed).api, true)
  expect(verdict).toMatchObject({ is: 'altered', seq: 12, isChained: true, theirs: rehashed.slice(11) })
})

test('[L7] a text that was changed under its old hash is found where the server does not fit itself', async () => {
  const mine = logOf(30)
  const theirs = mine.map((event) => (event.seq === 12 ? ({ ...event, text: 'never said' } as Event) : event))
  const archive = await deviceWith(mine.slice(20))
  await archive.addPage(conversation, theirs.slice(0, 20))
  expect(archive.fault(conversation)).toEqual({ fault: 'hash', seq: 12 })
  expect(await question(archive, serverOf(theirs).api)).toMatchObject({
    is: 'altered',
    seq: 12,
    isChained: false,
  })
  // It was the way here that changed it.
  expect(await question(archive, serverOf(mine).api)).toEqual({ is: 'sound' })
})

test('[C1] what others have sent again after a restore is not lost, and does not look like a change', async () => {
  const mine = logOf(20)
  const again = seal(mine[9] ?? EMPTY_TIP, [...mine.slice(12, 14), says(ana, 'new')], 9000)
  const verdict = await question(await deviceWith(mine), serverOf([...mine.slice(0, 10), ...again]).api)
  expect(verdict).toEqual({ is: 'lost', after: 10, theirs: again })
})
