import { accountRoots, type CommandId, newId } from '@parley/protocol'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { type AccountDocument, type Change, openAccountDocument } from './account-document.ts'
import { memoryStore } from '../store/memory-store.ts'
import { watchSaving } from '../store/saving.ts'
import { asideName, type Store, StoreError } from '../store/store.ts'
import { testClock } from '../testing/clock.ts'
import { conversation } from '../testing/logs.ts'

/** One tab's copy on a disk that is shared, and may be slow or full for this tab alone. */
async function open(disk: Store) {
  const clock = testClock()
  const state = { isFull: false, wait: Promise.resolve() }
  const own = await openAccountDocument(
    {
      ...disk,
      appendAccount: async (update) => {
        await state.wait
        if (state.isFull) throw new StoreError('quota', 'no room')
        return await disk.appendAccount(update)
      },
    },
    watchSaving(clock),
    clock,
  )
  const told: Change[] = []
  own.onChange((change) => told.push(change))
  return { own, told, state, clock }
}
const say = (own: AccountDocument, text: string) =>
  own.roots.outbox.push([{ id: newId<CommandId>(), type: 'message.send', createdAt: 1, conversation, text }])
const texts = (doc: Y.Doc) =>
  (accountRoots(doc).outbox.toArray() as { readonly text?: string }[]).map(({ text }) => text)
const textsOn = async (disk: Store) => texts((await open(disk)).own.doc)

test('[C6] another tab hears of a change when it is on disk, and not before', async () => {
  const disk = memoryStore()
  const one = await open(disk)
  const held = Promise.withResolvers<void>()
  one.state.wait = held.promise
  say(one.own, 'hello')
  await Promise.resolve()
  expect([one.told, one.own.isOnDisk()]).toEqual([[], false])
  held.resolve()
  await one.own.saved()
  expect(one.told.map(({ isOnDisk }) => isOnDisk)).toEqual([true])
  expect(one.own.isOnDisk()).toBe(true)
})

test('what is on disk already is not written again by the tabs that hear of it', async () => {
  const disk = memoryStore()
  const [one, two] = [await open(disk), await open(disk)]
  say(one.own, 'hello')
  await one.own.saved()
  for (const change of one.told) two.own.join(change)
  await two.own.saved()
  expect(texts(two.own.doc)).toEqual(['hello'])
  expect(two.told).toEqual([])
  expect(await disk.loadAccount()).toHaveLength(1)
})

test('[C6] what one tab could not save goes to the others, once, and one that can saves it', async () => {
  const disk = memoryStore()
  const [one, two] = [await open(disk), await open(disk)]
  one.state.isFull = true
  say(one.own, 'no room for this')
  expect(await one.own.saved()).toBe('quota')
  one.clock.advance(5_000)
  expect(await one.own.saved()).toBe('quota')
  expect(one.told.map(({ isOnDisk }) => isOnDisk)).toEqual([false])
  for (const change of one.told) two.own.join(change)
  say(two.own, 'said after it')
  expect(await two.own.saved()).toBeUndefined()
  expect(await textsOn(disk)).toEqual(['no room for this', 'said after it'])
})

test('two tabs that can save nothing do not go on telling each other so', async () => {
  const disk = memoryStore()
  const [one, two] = [await open(disk), await open(disk)]
  one.state.isFull = two.state.isFull = true
  say(one.own, 'no room')
  await one.own.saved()
  for (let round = 0; round < 3; round += 1) {
    for (const change of one.told.splice(0)) two.own.join(change)
    await two.own.saved()
    for (const change of two.told.splice(0)) one.own.join(change)
    await one.own.saved()
  }
  expect([one.told, two.told]).toEqual([[], []])
})

test('[N1] what a tab that is gone has left on the disk is found there', async () => {
  const disk = memoryStore()
  const [one, two] = [await open(disk), await open(disk)]
  say(one.own, 'last words')
  await one.own.saved()
  await two.own.reload()
  expect(texts(two.own.doc)).toEqual(['last words'])
  say(two.own, 'and on')
  await two.own.saved()
  expect(await textsOn(disk)).toEqual(['last words', 'and on'])
})

test('a tab that has been away takes in all that it lacks', async () => {
  const [one, two] = [await open(memoryStore()), await open(memoryStore())]
  for (const text of ['a', 'b', 'c']) say(one.own, text)
  await one.own.saved()
  const change = one.own.since(Y.encodeStateVector(two.own.doc))
  expect(change.isOnDisk).toBe(true)
  two.own.join(change)
  expect(texts(two.own.doc)).toEqual(['a', 'b', 'c'])
})

test('[C6] one update that cannot be read hides none of the others, and is kept apart', async () => {
  const disk = memoryStore()
  const one = await open(disk)
  say(one.own, 'before')
  await one.own.saved()
  await disk.appendAccount(new Uint8Array([250, 1, 99, 7]))
  await disk.appendAccount(new Uint8Array())
  say(one.own, 'after')
  await one.own.saved()
  const clock = testClock()
  const aside: number[] = []
  const again = await openAccountDocument(disk, watchSaving(clock), clock, async (count) => {
    aside.push(count)
    // Whoever opens the disk now finds them there, or what is kept of them here.
    expect(await disk.loadAccount()).toHaveLength(4)
  })
  expect(texts(again.doc)).toEqual(['before', 'after'])
  expect(aside).toEqual([2])
  expect(await disk.record(asideName(2))).toEqual(new Uint8Array([250, 1, 99, 7]))
  expect(await disk.loadAccount()).toHaveLength(2)
})

test('[C6] a disk that was emptied gets back all that the tab has, with what is said next', async () => {
  const disk = memoryStore()
  const { own } = await open(disk)
  say(own, 'before')
  await own.saved()
  await disk.wipe()
  say(own, 'in the middle')
  own.rewrite()
  say(own, 'after')
  await own.saved()
  expect(await textsOn(disk)).toEqual(['before', 'in the middle', 'after'])
})
