import { accountRoots } from '@parley/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { hasRoomForEntries } from './outbox-room.ts'

/** What a device of the owner may do to the document. */
const change = fc.oneof(
  fc.record({
    do: fc.constant('push' as const),
    count: fc.integer({ min: 1, max: 6 }),
    at: fc.nat({ max: 9 }),
  }),
  fc.record({ do: fc.constant('read' as const), key: fc.nat({ max: 3 }) }),
  fc.record({ do: fc.constant('nest' as const), count: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ do: fc.constant('delete' as const), at: fc.nat({ max: 9 }) }),
  fc.record({ do: fc.constant('hear' as const) }),
)
type Change = typeof change extends fc.Arbitrary<infer C> ? C : never

function apply(device: Y.Doc, server: Y.Doc, each: Change): void {
  const { outbox, reads } = accountRoots(device)
  switch (each.do) {
    case 'push':
      outbox.insert(
        Math.min(each.at, outbox.length),
        Array.from({ length: each.count }, (_, n) => n),
      )
      break
    case 'read':
      reads.set(`${each.key}`, 1)
      break
    case 'nest':
      outbox.push([Y.Array.from(Array.from({ length: each.count }, (_, n) => n))])
      break
    case 'delete':
      if (outbox.length > 0) outbox.delete(Math.min(each.at, outbox.length - 1))
      break
    case 'hear':
      Y.applyUpdate(device, Y.encodeStateAsUpdate(server))
      break
  }
}

const copyOf = (doc: Y.Doc): Y.Doc => {
  const copy = new Y.Doc()
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc))
  return copy
}

test('[S5] no order of updates, whole, in pieces or with gaps, brings an outbox over its limit', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat({ max: 1 }), change), { maxLength: 40 }),
      fc.array(fc.nat(), { minLength: 60, maxLength: 60 }),
      fc.integer({ min: 0, max: 12 }),
      (script, order, max) => {
        const server = new Y.Doc()
        const devices = [new Y.Doc(), new Y.Doc()]
        const sent: Uint8Array[] = []
        for (const device of devices) device.on('update', (update: Uint8Array) => sent.push(update))
        for (const [who, each] of script) apply(devices[who] as Y.Doc, server, each)
        for (const pick of order) {
          const [update] = sent.splice(pick % Math.max(1, sent.length), 1)
          if (update === undefined) break
          // Hidden in the fast path, most small updates would never be counted.
          const padded = Y.mergeUpdates([update, Y.encodeStateAsUpdate(copyOf(server))])
          if (hasRoomForEntries(server, padded, max)) Y.applyUpdate(server, update)
          expect(accountRoots(server).outbox.length).toBeLessThanOrEqual(max)
        }
      },
    ),
  )
})

test('what a device brings back from a long time away fits when its commands do', () => {
  const server = new Y.Doc()
  accountRoots(server).outbox.push([1, 2, 3])
  accountRoots(server).reads.set('a', 1)
  const device = copyOf(server)
  const before = Y.encodeStateVector(device)
  for (let n = 0; n < 500; n += 1) {
    accountRoots(device).outbox.push([{ text: `${n}` }])
    accountRoots(device).reads.set('a', n + 2)
  }
  const update = Y.encodeStateAsUpdate(device, before)
  // The read position of which the update does not say where it belongs counts, too.
  expect(hasRoomForEntries(server, update, 504)).toBe(true)
  expect(hasRoomForEntries(server, update, 502)).toBe(false)
})

test('what the server has already is not counted again', () => {
  const server = new Y.Doc()
  accountRoots(server).outbox.push(Array.from({ length: 400 }, (_, n) => n))
  expect(hasRoomForEntries(server, Y.encodeStateAsUpdate(server), 400)).toBe(true)
})

test('[S5] entries that wait for what never comes count as well', () => {
  const server = new Y.Doc()
  const device = new Y.Doc()
  const updates: Uint8Array[] = []
  device.on('update', (update: Uint8Array) => updates.push(update))
  for (let n = 0; n < 20; n += 1) accountRoots(device).outbox.push(Array.from({ length: 50 }, () => null))
  // The first is held back, so that none of the others can be put in its place.
  const accepted = updates.slice(1).filter((update) => {
    if (!hasRoomForEntries(server, update, 200)) return false
    Y.applyUpdate(server, update)
    return true
  })
  expect(accepted.length).toBeLessThanOrEqual(4)
  expect(hasRoomForEntries(server, updates[0] as Uint8Array, 200)).toBe(false)
})

test('where there are too many already, as after the limit was lowered, entries may be taken back and nothing may be added', () => {
  const server = new Y.Doc()
  accountRoots(server).outbox.push([1, 2, 3])
  const device = copyOf(server)
  const updates: Uint8Array[] = []
  device.on('update', (update: Uint8Array) => updates.push(update))
  accountRoots(device).outbox.delete(0, 1)
  accountRoots(device).outbox.push([4])
  expect(updates.map((update) => hasRoomForEntries(server, update, 2))).toEqual([true, false])
})

test('an update that is none is left to who applies it', () => {
  expect(hasRoomForEntries(new Y.Doc(), new Uint8Array(300).fill(255), 10)).toBe(true)
})
