import fc from 'fast-check'
import { expect, test } from 'vitest'
import { heldCount } from '../archive/ranges.ts'
import { conversation, otherConversation } from '../testing/logs.ts'
import { openBacklog, type Stretch } from './backlog.ts'

/** Takes all that is left, in the order it comes; events are said a moment after each other from `start` on. */
function takeAll(backlog: ReturnType<typeof openBacklog>, size: number, start: Record<string, number> = {}) {
  const taken: Stretch[] = []
  for (let next = backlog.next(size); next !== undefined; next = backlog.next(size)) {
    taken.push(next)
    backlog.done(next, (start[next.conversation] ?? 0) + next.span.from)
  }
  return taken
}

test('[R5] the newest comes first, over all conversations', () => {
  const backlog = openBacklog()
  backlog.want(conversation, [{ from: 1, to: 30 }], 30)
  backlog.want(otherConversation, [{ from: 1, to: 10 }], 25)
  const taken = takeAll(backlog, 10, { [otherConversation]: 15 })
  expect(taken.map((each) => [each.conversation === conversation, each.span.from])).toEqual([
    [true, 21],
    [false, 1],
    [true, 11],
    [true, 1],
  ])
})

test('whatever is wanted, in any order and more than once, is taken once', () => {
  const range = fc.record({ from: fc.integer({ min: 1, max: 60 }), length: fc.integer({ min: 0, max: 20 }) })
  fc.assert(
    fc.property(fc.array(range), fc.integer({ min: 1, max: 15 }), (wanted, size) => {
      const backlog = openBacklog()
      const all = new Set<number>()
      for (const { from, length } of wanted) {
        backlog.want(conversation, [{ from, to: from + length }], from + length)
        for (let seq = from; seq <= from + length; seq += 1) all.add(seq)
      }
      const taken = takeAll(backlog, size).map(({ span }) => span)
      expect(heldCount(taken)).toBe(all.size)
      for (const { from, to } of taken) {
        expect(to - from).toBeLessThan(size)
        for (let seq = from; seq <= to; seq += 1) expect(all.delete(seq)).toBe(true)
      }
    }),
  )
})

test('what is dropped is not taken', () => {
  const backlog = openBacklog()
  backlog.want(conversation, [{ from: 1, to: 30 }], 30)
  const first = backlog.next(10)
  backlog.drop(conversation)
  if (first !== undefined) backlog.done(first, 1)
  expect(backlog.next(10)).toBeUndefined()
})
