import { accountRoots, type CommandId, newId, type Seen } from '@parley/protocol'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { type AccountDocument, openAccountDocument } from './account-document.ts'
import { memoryStore } from '../store/memory-store.ts'
import { watchSaving } from '../store/saving.ts'
import { ACCOUNT_MOVE, type Store, StoreError } from '../store/store.ts'
import { testClock } from '../testing/clock.ts'
import { conversation } from '../testing/logs.ts'

const NOTHING: Seen = new Map()

/** A tab on this disk; `before` is called before each write, and decides what becomes of it. */
async function open(disk: Store, before: (write: number) => Promise<void> = async () => undefined) {
  const clock = testClock()
  const state = { writes: 0 }
  const through =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await before((state.writes += 1))
      return await call(...args)
    }
  const store: Store = {
    ...disk,
    appendAccount: through(disk.appendAccount),
    compactAccount: through(disk.compactAccount),
    moveAccount: through(disk.moveAccount),
  }
  const own = await openAccountDocument(store, watchSaving(clock), clock)
  return { own, clock, state }
}
const say = (own: AccountDocument, text: string) =>
  own.roots.outbox.push([{ id: newId<CommandId>(), type: 'message.send', createdAt: 1, conversation, text }])
const texts = ({ roots }: AccountDocument) =>
  (roots.outbox.toArray() as { readonly text?: string }[]).map(({ text }) => text)
const textsOn = async (disk: Store) => texts((await open(disk)).own)
/** What the server has begun anew: one command waits in it, and a refusal to be seen. */
const begunAnew = () => {
  const doc = new Y.Doc()
  accountRoots(doc).outbox.push([
    { id: newId<CommandId>(), type: 'message.send', createdAt: 1, conversation, text: 'from elsewhere' },
  ])
  accountRoots(doc).rejections.set(newId<CommandId>(), {
    code: 'archived',
    message: 'no',
    at: 1,
    command: null,
  })
  const replica = new Y.Doc()
  Y.applyUpdate(replica, Y.encodeStateAsUpdate(doc))
  return replica
}
const dead = new Promise<never>(() => undefined)
const turns = async () => {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve()
}

test('after a move there is the new document, with what waited in the old one behind it', async () => {
  const disk = memoryStore()
  const { own } = await open(disk)
  say(own, 'seen by the server')
  const seen = Y.decodeStateVector(Y.encodeStateVector(own.doc))
  say(own, 'waits')
  await own.saved()
  expect(await own.move(begunAnew(), seen)).toBe(true)
  expect(texts(own)).toEqual(['from elsewhere', 'waits'])
  expect(own.isOnDisk()).toBe(true)
  say(own, 'after it')
  expect(await own.saved()).toBeUndefined()
  const again = (await open(disk)).own
  expect(texts(again)).toEqual(['from elsewhere', 'waits', 'after it'])
  expect(again.roots.rejections.size).toBe(1)
  // Moved again, and once more.
  for (const round of [1, 2]) {
    expect(await again.move(begunAnew(), Y.decodeStateVector(Y.encodeStateVector(again.doc)))).toBe(true)
    say(again, `round ${round}`)
    await again.saved()
    expect(await textsOn(disk)).toEqual(['from elsewhere', `round ${round}`])
  }
})

test('[C6] what is said while the disk works on a move is saved when it says so, and is in the new document', async () => {
  const disk = memoryStore()
  const held = Promise.withResolvers<void>()
  const { own } = await open(disk, (write) => (write === 2 ? held.promise : Promise.resolve()))
  say(own, 'before')
  await own.saved()
  const next = begunAnew()
  const moving = own.move(next, NOTHING)
  await turns()
  say(own, 'meanwhile')
  accountRoots(next).drafts.set(conversation, 'the server says')
  let isSaved = false
  const saved = own.saved().then((fault) => (isSaved = fault === undefined))
  await turns()
  expect([isSaved, own.isOnDisk(), texts(own)]).toEqual([false, false, ['before', 'meanwhile']])
  held.resolve()
  expect(await moving).toBe(true)
  expect(await saved).toBe(true)
  expect(texts(own)).toEqual(['from elsewhere', 'before', 'meanwhile'])
  const again = (await open(disk)).own
  expect(texts(again)).toEqual(['from elsewhere', 'before', 'meanwhile'])
  expect(again.roots.drafts.get(conversation)).toBe('the server says')
})

describe('a tab that dies in the middle', () => {
  test('[N1] [C1] leaves all that it called saved, once, whichever write was its last', async () => {
    let isDone = false
    for (let last = 0; !isDone; last += 1) {
      const disk = memoryStore()
      const { own, state } = await open(disk, (write) => (write > last ? dead : Promise.resolve()))
      const saved: string[] = []
      const keep = (text: string) => {
        say(own, text)
        void own.saved().then(() => saved.push(text))
      }
      keep('one')
      await turns()
      const moving = own.move(begunAnew(), NOTHING)
      keep('two')
      await turns()
      keep('three')
      await turns()
      isDone = await Promise.race([moving, turns().then(() => false)])
      isDone &&= state.writes <= last
      const after = (await open(disk)).own
      const found = texts(after)
      expect(found).toEqual([...new Set(found)])
      expect(found).toEqual(expect.arrayContaining(saved))
      // What it left goes on as a device does that was away: the server says again what it has seen.
      const isMoved = (await disk.record(ACCOUNT_MOVE)) !== undefined
      if (!isMoved) expect(await after.move(begunAnew(), NOTHING)).toBe(true)
      expect(texts(after).filter((text) => text !== 'from elsewhere')).toEqual(
        found.filter((text) => text !== 'from elsewhere'),
      )
      if (isDone) expect(found).toEqual(['from elsewhere', 'one', 'two', 'three'])
      expect(last).toBeLessThan(10)
    }
  })

  test('[C6] a disk that takes no move leaves everything as it was, and takes what comes later', async () => {
    const disk = memoryStore()
    let isFull = false
    const { own } = await open(disk, async () => {
      if (isFull) throw new StoreError('quota', 'no room')
    })
    say(own, 'one')
    await own.saved()
    isFull = true
    expect(await own.move(begunAnew(), NOTHING)).toBe(false)
    say(own, 'two')
    expect(await own.saved()).toBe('quota')
    isFull = false
    say(own, 'three')
    expect(await own.saved()).toBeUndefined()
    expect(await textsOn(disk)).toEqual(['one', 'two', 'three'])
  })
})

describe('two tabs', () => {
  test('[C1] what the other has put on disk and told nobody goes along, once', async () => {
    const disk = memoryStore()
    const [one, two] = [(await open(disk)).own, (await open(disk)).own]
    say(two, 'from two')
    await two.saved()
    expect(await one.move(begunAnew(), NOTHING)).toBe(true)
    expect(texts(one)).toEqual(['from elsewhere', 'from two'])
    await two.reload()
    expect(texts(two)).toEqual(['from elsewhere', 'from two'])
  })

  test('[C6] [C1] the other finds out when it next writes, and what it wrote is saved in the new document', async () => {
    const disk = memoryStore()
    const [one, two] = [(await open(disk)).own, (await open(disk)).own]
    say(one, 'from one')
    await one.saved()
    await two.reload()
    const moved: boolean[] = []
    two.onMoved((_, isOurs) => moved.push(isOurs))
    expect(await one.move(begunAnew(), NOTHING)).toBe(true)
    // Meanwhile the server takes both.
    one.roots.outbox.delete(0, 2)
    await one.saved()
    say(two, 'from two')
    expect(await two.saved()).toBeUndefined()
    expect(moved).toEqual([false])
    expect(texts(two)).toEqual(['from two'])
    expect(await textsOn(disk)).toEqual(['from two'])
    say(two, 'and on')
    await two.saved()
    expect(await textsOn(disk)).toEqual(['from two', 'and on'])
  })

  test('a word between them from before a move is not taken into the document after it', async () => {
    const disk = memoryStore()
    const [one, two] = [(await open(disk)).own, (await open(disk)).own]
    say(one, 'from one')
    await one.saved()
    const old = one.since(new Uint8Array([0]))
    expect(await one.move(begunAnew(), Y.decodeStateVector(Y.encodeStateVector(one.doc)))).toBe(true)
    one.join(old)
    expect(texts(one)).toEqual(['from elsewhere'])
    two.join(one.since(new Uint8Array([0])))
    await turns()
    expect(texts(two)).toEqual(['from elsewhere'])
  })

  test('that move it at the same time have one document after it, and lose nothing', async () => {
    const disk = memoryStore()
    const [one, two] = [(await open(disk)).own, (await open(disk)).own]
    say(one, 'from one')
    say(two, 'from two')
    await Promise.all([one.saved(), two.saved()])
    const next = begunAnew()
    const copy = new Y.Doc()
    Y.applyUpdate(copy, Y.encodeStateAsUpdate(next))
    const moved = await Promise.all([one.move(next, NOTHING), two.move(copy, NOTHING)])
    expect(moved.toSorted()).toEqual([false, true])
    for (const each of [one, two]) await each.reload()
    expect(texts(one).toSorted()).toEqual(['from elsewhere', 'from one', 'from two'])
    expect(texts(two)).toEqual(texts(one))
    expect(await textsOn(disk)).toEqual(texts(one))
  })

  test('[C6] a disk that was emptied has it again, for all tabs, also for one that had begun anew on it', async () => {
    const disk = memoryStore()
    const [one, two] = [(await open(disk)).own, (await open(disk)).own]
    say(one, 'before')
    expect(await one.move(begunAnew(), NOTHING)).toBe(true)
    await two.reload()
    await disk.wipe()
    const three = (await open(disk)).own
    say(three, 'from three')
    await three.saved()
    one.rewrite()
    two.rewrite()
    expect(await one.saved()).toBeUndefined()
    expect(await two.saved()).toBeUndefined()
    await Promise.all([two, three].map((each) => each.reload()))
    for (const each of [two, three, (await open(disk)).own])
      expect(texts(each).toSorted()).toEqual(['before', 'from elsewhere', 'from three'])
    say(two, 'after')
    expect(await two.saved()).toBeUndefined()
    expect((await textsOn(disk)).toSorted()).toEqual(['after', 'before', 'from elsewhere', 'from three'])
  })
})
