import { type CommandId, newId } from '@parley/protocol'
import { expect, test } from 'vitest'
import { openAccountDocument } from './account-document.ts'
import { memoryStore } from './memory-store.ts'
import { openNotes } from './notes.ts'
import { source } from './observable.ts'
import { openOutbox } from './outbox.ts'
import type { Sight } from './ports.ts'
import { watchSaving } from './saving.ts'
import { testClock } from './testing/clock.ts'
import { conversation, otherConversation } from './testing/logs.ts'

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
