import { accountRoots, type Command, type CommandId, newId } from '@parley/protocol'
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { type AccountDocument, openAccountDocument } from '../own/account-document.ts'
import { type Fates, openFates } from '../outbox/fates.ts'
import { memoryStore } from '../store/memory-store.ts'
import { openOutbox, type Outbox, OutboxFull } from '../outbox/outbox.ts'
import { watchSaving } from '../store/saving.ts'
import { type Store, StoreError, type StoreFault } from '../store/store.ts'
import { type TestClock, testClock } from '../testing/clock.ts'
import { conversation, otherConversation } from '../testing/logs.ts'
import { type HeldMessages, openHeld } from './held.ts'
import { named, type NamedFile, openSending, type Sending } from './sending.ts'

const say = (text: string, where = conversation): Command => ({
  id: newId<CommandId>(),
  type: 'message.send',
  createdAt: 1,
  conversation: where,
  text,
})
const aFile = (): NamedFile => named({ name: 'a', mediaType: '', bytes: new Blob(['a']) })

/** A store whose disk can be full for what is held. */
function brittle(store: Store): Store & { fault: StoreFault | undefined; meanwhile: () => void } {
  const own = {
    ...store,
    fault: undefined as StoreFault | undefined,
    meanwhile: (): void => undefined,
    hold: async (...held: Parameters<Store['hold']>) => {
      if (own.fault !== undefined) throw new StoreError(own.fault, 'no room')
      const place = await store.hold(...held)
      own.meanwhile()
      return place
    },
  }
  return own
}

describe('what is held because of files', () => {
  let clock: TestClock
  let disk: ReturnType<typeof brittle>
  let own: AccountDocument
  let fates: Fates
  let outbox: Outbox
  let held: HeldMessages
  let sending: Sending
  const restart = async () => {
    const saving = watchSaving(clock)
    fates = openFates()
    own = await openAccountDocument(disk, saving, clock)
    outbox = openOutbox(
      own,
      clock,
      () => false,
      () => 5,
      fates,
    )
    held = await openHeld(disk, saving, clock, fates)
    sending = openSending(outbox, held, fates, () => 5)
  }
  const idsIn = (outboxOf: AccountDocument): unknown[] =>
    accountRoots(outboxOf.doc)
      .outbox.toArray()
      .map((each) => (each as Command).id)
  const listed = () => sending.commands.get().map(({ id }) => id)

  beforeEach(async () => {
    clock = testClock()
    disk = brittle(memoryStore())
    await restart()
  })

  test('[C2] what is given behind files waits with them, and other conversations do not', async () => {
    const [first, second, third] = [say('one'), say('two'), say('elsewhere', otherConversation)]
    await Promise.all([sending.give(first, undefined, [aFile()]), sending.give(second), sending.give(third)])
    expect(idsIn(own)).toEqual([third.id])
    expect(listed()).toEqual([third.id, first.id, second.id])
    await restart()
    expect(listed()).toEqual([third.id, first.id, second.id])
    expect(sending.commands.get().map(({ fate }) => fate)).toEqual(
      Array.from({ length: 3 }, () => ({ state: 'saved' })),
    )
  })

  test('[C6] what a full disk does not take is said, tried again, and kept with its files when there is room', async () => {
    disk.fault = 'quota'
    const [first, second] = [say('one'), say('two')]
    const [file] = [aFile()]
    let isDraftDone = false
    expect(await sending.give(first, () => (isDraftDone = true), [file])).toEqual({
      saved: false,
      fault: 'quota',
    })
    expect(isDraftDone).toBe(false)
    expect(sending.commands.get()).toMatchObject([
      { id: first.id, fate: { state: 'failed-to-save', fault: 'quota' }, files: [{ name: 'a' }] },
    ])
    expect(await held.bytes(file.file.id)).toBe(file.bytes)
    disk.fault = undefined
    expect(await sending.give(second)).toEqual({ saved: true })
    expect(await sending.retry(first.id)).toEqual({ saved: true })
    expect(fates.get(first.id)?.fate).toEqual({ state: 'saved' })
    await restart()
    expect(listed().toSorted()).toEqual([first.id, second.id].toSorted())
    expect((await held.bytes(file.file.id))?.size).toBe(1)
  })

  test('[C6] it is tried again by itself', async () => {
    disk.fault = 'quota'
    const command = say('one')
    await sending.give(command, undefined, [aFile()])
    disk.fault = undefined
    clock.advance(5_000)
    await held.reload()
    expect(fates.get(command.id)?.fate).toEqual({ state: 'saved' })
  })

  test('[C3] what the browser removes under an open window is kept again, and lost files are said to be lost', async () => {
    const [first, second] = [say('one'), say('two')]
    await sending.give(first, undefined, [aFile()])
    await sending.give(second)
    await disk.wipe()
    held.rewrite()
    await held.reload()
    await restart()
    expect(sending.commands.get()).toMatchObject([
      { id: first.id, command: { text: 'one' }, fate: { state: 'refused', code: 'not_found' } },
      { id: second.id, fate: { state: 'saved' } },
    ])
  })

  test('[C3] what was taken back while it was being written does not come back', async () => {
    const [first, second] = [say('at once'), say('in the middle')]
    const given = sending.give(first, undefined, [aFile()])
    await sending.discard(first.id)
    await given
    disk.meanwhile = () => void sending.discard(second.id)
    await sending.give(second, undefined, [aFile()])
    await held.reload()
    expect(listed()).toEqual([])
    expect(await disk.heldMessages()).toEqual([])
  })

  test('no more may wait here and in the outbox together than the server lets wait', async () => {
    await sending.give(say('one'), undefined, [aFile()])
    for (const text of ['two', 'three']) await sending.give(say(text))
    for (const text of ['four', 'five']) await sending.give(say(text, otherConversation))
    expect(() => sending.give(say('six'))).toThrow(OutboxFull)
    expect(() => sending.give(say('six', otherConversation))).not.toThrow()
  })

  test('[C3] a refused upload is refused once, and waits again when it is tried again', async () => {
    const command = say('one')
    await sending.give(command, undefined, [aFile()])
    await held.set(command.id, { is: 'refused', code: 'too_large', message: '', at: 5 })
    expect(fates.get(command.id)?.fate.state).toBe('refused')
    // What comes later does not wait behind it.
    const later = say('later')
    await sending.give(later)
    expect(idsIn(own)).toEqual([later.id])
    expect(listed()).toEqual([command.id, later.id])
    await restart()
    expect(fates.get(command.id)?.fate.state).toBe('refused')
    await sending.retry(command.id)
    expect(fates.get(command.id)?.fate).toEqual({ state: 'saved' })
    expect(held.isWaiting(conversation)).toBe(true)
  })

  test('[C3] a message that the outbox refused goes back to its files when it is tried again', async () => {
    const command = say('one')
    await sending.give(command, undefined, [aFile()])
    await outbox.give(command)
    await held.set(command.id, { is: 'handed-on' })
    const server = new Y.Doc()
    Y.applyUpdate(server, Y.encodeStateAsUpdate(own.doc))
    server.transact(() => {
      accountRoots(server).outbox.delete(0)
      accountRoots(server).rejections.set(command.id, { code: 'not_found', message: '', at: 5, command })
    })
    Y.applyUpdate(own.doc, Y.encodeStateAsUpdate(server))
    expect(sending.commands.get()).toMatchObject([
      { id: command.id, fate: { state: 'refused' }, files: [{ name: 'a' }] },
    ])
    await sending.retry(command.id)
    expect(held.isWaiting(conversation)).toBe(true)
    expect(accountRoots(own.doc).rejections.size).toBe(0)
    expect(sending.commands.get()).toMatchObject([{ id: command.id, fate: { state: 'saved' } }])
  })

  test('[C1] a command that is both held and in the outbox is shown once, wherever it was last', async () => {
    const command = say('one')
    await sending.give(command, undefined, [aFile()])
    await outbox.give(command)
    expect(listed()).toEqual([command.id])
    await restart()
    expect(listed()).toEqual([command.id])
  })

  test('[C2] in each conversation commands are listed in the order they were given, whatever waits where', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ isHere: fc.boolean(), hasFile: fc.boolean() }), { maxLength: 5 }),
        async (given) => {
          disk = brittle(memoryStore())
          await restart()
          const commands = given.map(({ isHere }) => say('x', isHere ? conversation : otherConversation))
          await Promise.all(
            commands.map((command, n) =>
              sending.give(command, undefined, given[n]?.hasFile === true ? [aFile()] : []),
            ),
          )
          const inOrder = (where: string) =>
            commands
              .filter((each) => 'conversation' in each && each.conversation === where)
              .map(({ id }) => id)
          for (const isAgain of [false, true]) {
            if (isAgain) await restart()
            for (const where of [conversation, otherConversation]) {
              const wanted = inOrder(where)
              expect(listed().filter((id) => wanted.includes(id))).toEqual(wanted)
            }
          }
        },
      ),
      { numRuns: 50 },
    )
  })
})
