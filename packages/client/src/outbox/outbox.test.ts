import { accountRoots, type Command, type CommandId, newId } from '@parley/protocol'
import { beforeEach, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { type AccountDocument, openAccountDocument } from '../own/account-document.ts'
import { memoryStore } from '../store/memory-store.ts'
import { openOutbox, type Outbox, OutboxFull } from './outbox.ts'
import { openTaken } from './taken.ts'
import { watchSaving } from '../store/saving.ts'
import { type Store, StoreError, type StoreFault } from '../store/store.ts'
import { type TestClock, testClock } from '../testing/clock.ts'
import { conversation, logOf } from '../testing/logs.ts'

const say = (text: string): Command => ({
  id: newId<CommandId>(),
  type: 'message.send',
  createdAt: 1,
  conversation,
  text,
})

/** A store whose disk can be full. */
function brittle(store: Store): Store & { fault: StoreFault | undefined } {
  const own = {
    ...store,
    fault: undefined as StoreFault | undefined,
    appendAccount: async (update: Uint8Array) => {
      if (own.fault !== undefined) throw new StoreError(own.fault, 'no room')
      return await store.appendAccount(update)
    },
  }
  return own
}

describe('the outbox', () => {
  let clock: TestClock
  let disk: ReturnType<typeof brittle>
  let own: AccountDocument
  let outbox: Outbox
  let isLive: boolean
  const restart = async () => {
    const saving = watchSaving(clock)
    own = await openAccountDocument(disk, saving, clock)
    const taken = await openTaken(disk, saving)
    outbox = openOutbox(own, clock, () => isLive, undefined, undefined, undefined, taken)
  }
  /** What the server does to an account document, as another replica of it. */
  const serverDoes = (change: (roots: ReturnType<typeof accountRoots>) => void) => {
    const server = new Y.Doc()
    Y.applyUpdate(server, Y.encodeStateAsUpdate(own.doc))
    server.transact(() => change(accountRoots(server)))
    Y.applyUpdate(own.doc, Y.encodeStateAsUpdate(server))
  }
  const fateOf = (id: CommandId) => outbox.fate(id).get()

  beforeEach(async () => {
    clock = testClock()
    disk = brittle(memoryStore())
    isLive = false
    await restart()
  })

  test('takes no more than the server lets wait, says so at once, and goes on when there is room', async () => {
    outbox = openOutbox(
      own,
      clock,
      () => isLive,
      () => 3,
    )
    for (const text of ['a', 'b', 'c']) await outbox.give(say(text))
    expect(() => outbox.give(say('d'))).toThrow(OutboxFull)
    expect(accountRoots(own.doc).outbox.length).toBe(3)
    expect(outbox.commands.get()).toHaveLength(3)
    serverDoes(({ outbox: waiting }) => waiting.delete(0, 1))
    await outbox.give(say('d'))
    expect(() => outbox.give(say('e'))).toThrow('LIMIT_OUTBOX_COMMANDS')
  })

  test('[C6] a command is "saved" when it is on disk, and there after a restart', async () => {
    const command = say('hello')
    const saved = outbox.give(command)
    expect(outbox.commands.get()).toEqual([{ id: command.id, command, fate: { state: 'unsaved' } }])
    expect(await saved).toEqual({ saved: true })
    expect(fateOf(command.id)).toEqual({ state: 'saved' })
    await restart()
    expect(outbox.commands.get()).toEqual([{ id: command.id, command, fate: { state: 'saved' } }])
  })

  test('[C6] what a full disk did not take is said, and saved once there is room, with all that came before it', async () => {
    disk.fault = 'quota'
    const [first, second] = [say('first'), say('second')]
    expect(await outbox.give(first)).toEqual({ saved: false, fault: 'quota' })
    expect(fateOf(first.id)).toEqual({ state: 'failed-to-save', fault: 'quota' })
    disk.fault = undefined
    expect(await outbox.give(second)).toEqual({ saved: true })
    expect(fateOf(first.id)).toEqual({ state: 'saved' })
    await restart()
    expect(outbox.commands.get().map(({ id }) => id)).toEqual([first.id, second.id])
  })

  test('[C6] it is tried again by itself', async () => {
    disk.fault = 'quota'
    const command = say('first')
    await outbox.give(command)
    disk.fault = undefined
    clock.advance(5_000)
    await own.saved()
    expect(fateOf(command.id)).toEqual({ state: 'saved' })
  })

  test('[L3] a command that the server has taken out is accepted, and with its number once its event is seen', async () => {
    const command = say('hello')
    await outbox.give(command)
    outbox.handedOver()
    expect(fateOf(command.id)).toEqual({ state: 'sent' })
    serverDoes(({ outbox: list }) => list.delete(0))
    expect(fateOf(command.id)).toEqual({ state: 'accepted' })
    expect(outbox.commands.get()).toEqual([])
    expect(outbox.unseen().map(({ id }) => id)).toEqual([command.id])
    outbox.said(command.id, 7)
    expect(fateOf(command.id)).toEqual({ state: 'accepted', seq: 7 })
    expect(outbox.unseen()).toEqual([])
  })

  test('a taken command whose event does not come is shown for a while, and whoever shows it hears of the end', async () => {
    const command = say('nothing new')
    await outbox.give(command)
    let ended = 0
    outbox.onOverdue(() => (ended += 1))
    isLive = true
    serverDoes(({ outbox: list }) => list.delete(0))
    clock.set(clock.now() - 10 * 365 * 24 * 60 * 60 * 1000)
    clock.advance(9_999)
    expect([outbox.unseen().length, ended]).toEqual([1, 0])
    clock.advance(1)
    expect([outbox.unseen().length, ended]).toEqual([0, 1])
  })

  test('[C3] [C5] what the server has taken is there over restarts without a network, until its event is', async () => {
    const [first, second] = [say('first'), say('second')]
    await Promise.all([outbox.give(first), outbox.give(second)])
    serverDoes(({ outbox: list }) => list.delete(0, 2))
    await own.saved()
    // Nothing else has come, and there is no network for days.
    for (let times = 0; times < 2; times += 1) {
      await restart()
      clock.advance(24 * 60 * 60 * 1000)
      expect(outbox.commands.get()).toEqual([])
      expect(outbox.unseen()).toEqual(
        [first, second].map((command) => ({ id: command.id, command, fate: { state: 'accepted' } })),
      )
    }
    outbox.said(first.id, 1)
    expect(outbox.unseen().map(({ id }) => id)).toEqual([second.id])
    // A crash before the event was on the disk takes nothing off the screen.
    await restart()
    expect(outbox.unseen().map(({ id }) => id)).toEqual([first.id, second.id])
    outbox.said(first.id, 1)
    clock.advance(10_000)
    await restart()
    expect(outbox.unseen().map(({ id }) => id)).toEqual([second.id])
    // Connected, and its event does not come: another device had taken it back.
    isLive = true
    outbox.handedOver()
    clock.advance(10_000)
    expect(outbox.unseen()).toEqual([])
    await restart()
    expect(outbox.unseen()).toEqual([])
  })

  test('[C3] what was taken just before the connection was lost stays on the screen until there is one again', async () => {
    isLive = true
    const command = say('into the tunnel')
    await outbox.give(command)
    serverDoes(({ outbox: list }) => list.delete(0))
    isLive = false
    clock.advance(60_000)
    expect(outbox.unseen().map(({ id }) => id)).toEqual([command.id])
    isLive = true
    outbox.handedOver()
    clock.advance(9_999)
    expect(outbox.unseen()).toHaveLength(1)
    clock.advance(1)
    expect(outbox.unseen()).toEqual([])
  })

  test('[C3] what was taken and has come by now is its event, and no longer the command', async () => {
    const command = say('hello')
    await outbox.give(command)
    serverDoes(({ outbox: list }) => list.delete(0))
    await own.saved()
    const [event] = logOf(1)
    if (event === undefined) throw new Error('an empty log')
    await disk.putEvents(conversation, [{ ...event, id: command.id }])
    await restart()
    expect(outbox.unseen()).toEqual([])
  })

  test('[C2] refused commands stand in the order in which the server met them, however the clock of the device went', async () => {
    const [late, early] = ['ffffffff', '00000000'].map((time): Command => {
      const command = say(time)
      return { ...command, id: `${time}${command.id.slice(8)}` as CommandId }
    }) as [Command, Command]
    await Promise.all([outbox.give(late), outbox.give(early)])
    serverDoes(({ outbox: list, rejections }) => {
      list.delete(0, 2)
      rejections.set(early.id, { code: 'archived', message: 'no', at: 6, command: early })
      rejections.set(late.id, { code: 'archived', message: 'no', at: 5, command: late })
    })
    expect(outbox.commands.get().map(({ id }) => id)).toEqual([late.id, early.id])
  })

  test('[C2][C3] a refused command waits before those that are to come, and blocks none of them', async () => {
    const [first, second] = [say('first'), say('second')]
    await Promise.all([outbox.give(first), outbox.give(second)])
    serverDoes(({ outbox: list, rejections }) => {
      list.delete(0)
      rejections.set(first.id, { code: 'archived', message: 'no', at: 5, command: first })
    })
    const refused = { state: 'refused', code: 'archived', message: 'no', at: 5 }
    expect(outbox.commands.get()).toEqual([
      { id: first.id, command: first, fate: refused },
      { id: second.id, command: second, fate: { state: 'saved' } },
    ])
    await restart()
    expect(fateOf(first.id)).toEqual(refused)
  })

  test('[C3] retry puts the same command back; discard takes it away; both last', async () => {
    const [first, second] = [say('first'), say('second')]
    await Promise.all([outbox.give(first), outbox.give(second)])
    serverDoes(({ outbox: list, rejections }) => {
      list.delete(0, 2)
      for (const each of [first, second])
        rejections.set(each.id, { code: 'archived', message: '', at: 5, command: each })
    })
    expect(await outbox.retry(first.id)).toEqual({ saved: true })
    await outbox.discard(second.id)
    expect(fateOf(first.id)).toEqual({ state: 'saved' })
    expect(fateOf(second.id)).toEqual({ state: 'discarded' })
    await restart()
    expect(outbox.commands.get()).toEqual([{ id: first.id, command: first, fate: { state: 'saved' } }])
  })

  test('[C3] a command that is retried on another device waits again on this one', async () => {
    const command = say('first')
    await outbox.give(command)
    serverDoes(({ outbox: list, rejections }) => {
      list.delete(0)
      rejections.set(command.id, { code: 'archived', message: '', at: 5, command })
    })
    serverDoes(({ outbox: list, rejections }) => {
      rejections.delete(command.id)
      list.push([command])
    })
    expect(fateOf(command.id)).toEqual({ state: 'unsaved' })
    await own.saved()
    expect(fateOf(command.id)).toEqual({ state: 'saved' })
  })

  test('[C3] a refused command of which the server kept no copy is still shown, and can be discarded', async () => {
    serverDoes(({ rejections }) =>
      rejections.set(newId<CommandId>(), { code: 'too_large', message: '', at: 5, command: null }),
    )
    const [refused] = outbox.commands.get()
    expect(refused).toMatchObject({ command: undefined, fate: { state: 'refused', code: 'too_large' } })
    await outbox.discard(refused?.id ?? newId())
    expect(outbox.commands.get()).toEqual([])
  })

  test('thousands of updates are merged on disk, and nothing is lost by it', async () => {
    for (let n = 0; n < 450; n += 1) await outbox.give(say(`${n}`))
    expect((await disk.loadAccount()).length).toBeLessThan(220)
    await restart()
    expect(
      outbox.commands.get().map(({ command }) => command?.type === 'message.send' && command.text),
    ).toEqual(Array.from({ length: 450 }, (_, n) => `${n}`))
  })
})
