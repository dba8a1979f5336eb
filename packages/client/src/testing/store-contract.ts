import { newId, type rest } from '@parley/protocol'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  ACCOUNT_MOVE,
  accountMove,
  type AccountMove,
  asideName,
  FIRST_GENERATION,
  type Store,
  type StoredConversation,
} from '../store/store.ts'
import { describeHeld } from './held-contract.ts'
import { ana, ben, conversation, logOf, otherConversation, reacts, says } from './logs.ts'
import { EMPTY_TIP, seal } from '@parley/protocol'
import { runsOf, spanOf } from '../archive/ranges.ts'
import { bytesOf } from '../archive/weight.ts'

const summary: rest.ConversationSummary = {
  id: conversation,
  kind: 'group',
  title: 'Friends',
  archived: false,
  lastSeq: 3,
  lastHash: 'x',
  lastAt: 1,
  readSeq: 1,
  unread: 2,
  mentions: 0,
  role: 'owner',
  memberCount: 2,
  members: [{ id: ben, username: 'ben', name: 'Ben' }],
}
const stored: StoredConversation = {
  summary,
  members: { [ana]: { role: 'owner', since: 1 } },
  left: false,
  reads: { [ben]: 2 },
}

/** What every store promises. `reopen` closes it and opens the same data again, as after a restart. */
export function describeStore(
  name: string,
  open: () => Promise<Store>,
  reopen: (store: Store) => Promise<Store>,
) {
  describe(`the store on ${name}`, () => {
    let store: Store
    beforeEach(async () => {
      store = await open()
      await store.wipe()
    })
    afterEach(() => store.close())

    test('[C6] account updates come back in the order they were appended, after a restart', async () => {
      for (const n of [1, 2, 3]) await store.appendAccount(new Uint8Array([n, n]))
      store = await reopen(store)
      const updates = await store.loadAccount()
      expect(updates.map(({ update }) => [...update])).toEqual([
        [1, 1],
        [2, 2],
        [3, 3],
      ])
      expect(updates.map(({ key }) => key)).toEqual(updates.map(({ key }) => key).toSorted((a, b) => a - b))
    })

    test('[C6] the account document is replaced as a whole, and takes nothing more that belongs to the one before', async () => {
      const one = await store.appendAccount(new Uint8Array([1]))
      const two = await store.appendAccount(new Uint8Array([2]))
      const move: AccountMove = { generation: 'second', from: FIRST_GENERATION, seen: [[7, 3]] }
      const keys = [one ?? 0, two ?? 0]
      // There is an update that whoever moves it has not heard of.
      expect(await store.moveAccount(keys.slice(1), new Uint8Array([9]), move)).toBeUndefined()
      expect(await store.loadAccount()).toHaveLength(2)
      const key = await store.moveAccount(keys, new Uint8Array([9]), move)
      // Asked again by who has not heard the answer, and by who was slower.
      expect(await store.moveAccount(keys, new Uint8Array([9]), move)).toBe(key)
      const late = { ...move, generation: 'slower' }
      expect(await store.moveAccount(keys, new Uint8Array([8]), late)).toBeUndefined()
      expect(await store.appendAccount(new Uint8Array([3]))).toBeUndefined()
      expect(await store.compactAccount(keys, new Uint8Array([12]))).toBeUndefined()
      expect(await store.appendAccount(new Uint8Array([4]), 'second')).toBeGreaterThan(key ?? Infinity)
      store = await reopen(store)
      expect((await store.loadAccount()).map(({ update }) => [...update])).toEqual([[9], [4]])
      expect(accountMove.parse(await store.record(ACCOUNT_MOVE))).toEqual(move)
      const all = (await store.loadAccount()).map((each) => each.key)
      expect(await store.compactAccount(all, new Uint8Array([94]), 'second')).toBeDefined()
      await store.wipe()
      expect(await store.appendAccount(new Uint8Array([1]))).toBeDefined()
    })

    test('a small thing is kept under its name over a restart, replaced and forgotten', async () => {
      await store.putRecord('one', { list: [1, 'two'] })
      await store.putRecord('two', 2)
      await store.putRecord('two', 3)
      store = await reopen(store)
      expect(await store.record('one')).toEqual({ list: [1, 'two'] })
      expect(await store.record('two')).toBe(3)
      await store.putRecord('two', undefined)
      expect(await store.record('two')).toBeUndefined()
    })

    test('what is changed at the same moment is changed by one after the other', async () => {
      const count = (before: unknown) => (typeof before === 'number' ? before : 0) + 1
      await Promise.all(Array.from({ length: 10 }, () => store.changeRecord('count', count)))
      store = await reopen(store)
      expect(await store.record('count')).toBe(10)
    })

    test('[C6] updates that cannot be read are kept apart, and no longer come back with the others', async () => {
      for (const n of [1, 2, 3]) await store.appendAccount(new Uint8Array([n]))
      const keys = (await store.loadAccount()).map(({ key }) => key)
      await store.setAside(keys.slice(1, 2))
      store = await reopen(store)
      expect((await store.loadAccount()).map(({ update }) => [...update])).toEqual([[1], [3]])
      expect(await store.record(asideName(keys[1] ?? 0))).toEqual(new Uint8Array([2]))
    })

    test('compaction replaces exactly the updates it has merged: another tab has appended meanwhile', async () => {
      await store.appendAccount(new Uint8Array([1]))
      await store.appendAccount(new Uint8Array([2]))
      const keys = (await store.loadAccount()).map(({ key }) => key)
      await store.appendAccount(new Uint8Array([3]))
      await store.compactAccount(keys, new Uint8Array([12]))
      store = await reopen(store)
      expect((await store.loadAccount()).map(({ update }) => [...update])).toEqual([[3], [12]])
    })

    test('two tabs that compact the same updates lose none of them', async () => {
      await store.appendAccount(new Uint8Array([1]))
      const keys = (await store.loadAccount()).map(({ key }) => key)
      await Promise.all([
        store.compactAccount(keys, new Uint8Array([1])),
        store.compactAccount(keys, new Uint8Array([1])),
      ])
      expect((await store.loadAccount()).map(({ update }) => [...update])).toEqual([[1], [1]])
    })

    test('events are held once and the ranges say which, in whatever pieces they come', async () => {
      const log = logOf(300)
      await Promise.all([
        store.putEvents(conversation, log.slice(200, 300)),
        store.putEvents(conversation, log.slice(0, 50)),
        store.putEvents(conversation, log.slice(40, 100)),
      ])
      store = await reopen(store)
      expect((await store.holdings()).get(conversation)).toEqual({
        ranges: [
          { from: 1, to: 100 },
          { from: 201, to: 300 },
        ],
        tip: log[299],
        bytes: bytesOf([...log.slice(0, 100), ...log.slice(200)]),
      })
      await store.putEvents(conversation, log.slice(100, 200))
      expect((await store.holdings()).get(conversation)?.ranges).toEqual([{ from: 1, to: 300 }])
      expect(await store.events(conversation, { limit: 1000, from: 'oldest' })).toEqual(log)
    })

    test('events are read by span, from either end', async () => {
      const log = logOf(20)
      await store.putEvents(conversation, log)
      await store.putEvents(otherConversation, logOf(5))
      const seqs = async (query: Parameters<Store['events']>[1]) =>
        (await store.events(conversation, query)).map(({ seq }) => seq)
      expect(await seqs({ after: 3, limit: 2, from: 'oldest' })).toEqual([4, 5])
      expect(await seqs({ before: 10, limit: 2, from: 'newest' })).toEqual([8, 9])
      expect(await seqs({ after: 5, before: 8, limit: 10, from: 'newest' })).toEqual([6, 7])
      expect(await seqs({ limit: 3, from: 'newest' })).toEqual([18, 19, 20])
      expect(await seqs({ after: 20, limit: 3, from: 'oldest' })).toEqual([])
      expect(await seqs({ after: 5, before: 6, limit: 3, from: 'oldest' })).toEqual([])
    })

    test('the newest of a log with holes are the newest, not those next to the end', async () => {
      const log = logOf(20)
      await store.putEvents(conversation, [...log.slice(0, 5), ...log.slice(15)])
      const found = await store.events(conversation, { limit: 8, from: 'newest' })
      expect(found.map(({ seq }) => seq)).toEqual([3, 4, 5, 16, 17, 18, 19, 20])
    })

    test('a stretch that is dropped is gone with its place in the ranges, and can come back', async () => {
      const log = logOf(600)
      await store.putEvents(conversation, log)
      await store.putEvents(otherConversation, logOf(3))
      await store.dropEvents(conversation, { from: 200, to: 333 })
      store = await reopen(store)
      const left = [...log.slice(0, 199), ...log.slice(333)]
      expect((await store.holdings()).get(conversation)).toMatchObject({
        ranges: [
          { from: 1, to: 199 },
          { from: 334, to: 600 },
        ],
        tip: log[599],
      })
      expect(await store.events(conversation, { limit: 1000, from: 'oldest' })).toEqual(left)
      expect(await store.eventById(conversation, log[250]?.id ?? newId())).toBeUndefined()
      expect(await store.readable(conversation, { from: 150, to: 400 })).toEqual(
        left.filter(({ seq }) => seq >= 150 && seq <= 400),
      )
      await store.dropEvents(conversation, { from: 590, to: 700 })
      expect((await store.holdings()).get(conversation)?.tip).toEqual(log[588])
      await store.putEvents(conversation, log)
      expect((await store.holdings()).get(conversation)?.ranges).toEqual([{ from: 1, to: 600 }])
      await store.dropEvents(conversation, { from: 1, to: 600 })
      expect([...(await store.holdings()).keys()]).toEqual([otherConversation])
    })

    test('whatever pieces a log comes in, and whatever is dropped meanwhile, each way of reading finds the same', async () => {
      const messages = logOf(400)
      const targets = messages.slice(0, 12)
      const tip = messages.at(-1) ?? EMPTY_TIP
      const reactions = targets.flatMap(({ id }) => [reacts(ana, id, '👍'), reacts(ben, id, '👎')])
      const log = [...messages, ...seal(tip, reactions, 2000)]
      const ids = targets.map(({ id }) => id)
      const piece = fc.record({
        from: fc.nat(log.length - 1),
        length: fc.oneof(
          fc.integer({ min: 1, max: 3 }),
          fc.constant(128),
          fc.integer({ min: 100, max: 300 }),
        ),
        isAligned: fc.boolean(),
        isDropped: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
      })
      await fc.assert(
        fc.asyncProperty(fc.array(piece, { maxLength: 12 }), fc.nat(log.length), async (pieces, at) => {
          await store.wipe()
          const held = new Set<number>()
          for (const { from, length, isAligned, isDropped } of pieces) {
            const start = isAligned ? from - (from % 128) : from
            const part = log.slice(start, start + length)
            const last = part.at(-1)?.seq ?? 0
            if (isDropped) await store.dropEvents(conversation, { from: start + 1, to: last })
            else await store.putEvents(conversation, part)
            for (const { seq } of part) {
              if (isDropped) held.delete(seq)
              else held.add(seq)
            }
          }
          const left = log.filter(({ seq }) => held.has(seq))
          expect(await store.events(conversation, { limit: 1000, from: 'oldest' })).toEqual(left)
          expect(await store.events(conversation, { before: at, limit: 50, from: 'newest' })).toEqual(
            left.filter(({ seq }) => seq < at).slice(-50),
          )
          expect(await store.readable(conversation, { from: at, to: at + 200 })).toEqual(
            left.filter(({ seq }) => seq >= at && seq <= at + 200),
          )
          expect(await store.reactionsTo(conversation, ids)).toEqual(
            left.filter(({ type }) => type === 'reaction'),
          )
          const one = log[at]
          if (one !== undefined)
            expect(await store.eventById(conversation, one.id)).toEqual(held.has(one.seq) ? one : undefined)
          const found = (await store.holdings()).get(conversation)
          expect(found?.tip).toEqual(left.at(-1))
          expect(found?.ranges ?? []).toEqual(runsOf(left).map(spanOf))
        }),
        { numRuns: 25 },
      )
    })

    test('an event is found by its id, and reactions by what they react to', async () => {
      const [first, second] = seal(EMPTY_TIP, [says(ana, 'one'), says(ben, 'two')], 1)
      if (first === undefined || second === undefined) throw new Error('two events expected')
      const reactions = seal(
        second,
        [reacts(ben, first.id, '👍'), reacts(ana, second.id, '👍'), reacts(ben, first.id, '👍', false)],
        2,
      )
      await store.putEvents(conversation, [first, second, ...reactions])
      expect(await store.eventById(conversation, second.id)).toEqual(second)
      expect(await store.eventById(conversation, newId())).toBeUndefined()
      expect(await store.reactionsTo(conversation, [first.id])).toEqual([reactions[0], reactions[2]])
    })

    test('what is known of conversations, snapshots and people survives a restart', async () => {
      await store.putConversation(conversation, stored)
      await store.putSnapshot(conversation, new Uint8Array([7, 8]))
      await store.putProfiles([{ id: ben, username: 'ben', name: 'Ben' }])
      store = await reopen(store)
      expect(await store.conversations()).toEqual(new Map([[conversation, stored]]))
      expect([...((await store.snapshot(conversation)) ?? [])]).toEqual([7, 8])
      expect(await store.snapshot(otherConversation)).toBeUndefined()
      expect(await store.profiles()).toEqual([{ id: ben, username: 'ben', name: 'Ben' }])
    })

    test('only the snapshots stay that are still wanted', async () => {
      await store.putSnapshot(conversation, new Uint8Array([1]))
      await store.putSnapshot(otherConversation, new Uint8Array([2]))
      await store.keepSnapshots(new Set([otherConversation]))
      expect(await store.snapshot(conversation)).toBeUndefined()
      expect([...((await store.snapshot(otherConversation)) ?? [])]).toEqual([2])
    })

    test('a forgotten log leaves other logs and the conversation itself', async () => {
      await store.putConversation(conversation, stored)
      await store.putEvents(conversation, logOf(3))
      await store.putEvents(otherConversation, logOf(2))
      await store.forgetLog(conversation)
      expect([...(await store.holdings()).keys()]).toEqual([otherConversation])
      expect((await store.conversations()).size).toBe(1)
      await store.forgetConversation(conversation)
      expect((await store.conversations()).size).toBe(0)
    })

    describeHeld(
      () => store,
      async () => (store = await reopen(store)),
    )

    test('wiping leaves nothing', async () => {
      await store.appendAccount(new Uint8Array([1]))
      await store.putEvents(conversation, logOf(3))
      await store.putConversation(conversation, stored)
      await store.putSnapshot(conversation, new Uint8Array([1]))
      await store.putProfiles([{ id: ben, username: 'ben', name: 'Ben' }])
      await store.wipe()
      store = await reopen(store)
      expect(await store.loadAccount()).toEqual([])
      expect((await store.holdings()).size).toBe(0)
      expect((await store.conversations()).size).toBe(0)
      expect(await store.snapshot(conversation)).toBeUndefined()
      expect(await store.profiles()).toEqual([])
    })
  })
}
