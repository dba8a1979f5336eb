import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openArchive } from './archive.ts'
import { type Audit, openAudit } from './audit.ts'
import { memoryStore } from '../store/memory-store.ts'
import { source } from '../observable.ts'
import { mendingStore } from './repair.ts'
import { watchSaving } from '../store/saving.ts'
import { type Store, StoreError } from '../store/store.ts'
import { testClock } from '../testing/clock.ts'
import { conversation, logOf, otherConversation } from '../testing/logs.ts'

const WEEK = 7 * 24 * 3600_000

/** A disk on which events can rot: they cannot be read any more, or say something else. */
function rotting(store: Store) {
  const rotten = new Set<number>()
  const altered = new Set<number>()
  const rots: Store = {
    ...store,
    events: async (id, query) => {
      const found = await store.events(id, query)
      if (found.some(({ seq }) => rotten.has(seq))) throw new StoreError('corrupt', 'rotten')
      return found
    },
    readable: async (id, span) =>
      (await store.readable(id, span))
        .filter(({ seq }) => !rotten.has(seq))
        .map((each) =>
          altered.has(each.seq) && each.type === 'message' ? { ...each, text: 'never said' } : each,
        ),
    dropEvents: async (id, span) => {
      await store.dropEvents(id, span)
      for (const set of [rotten, altered])
        for (const seq of set) if (seq >= span.from && seq <= span.to) set.delete(seq)
    },
  }
  return { rots, rotten, altered }
}

async function open(store: Store) {
  const clock = testClock()
  const saving = watchSaving(clock)
  const result = source<Audit | undefined>(undefined)
  const archive = await openArchive(store, saving)
  let isBusy = false
  const audit = await openAudit({ archive, store, saving, clock, isBusy: () => isBusy, result })
  return {
    clock,
    archive,
    audit,
    result,
    be: (busy: boolean) => (isBusy = busy),
    /** Lets it look at everything. */
    done: async (steps = 200) => {
      for (let step = 0; step < steps; step += 1) {
        clock.advance(60_000)
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
  }
}

test('[R4] what lies on the disk is looked through, and then "whole" is a fact that was checked', async () => {
  const store = memoryStore()
  await store.putEvents(conversation, logOf(700))
  await store.putEvents(otherConversation, logOf(300).slice(100))
  const { result, done, clock } = await open(store)
  expect(result.get()).toBeUndefined()
  await done()
  expect(result.get()).toMatchObject({ checked: 900, damaged: 0 })
  const [first, again] = [result.get()?.at ?? 0, await open(store)]
  expect(again.result.get()?.at).toBe(first)
  clock.advance(WEEK)
  await done()
  expect(result.get()?.at).toBeGreaterThan(first + WEEK)
})

test('[L7][C6] whatever is missing, cannot be read or was altered is given up, and nothing else is far from it', () =>
  fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 4 }),
      fc.uniqueArray(fc.integer({ min: 1, max: 700 }), { maxLength: 3 }),
      async (unreadable, changed) => {
        // What begins a page is checked by the event before it, if that can be read.
        fc.pre(!changed.some((seq) => seq % 128 === 1 && unreadable.includes(seq - 1)))
        const { rots, rotten, altered } = rotting(memoryStore())
        await rots.putEvents(conversation, logOf(700))
        for (const seq of unreadable) rotten.add(seq)
        for (const seq of changed) altered.add(seq)
        const { archive, audit, result, done } = await open(
          mendingStore(
            rots,
            async () => 0,
            () => 700,
          ),
        )
        await done(30)
        const pages = new Set([...unreadable, ...changed].map((seq) => Math.ceil(seq / 128)))
        const left = archive
          .ranges(conversation)
          .flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, index) => from + index))
        expect(left).toEqual(logOf(700).flatMap(({ seq }) => (pages.has(Math.ceil(seq / 128)) ? [] : [seq])))
        expect(result.get()).toMatchObject({ checked: left.length, damaged: 700 - left.length })
        expect((await rots.holdings()).get(conversation)?.ranges ?? []).toEqual(archive.ranges(conversation))
        audit.close()
      },
    ),
    {
      numRuns: 20,
      examples: [
        [[1], [641]],
        [[520], [641]],
        [[3], [129]],
      ],
    },
  ))

test('[C6] who meets damage reads what is left, and the hole can be filled', async () => {
  const { rots, rotten } = rotting(memoryStore())
  const log = logOf(400)
  await rots.putEvents(conversation, log)
  const clock = testClock()
  const saving = watchSaving(clock)
  const archive = await openArchive(
    mendingStore(
      rots,
      (id, span) => audit.mend(id, span),
      (id) => archive.tip(id)?.seq ?? 0,
    ),
    saving,
  )
  const result = source<Audit | undefined>(undefined)
  const audit = await openAudit({ archive, store: rots, saving, clock, isBusy: () => false, result })
  rotten.add(390)
  const seen: unknown[] = []
  archive.subscribe(({ dropped }) => seen.push(dropped))
  const found = await archive.read(conversation, { limit: 100, from: 'newest' })
  expect(seen).toEqual([{ from: 385, to: 400 }])
  expect(found.map(({ seq }) => seq)).toEqual(log.slice(284, 384).map(({ seq }) => seq))
  expect(archive.tip(conversation)).toEqual(log[383])
  await archive.addPage(conversation, log.slice(384))
  expect(archive.ranges(conversation)).toEqual([{ from: 1, to: 400 }])
  expect(await rots.record('audit')).toEqual({})
  expect(saving.state.get()).toEqual({ state: 'sound' })
})

test('a disk that does not answer is no reason to give anything up, and filling goes before looking', async () => {
  const store = memoryStore()
  await store.putEvents(conversation, logOf(300))
  let fails = true
  const { result, done, be, archive } = await open({
    ...store,
    readable: (id, span) =>
      fails ? Promise.reject(new StoreError('failed', 'no answer')) : store.readable(id, span),
  })
  be(true)
  await done(20)
  expect(result.get()).toBeUndefined()
  be(false)
  await done(20)
  expect(archive.ranges(conversation)).toEqual([{ from: 1, to: 300 }])
  expect(result.get()).toMatchObject({ checked: 0, damaged: 0 })
  fails = false
})
