import { type CommandId, type EventId, newId } from '@parley/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { openAccountDocument } from './account-document.ts'
import { memoryStore } from '../store/memory-store.ts'
import { openNotes } from './notes.ts'
import { source } from '../observable.ts'
import { openOutbox } from '../outbox/outbox.ts'
import type { Sight } from '../ports.ts'
import { watchSaving } from '../store/saving.ts'
import { testClock } from '../testing/clock.ts'
import { conversation, otherConversation } from '../testing/logs.ts'

/** A person's outbox and notes on a disk that is cut off after so many writes. */
async function start(disk = memoryStore(), writes = Infinity) {
  const clock = testClock()
  let left = writes
  const own = await openAccountDocument(
    {
      ...disk,
      appendAccount: async (update) =>
        left-- > 0 ? await disk.appendAccount(update) : await new Promise<number>(() => undefined),
    },
    watchSaving(clock),
    clock,
  )
  const outbox = openOutbox(own, clock, () => false)
  const sight = source<Sight>('visible')
  const notes = openNotes(own, clock, () => 0, sight)
  const send = (text: string) =>
    outbox.give({ id: newId<CommandId>(), type: 'message.send', createdAt: 1, conversation, text }, () =>
      notes.sent(conversation, text),
    )
  return { clock, own, outbox, notes, disk, sight, send }
}

test('[C1] a text is a draft or a message, whenever the app dies: never both, never neither', async () => {
  const disk = memoryStore()
  const before = await start(disk)
  before.notes.setDraft(conversation, 'Hello there ')
  before.clock.advance(400)
  await before.own.saved()
  for (const [writes, draft, waiting] of [
    [0, 'Hello there ', 0],
    [1, '', 1],
  ] as const) {
    const dying = await start(disk, writes)
    void dying.send('Hello there')
    dying.notes.setDraft(conversation, '')
    dying.clock.advance(400)
    await new Promise((resolve) => setImmediate(resolve))
    const after = await start(disk)
    expect(after.notes.draftText(conversation)).toBe(draft)
    expect(after.outbox.commands.get()).toHaveLength(waiting)
  }
})

test('a message that somebody sends elsewhere leaves what is being written', async () => {
  const { notes, send, clock } = await start()
  notes.setDraft(conversation, 'Half a thou')
  notes.setDraft(otherConversation, 'Another')
  clock.advance(400)
  await send('From a program')
  expect(notes.draftText(conversation)).toBe('Half a thou')
  await send('Half a thou')
  expect(notes.draftText(conversation)).toBe('')
  expect(notes.draftText(otherConversation)).toBe('Another')
})

test('[C5] what a draft answers stays with it over restarts and on other devices, until the answer is sent', async () => {
  const [one, two] = [await start(), await start()]
  const [first, second] = [newId<EventId>(), newId<EventId>()]
  const there = two.notes.draftReply(conversation)
  one.notes.setDraftReply(conversation, first)
  Y.applyUpdate(two.own.doc, Y.encodeStateAsUpdate(one.own.doc))
  expect(there.get()).toBe(first)
  expect(two.notes.draftReply(otherConversation).get()).toBeUndefined()
  await one.own.saved()
  const { notes } = await start(one.disk)
  expect(notes.draftReply(conversation).get()).toBe(first)
  notes.sent(conversation, 'something else')
  notes.sent(conversation, 'to another', second)
  expect(notes.draftReply(conversation).get()).toBe(first)
  notes.sent(conversation, 'the answer', first)
  expect(notes.draftReply(conversation).get()).toBeUndefined()
})

test('[C5] a draft in a window that goes out of sight is kept at once: it may never be seen again', async () => {
  const { notes, own, sight, disk } = await start()
  const kept = async () => {
    await own.saved()
    return (await start(disk)).notes.draftText(conversation)
  }
  notes.setDraft(conversation, 'half a')
  expect(await kept()).toBe('')
  sight.set('hidden')
  expect(await kept()).toBe('half a')
  notes.setDraft(conversation, 'half a thou')
  expect(await kept()).toBe('half a thou')
})

test('[R1] of two devices that have read apart both come to the further position, whichever change the document keeps', async () => {
  const position = fc.integer({ min: 1, max: 9 })
  await fc.assert(
    fc.asyncProperty(position, position, fc.boolean(), async (here, there, isFirst) => {
      const [one, two] = [await start(), await start()]
      one.own.doc.clientID = 1
      two.own.doc.clientID = 2
      one.notes.markRead(conversation, here)
      two.notes.markRead(conversation, there)
      const pass = (from: typeof one, to: typeof one) =>
        Y.applyUpdate(to.own.doc, Y.encodeStateAsUpdate(from.own.doc))
      for (const [from, to] of isFirst
        ? [[one, two] as const, [two, one] as const]
        : [[two, one] as const, [one, two] as const]) {
        pass(from, to)
        pass(to, from)
      }
      const furthest = Math.max(here, there)
      for (const { notes, own, disk } of [one, two]) {
        expect(notes.readSeq(conversation)).toBe(furthest)
        // What the server is told, and what is there after a restart.
        expect(own.roots.reads.get(conversation)).toBe(furthest)
        await own.saved()
        expect((await start(disk)).notes.readSeq(conversation)).toBe(furthest)
      }
    }),
    { numRuns: 30 },
  )
})
