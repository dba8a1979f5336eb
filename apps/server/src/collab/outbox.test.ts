import {
  accountRoots,
  type Command,
  type ConversationId,
  DEFAULT_LIMITS,
  newId,
  type UserId,
} from '@parley/protocol'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { say } from '../../../../test/kit/people.ts'
import { type Outcome, Unavailable } from '../commands/outcome.ts'
import { createRates, type Rates } from '../limits/rates.ts'
import { createLogger } from '../logger.ts'
import { OutboxDrain } from './outbox.ts'

/** Only the pace is of interest here: what becomes of commands is for the tests over a database. */
interface Taken {
  readonly at: number
  readonly ids: readonly string[]
}

const conversation = newId<ConversationId>()
const commands = (count: number): Command[] =>
  Array.from({ length: count }, (_, n) => say(conversation, `${n}`))

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const createLimits = (commandsPerSecond: number, commandsBurst: number): Rates =>
  createRates({ limits: { ...DEFAULT_LIMITS, commandsPerSecond, commandsBurst }, now: Date.now })

function open(rates: Rates, owner = newId<UserId>()) {
  const taken: Taken[] = []
  const doc = new Y.Doc()
  const state = { isAway: false, drained: 0 }
  const drain = new OutboxDrain({
    doc,
    owner,
    handler: {
      handle: async (_author, given): Promise<Outcome[]> => {
        if (state.isAway) throw new Unavailable('away')
        taken.push({ at: Date.now(), ids: given.map(({ id }) => id) })
        return given.map(() => ({ accepted: true, events: [] }))
      },
    },
    commands: rates.commands,
    logger: createLogger('silent'),
    onDrained: () => (state.drained += 1),
  })
  const { outbox } = accountRoots(doc)
  return { taken, doc, outbox, drain, state, owner, ids: () => taken.flatMap(({ ids }) => ids) }
}

describe('an outbox fuller than its owner’s rate', () => {
  test('[C2] [C4] waits and goes on: the burst at once, then the rate, in order, nothing refused', async () => {
    const { outbox, taken, doc, ids } = open(createLimits(20, 60))
    const given = commands(1000)
    outbox.push(given)
    await vi.advanceTimersByTimeAsync(0)
    expect(ids()).toHaveLength(60)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(ids().length).toBeGreaterThanOrEqual(60 + 195)
    expect(ids().length).toBeLessThanOrEqual(60 + 200)
    // What was designed: a thousand written offline are there after 47 seconds.
    await vi.advanceTimersByTimeAsync(37_250)
    expect(ids()).toEqual(given.map(({ id }) => id))
    expect(outbox.length).toBe(0)
    expect(accountRoots(doc).rejections.size).toBe(0)
    // Several commit together: five by five, not one by one.
    expect(taken.length).toBeLessThan(200)
  })

  test('keeps to the rate whatever arrives when', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 3, max: 50 }),
        fc.integer({ min: 1, max: 60 }),
        fc.array(fc.tuple(fc.nat({ max: 3000 }), fc.integer({ min: 1, max: 60 })), {
          minLength: 1,
          maxLength: 5,
        }),
        async (perSecond, burst, arrivals) => {
          const { outbox, taken, ids } = open(createLimits(perSecond, burst))
          const given: string[] = []
          for (const [after, count] of arrivals) {
            await vi.advanceTimersByTimeAsync(after)
            const arrived = commands(count)
            given.push(...arrived.map(({ id }) => id))
            outbox.push(arrived)
          }
          await vi.advanceTimersByTimeAsync((given.length / perSecond) * 1000 + 1000)
          expect(ids()).toEqual(given)
          for (const [from, first] of taken.entries()) {
            let sum = 0
            for (const { at, ids: some } of taken.slice(from)) {
              sum += some.length
              expect(sum).toBeLessThanOrEqual(burst + (perSecond * (at - first.at + 1)) / 1000 + 0.001)
            }
          }
        },
      ),
      { numRuns: 30 },
    )
  })

  test('does not hold up anybody else’s', async () => {
    const rates = createLimits(20, 60)
    const [flood, other] = [open(rates), open(rates)]
    flood.outbox.push(commands(5000))
    await vi.advanceTimersByTimeAsync(1000)
    other.outbox.push(commands(3))
    await vi.advanceTimersByTimeAsync(0)
    expect(other.ids()).toHaveLength(3)
  })

  test('shares its budget with REST by turns: neither starves', async () => {
    const rates = createLimits(20, 60)
    const { outbox, ids, owner } = open(rates)
    outbox.push(commands(1000))
    await vi.advanceTimersByTimeAsync(0)
    let byRest = 0
    for (let ms = 0; ms < 20_000; ms += 10) {
      await vi.advanceTimersByTimeAsync(10)
      byRest += rates.commands.take(owner, 1)
    }
    const byOutbox = ids().length - 60
    expect(byOutbox + byRest).toBeLessThanOrEqual(400)
    expect(byOutbox + byRest).toBeGreaterThan(380)
    expect(Math.min(byOutbox, byRest)).toBeGreaterThan(150)
  })

  test('one timer at a time, none when it is empty, and word that it is', async () => {
    const { outbox, state, drain } = open(createLimits(20, 60))
    outbox.push(commands(100))
    await vi.advanceTimersByTimeAsync(0)
    expect(drain.isWaitingForBudget).toBe(true)
    for (let n = 0; n < 50; n += 1) outbox.push(commands(1))
    expect(vi.getTimerCount()).toBe(1)
    expect(state.drained).toBe(0)
    await vi.advanceTimersByTimeAsync(5000)
    expect(outbox.length).toBe(0)
    expect(drain.isWaitingForBudget).toBe(false)
    expect([vi.getTimerCount(), state.drained]).toEqual([0, 1])
  })

  test('says so too when its owner takes back what waits', async () => {
    const { outbox, state } = open(createLimits(20, 60))
    outbox.push(commands(100))
    await vi.advanceTimersByTimeAsync(0)
    outbox.delete(0, outbox.length)
    await vi.advanceTimersByTimeAsync(1000)
    expect([vi.getTimerCount(), state.drained]).toEqual([0, 1])
  })

  test('[N4] does not hold up a shutdown, and takes nothing after it', async () => {
    const { outbox, ids, drain } = open(createLimits(20, 60))
    outbox.push(commands(100))
    await vi.advanceTimersByTimeAsync(0)
    await drain.close()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(ids()).toHaveLength(60)
    expect(outbox.length).toBe(40)
    expect([vi.getTimerCount(), drain.isWaitingForBudget]).toEqual([0, false])
  })

  test('[N3] trouble in between is waited for as well, and nothing is lost by it', async () => {
    const { outbox, ids, state } = open(createLimits(20, 60))
    const given = commands(100)
    outbox.push(given)
    await vi.advanceTimersByTimeAsync(500)
    state.isAway = true
    await vi.advanceTimersByTimeAsync(30_000)
    state.isAway = false
    await vi.advanceTimersByTimeAsync(30_000)
    expect(ids()).toEqual(given.map(({ id }) => id))
  })
})
