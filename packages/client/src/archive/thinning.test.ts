import type { ConversationId } from '@parley/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openArchive } from './archive.ts'
import { memoryStore } from '../store/memory-store.ts'
import { source } from '../observable.ts'
import { addRange, heldCount, removeRange } from './ranges.ts'
import { watchSaving } from '../store/saving.ts'
import type { Range } from '../store/store.ts'
import { testClock } from '../testing/clock.ts'
import { conversation, logOf, otherConversation } from '../testing/logs.ts'
import { countThinned, openThinning, thinned } from './thinning.ts'

const held: fc.Arbitrary<ReadonlyMap<ConversationId, readonly Range[]>> = fc
  .array(
    fc.array(
      fc
        .tuple(fc.integer({ min: 1, max: 90_000 }), fc.nat(20_000))
        .map(([from, size]) => ({ from, to: from + size })),
      { minLength: 1, maxLength: 3 },
    ),
    { maxLength: 6 },
  )
  .map(
    (logs) =>
      new Map(
        logs.map((spans, index) => [
          `c${index}` as ConversationId,
          spans.reduce<readonly Range[]>(addRange, []),
        ]),
      ),
  )

test('the older half goes, from the largest conversations, and of none the newest thousand', () => {
  fc.assert(
    fc.property(held, (before) => {
      const begins = thinned(before)
      const after = new Map(
        [...before].map(([id, ranges]) => [
          id,
          removeRange(ranges, { from: 1, to: (begins.get(id) ?? 1) - 1 }),
        ]),
      )
      const count = (logs: typeof before) =>
        [...logs.values()].reduce((sum, ranges) => sum + heldCount(ranges), 0)
      expect(countThinned(before)).toBe(count(before) - count(after))
      for (const [id, ranges] of before) {
        const [was, is] = [heldCount(ranges), heldCount(after.get(id) ?? [])]
        expect(is).toBeGreaterThanOrEqual(Math.min(was, 1024))
        if (begins.has(id)) {
          expect(is).toBeLessThan(was)
          expect(((begins.get(id) ?? 0) - 1) % 128).toBe(0)
          // Nobody who gave has less than somebody who did not, but for what is left of a page.
          for (const [other, own] of before)
            if (!begins.has(other)) expect(heldCount(own)).toBeLessThanOrEqual(is + 128)
        }
      }
      const spare = [...before.values()].reduce((sum, own) => sum + Math.max(0, heldCount(own) - 1024), 0)
      const wanted = Math.min(count(before) / 2, spare)
      expect(countThinned(before)).toBeGreaterThanOrEqual(wanted - 128 * before.size)
    }),
  )
})

test('[C6] what was removed stays away over a restart, until the person wants it back', async () => {
  const store = memoryStore()
  await store.putEvents(conversation, logOf(3000))
  await store.putEvents(otherConversation, logOf(500))
  const open = async () => {
    const saving = watchSaving(testClock())
    const archive = await openArchive(store, saving)
    const isThinned = source(false)
    let woken = 0
    const thinning = openThinning({ archive, store, saving, isThinned, wake: () => (woken += 1) })
    await expect.poll(() => woken).toBe(1)
    return { archive, thinning, isThinned, woken: () => woken }
  }
  const first = await open()
  expect(first.isThinned.get()).toBe(false)
  expect(await first.thinning.thin()).toBe(true)
  const { from } = first.archive.ranges(conversation)[0] ?? { from: 0 }
  expect(from).toBe(1665)
  expect(first.archive.ranges(otherConversation)).toEqual([{ from: 1, to: 500 }])
  const again = await open()
  expect([again.thinning.begin(conversation), again.isThinned.get()]).toEqual([from, true])
  expect(await again.thinning.restore()).toBe(true)
  expect([again.thinning.begin(conversation), again.isThinned.get(), again.woken()]).toEqual([1, false, 2])
  expect((await open()).isThinned.get()).toBe(false)
})
