import { EMPTY_TIP, type Event, seal, type Seq } from '@parley/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { memoryStore } from '../store/memory-store.ts'
import { watchSaving } from '../store/saving.ts'
import type { EventQuery, Store } from '../store/store.ts'
import { testClock } from '../testing/clock.ts'
import { ana, ben, conversation, logOf, says } from '../testing/logs.ts'
import { type Archive, openArchive } from './archive.ts'
import { openTallies, type Tallies } from './tallies.ts'
import { countOnto, emptyTally } from './tally.ts'

interface Opened {
  readonly archive: Archive
  readonly tallies: Tallies
  /** Where each reading of the log began. */
  readonly readAfter: readonly Seq[]
}

async function open(store: Store, readSeq: () => Seq): Promise<Opened> {
  const clock = testClock()
  const saving = watchSaving(clock)
  const readAfter: Seq[] = []
  const events = (id: typeof conversation, query: EventQuery) => {
    readAfter.push(query.after ?? 0)
    return store.events(id, query)
  }
  const archive = await openArchive({ ...store, events }, saving)
  const tallies = await openTallies({
    archive,
    me: ana,
    readSeq,
    changed: () => undefined,
    store,
    saving,
    clock,
    firstShown: undefined,
  })
  return { archive, tallies, readAfter }
}

const counted = async ({ archive, tallies }: Opened, readSeq: Seq): Promise<void> => {
  tallies.review(conversation)
  const upTo = archive.tip(conversation)?.seq ?? 0
  await expect.poll(() => tallies.get(conversation), { interval: 1 }).toMatchObject({ after: readSeq, upTo })
}

/** What was set aside for later is on the disk. */
const closed = async ({ archive, tallies }: Opened): Promise<void> => {
  tallies.close()
  await archive.settled()
}

test('[R2] what was counted is remembered: the next start reads only what came after it', async () => {
  const store = memoryStore()
  const log = logOf(70)
  const first = await open(store, () => 10)
  await first.archive.addPage(conversation, log.slice(0, 60))
  await counted(first, 10)
  await closed(first)

  const second = await open(store, () => 10)
  expect(second.tallies.get(conversation)).toEqual({ after: 10, upTo: 60, unread: 25, mentions: 0 })
  await second.archive.addPage(conversation, log.slice(60))
  await counted(second, 10)
  expect(second.tallies.get(conversation)).toMatchObject({ unread: 30 })
  // The last one of before is what the new ones are checked against.
  expect(Math.min(...second.readAfter)).toBe(59)
})

test('[R2] a count that goes further than the log is of another one', async () => {
  const store = memoryStore()
  const log = logOf(20)
  const first = await open(store, () => 0)
  await first.archive.addPage(conversation, log)
  await counted(first, 0)
  await closed(first)
  // The end of the log went, and the app with it before it could tell.
  await store.dropEvents(conversation, { from: 11, to: 20 })

  const second = await open(store, () => 0)
  expect(second.tallies.get(conversation)).toBeUndefined()
  await counted(second, 0)
  expect(second.tallies.get(conversation)).toEqual({ after: 0, upTo: 10, unread: 5, mentions: 0 })
})

test('[R2] whatever is said, read, cut and closed in whatever order, what is unread is what a fresh count finds', async () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('say' as const), count: fc.integer({ min: 1, max: 6 }) }),
    fc.record({ do: fc.constant('read' as const), share: fc.float({ min: 0, max: 1, noNaN: true }) }),
    fc.record({ do: fc.constant('cut' as const), share: fc.float({ min: 0, max: 1, noNaN: true }) }),
    fc.record({ do: fc.constant('reopen' as const) }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const store = memoryStore()
      let log: readonly Event[] = []
      let readSeq: Seq = 0
      let opened = await open(store, () => readSeq)
      for (const each of steps) {
        if (each.do === 'say') {
          const drafts = Array.from({ length: each.count }, (_, n) =>
            says(n % 3 === 0 ? ana : ben, 'words', n % 2 === 0 ? { mentions: [ana] } : {}),
          )
          const fresh = seal(log.at(-1) ?? EMPTY_TIP, drafts, 1000)
          log = [...log, ...fresh]
          opened.archive.addLive(conversation, fresh)
        } else if (each.do === 'read') {
          readSeq = Math.max(readSeq, Math.floor(each.share * log.length))
        } else if (each.do === 'cut') {
          const after = Math.max(readSeq, Math.floor(each.share * log.length))
          log = log.slice(0, after)
          await opened.archive.cut(conversation, after)
        } else {
          await closed(opened)
          opened = await open(store, () => readSeq)
        }
        await opened.archive.settled()
        if (log.length === 0) continue
        await counted(opened, readSeq)
        const afresh = countOnto(emptyTally(readSeq), log.slice(readSeq), ana)
        expect(opened.tallies.get(conversation)).toEqual({ ...afresh, upTo: log.length })
      }
      await closed(opened)
    }),
  )
})
