import { isDeepStrictEqual } from 'node:util'
import type { ConversationId, Event } from '@parley/protocol'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Answer, EventsQuery } from '../connection/api.ts'
import { type Archive, openArchive } from './archive.ts'
import { type Directory, openDirectory } from '../conversations/directory.ts'
import { type Filling, nextPage, openFilling } from './filling.ts'
import { memoryStore } from '../store/memory-store.ts'
import { source } from '../observable.ts'
import { METERED_RESTS, type Paced, UNRESTRICTED } from './pacing.ts'
import { heldCount } from './ranges.ts'
import { watchSaving } from '../store/saving.ts'
import { StoreError } from '../store/store.ts'
import { testClock } from '../testing/clock.ts'
import { conversation, logOf, otherConversation, summaryOf } from '../testing/logs.ts'

type Asked = EventsQuery & {
  readonly id: ConversationId
  give(answer?: Answer<readonly Event[]>): Promise<void>
}

const settle = () => new Promise((resolve) => setImmediate(resolve))

describe('filling', () => {
  const logs = new Map<ConversationId, readonly Event[]>()
  let clock: ReturnType<typeof testClock>
  let archive: Archive
  let directory: Directory
  let filling: Filling
  /** What the server was asked and has not answered. */
  let asked: Asked[]
  let isDiskFull: boolean
  const isLive = source(true)
  const isFilling = source(false)
  const paced = source<Paced | undefined>(undefined)
  const conditions = source(UNRESTRICTED)

  beforeEach(async () => {
    logs.clear()
    clock = testClock()
    asked = []
    isDiskFull = false
    isLive.set(true)
    conditions.set(UNRESTRICTED)
    const saving = watchSaving(clock)
    const store = memoryStore()
    archive = await openArchive(
      {
        ...store,
        putEvents: async (id, events) => {
          if (isDiskFull) throw new StoreError('quota', 'no room')
          await store.putEvents(id, events)
        },
      },
      saving,
    )
    directory = await openDirectory(store, saving, clock)
    filling = openFilling({
      archive,
      directory,
      api: {
        events: (id, query) =>
          new Promise((resolve) => {
            const one: Asked = {
              ...query,
              id,
              give: async (answer = { ok: true, value: pageOf(id, query) }) => {
                asked = asked.filter((each) => each !== one)
                resolve(answer)
                await settle()
              },
            }
            asked.push(one)
          }),
      },
      clock,
      random: () => 0,
      isLive: isLive.get,
      canKeep: () => saving.state.get().state === 'sound',
      isFilling,
      paced,
      conditions,
    })
  })

  const pageOf = (id: ConversationId, { after = 0, limit = 0 }: EventsQuery): readonly Event[] =>
    (logs.get(id) ?? []).slice(after, after + limit)
  /** The server lists a conversation with a log of this length. */
  const listed = async (id: ConversationId, length: number, lastAt: number) => {
    logs.set(id, logOf(length))
    directory.told(summaryOf(id, { lastSeq: length, lastAt }))
    await settle()
  }
  const spans = () => asked.map(({ id, after = 0, limit = 0 }) => [id, after + 1, after + limit])
  const answerAll = async () => {
    while (asked.length > 0) await asked[0]?.give()
  }

  const reachesAll = (to = 1000) => {
    expect(archive.ranges(conversation)).toEqual([{ from: 1, to }])
    expect(archive.fault(conversation)).toBeUndefined()
    expect(isFilling.get()).toBe(false)
    expect(paced.get()).toBeUndefined()
  }

  test('[R4] the newest of each comes first, newest conversations first, and then the past in pages that never change', async () => {
    for (const [id, length, lastAt] of [
      [conversation, 1000, 1],
      [otherConversation, 700, 2],
    ] as const) {
      logs.set(id, logOf(length))
      directory.told(summaryOf(id, { lastSeq: length, lastAt }))
    }
    await settle()
    expect(isFilling.get()).toBe(true)
    const order: unknown[] = []
    while (asked.length > 0) {
      for (const span of spans()) if (!order.some((each) => isDeepStrictEqual(each, span))) order.push(span)
      await asked[0]?.give()
    }
    expect(order).toEqual([
      [otherConversation, 445, 700],
      [conversation, 745, 1000],
      [otherConversation, 257, 444],
      [otherConversation, 1, 256],
      [conversation, 513, 744],
      [conversation, 257, 512],
      [conversation, 1, 256],
    ])
    expect(archive.ranges(otherConversation)).toEqual([{ from: 1, to: 700 }])
    reachesAll()
  })

  test('pages on their way together may arrive in any order: nothing is asked for twice, and every joint is checked', async () => {
    await listed(conversation, 1000, 1)
    const order = new Set<string>()
    while (asked.length > 0) {
      expect(asked.length).toBeLessThanOrEqual(4)
      for (const { after, limit } of asked) order.add(`${after}+${limit}`)
      await asked.at(-1)?.give()
    }
    expect(order.size).toBe(4)
    reachesAll()
  })

  test('[L7] two pages that do not belong together are found out, also when they arrive together', async () => {
    await listed(conversation, 1000, 1)
    await asked[0]?.give()
    const other = logOf(1000)
    const [first, second] = asked
    void second?.give({
      ok: true,
      value: other.slice(second.after, (second.after ?? 0) + (second.limit ?? 0)),
    })
    await first?.give()
    await settle()
    expect(archive.fault(conversation)).toMatchObject({ fault: 'hash' })
    await answerAll()
    expect(isFilling.get()).toBe(false)
  })

  test('a server that cannot answer now is left alone for a while; what it has not given is asked for again', async () => {
    await listed(conversation, 1000, 1)
    await asked[0]?.give({ ok: false, code: 'unavailable', message: '' })
    const others = asked.length
    await answerAll()
    expect(others).toBeGreaterThan(0)
    directory.told(summaryOf(conversation, { lastSeq: 1000, lastAt: 3 }))
    await settle()
    expect(asked).toEqual([])
    clock.advance(60_000)
    await settle()
    expect(asked.length).toBeGreaterThan(0)
    await answerAll()
    reachesAll()
  })

  test('a full disk is not given more, until it has room again', async () => {
    isDiskFull = true
    await listed(conversation, 3000, 1)
    await answerAll()
    // No more than was on its way when the first was refused.
    expect(heldCount(archive.ranges(conversation))).toBeLessThanOrEqual(4 * 256)
    isDiskFull = false
    clock.advance(60_000)
    await settle()
    await answerAll()
    reachesAll(3000)
  })

  test('on a metered connection the newest come at once and older history a page at a time, whatever the clock does', async () => {
    conditions.set({ isMetered: true, isBatteryLow: false })
    await listed(conversation, 1000, 1)
    expect(spans()).toEqual([
      [conversation, 745, 1000],
      [conversation, 513, 744],
    ])
    await answerAll()
    expect(asked).toEqual([])
    expect(isFilling.get()).toBe(false)
    expect(paced.get()).toBe('metered')
    clock.set(clock.now() - 10 * 365 * 24 * 3600 * 1000)
    clock.advance(METERED_RESTS - 1)
    await settle()
    expect(asked).toEqual([])
    clock.advance(1)
    await settle()
    expect(spans()).toEqual([[conversation, 257, 512]])
    await answerAll()
    conditions.set(UNRESTRICTED)
    await settle()
    await answerAll()
    reachesAll()
  })

  test('with a low battery only what was missed comes, and what somebody wants to see', async () => {
    conditions.set({ isMetered: false, isBatteryLow: true })
    await listed(conversation, 1000, 1)
    expect(spans()).toEqual([[conversation, 745, 1000]])
    await answerAll()
    expect(paced.get()).toBe('battery')
    const wanted = filling.want(conversation, { from: 101, to: 200 })
    await settle()
    expect(spans()).toEqual([[conversation, 101, 200]])
    await answerAll()
    expect(await wanted).toBe(true)
    clock.advance(10 * METERED_RESTS)
    await settle()
    expect(asked).toEqual([])
    conditions.set(UNRESTRICTED)
    await settle()
    await answerAll()
    reachesAll()
  })

  test('a hole that somebody has left by looking far back is not taken for something missed', () => {
    const end = 1_000_000
    const seen = { from: 100, to: 200 }
    expect(nextPage([seen, { from: end - 199, to: end }], end)).toMatchObject({ isHistory: false })
    expect(nextPage([seen, { from: end - 10_000, to: end }], end)).toEqual({
      after: 3867 * 256,
      limit: 47,
      isHistory: true,
    })
  })

  test('once closed it asks for nothing more', async () => {
    await listed(conversation, 1000, 1)
    filling.close()
    const under = asked.length
    await answerAll()
    clock.advance(600_000)
    await settle()
    expect(under).toBeGreaterThan(0)
    expect(asked).toEqual([])
    expect(isFilling.get()).toBe(false)
  })
})
