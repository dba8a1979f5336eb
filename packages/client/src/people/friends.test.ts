import { type Command, type CommandId, newId, type rest, type UserId } from '@parley/protocol'
import { expect, test } from 'vitest'
import type { Fate, FatedCommand } from '../outbox/fate.ts'
import { openFriends } from './friends.ts'
import { memoryStore } from '../store/memory-store.ts'
import { source } from '../observable.ts'
import { openProfiles } from './profiles.ts'
import { watchSaving } from '../store/saving.ts'
import { testClock } from '../testing/clock.ts'
import { ana, ben } from '../testing/logs.ts'

const settle = () => new Promise((resolve) => setImmediate(resolve))
const person = (id: UserId, name: string): rest.User => ({ id, username: name.toLowerCase(), name })
const friend = { ...person(ben, 'Ben'), since: 5 }
const NONE = { friends: [], pending: [], blocks: [] }

/** Friends over an outbox that the test fills. */
async function open(store = memoryStore()) {
  const clock = testClock()
  const saving = watchSaving(clock)
  const users = async () => ({ ok: true as const, value: [person(ben, 'Ben')] })
  const profiles = await openProfiles(store, saving, { users }, clock)
  const commands = source<readonly FatedCommand[]>([])
  let unseen: readonly FatedCommand[] = []
  let overdue = (): void => undefined
  const outbox = {
    commands,
    unseen: () => unseen,
    onOverdue: (listener: () => void) => {
      overdue = listener
      return () => undefined
    },
  }
  const friends = await openFriends(ana, store, saving, outbox, profiles)
  friends.view.subscribe(() => undefined)
  const fated = (command: Command, fate: Fate): FatedCommand => ({ id: command.id, command, fate })
  return {
    store,
    friends,
    profiles,
    clock,
    give: (command: Command) => commands.set([...commands.get(), fated(command, { state: 'saved' })]),
    /** The server has taken all that waits. */
    take: () => {
      unseen = commands
        .get()
        .flatMap(({ command }) => (command ? [fated(command, { state: 'accepted' })] : []))
      commands.set([])
    },
    forget: () => {
      unseen = []
      overdue()
    },
    ids: () => friends.view.get().friends.map(({ id }) => id),
  }
}
const removal = (): Command => ({ id: newId<CommandId>(), createdAt: 7, type: 'friend.remove', user: ben })

test('a list that was asked for before the server took what one did does not bring back what was', async () => {
  const { friends, give, take, forget, ids } = await open()
  friends.asking()({ ...NONE, friends: [friend] })
  expect(ids()).toEqual([ben])
  const late = friends.asking()
  give(removal())
  expect(ids()).toEqual([])
  take()
  expect(ids()).toEqual([])
  expect(friends.settle()).toBe(true)
  expect(late({ ...NONE, friends: [friend] })).toBe(false)
  expect(ids()).toEqual([])
  // A friend anew, by another device: what was done before is not done once more.
  expect(friends.asking()({ ...NONE, friends: [friend] })).toBe(true)
  expect(ids()).toEqual([ben])
  forget()
  expect([friends.settle(), ids()]).toEqual([false, [ben]])
})

test('what was taken and changed nothing is no longer shown once its time is over, and that is told', async () => {
  const { friends, give, take, forget, ids } = await open()
  friends.asking()({ ...NONE, friends: [friend] })
  give(removal())
  take()
  expect(ids()).toEqual([])
  await settle()
  let told = 0
  friends.view.subscribe(() => (told += 1))
  forget()
  await settle()
  expect(told).toBe(1)
  expect(ids()).toEqual([ben])
})

test('what is known is there after a restart, not complete, until the server has listed it again', async () => {
  const { store, friends, give, take } = await open()
  expect([friends.isFriend(ben), friends.view.get().isComplete]).toEqual([undefined, false])
  friends.asking()({ ...NONE, friends: [friend] })
  await settle()
  const again = await open(store)
  expect(again.friends.view.get()).toMatchObject({
    isComplete: false,
    friends: [{ id: ben, at: 5, fate: undefined, profile: { name: 'Ben' } }],
  })
  expect([again.friends.isFriend(ben), again.friends.isFriend(ana)]).toEqual([true, false])
  give(removal())
  take()
  friends.settle()
  await settle()
  expect((await open(store)).ids()).toEqual([])
})

test('what another tab knows is taken over, with what is done here on top', async () => {
  const { friends, give, ids } = await open()
  const first = removal()
  friends.heard({ relations: [[ben, { is: 'friend', since: 5 }]], settled: [first.id] }, true)
  expect([ids(), friends.view.get().isComplete]).toEqual([[ben], true])
  give({ id: newId<CommandId>(), createdAt: 9, type: 'user.block', user: ben })
  expect(friends.view.get()).toMatchObject({
    friends: [],
    blocked: [{ id: ben, at: 9, fate: { state: 'saved' } }],
  })
  expect(friends.isFriend(ben)).toBe(false)
})

test('[C3] who is in no list any more because of what one did is among those that wait, with the command that made it so', async () => {
  const { friends, give, take } = await open()
  friends.asking()({ ...NONE, friends: [friend] })
  const removed = removal()
  give(removed)
  expect(friends.view.get()).toMatchObject({
    friends: [],
    ended: [{ id: ben, was: 'friend', command: removed.id, fate: { state: 'saved' } }],
  })
  // Asked again before the first was sent: somebody is in one list only.
  give({ id: newId<CommandId>(), createdAt: 9, type: 'friend.request', user: ben })
  expect(friends.view.get()).toMatchObject({ outgoing: [{ id: ben }], ended: [] })
  give({ id: newId<CommandId>(), createdAt: 10, type: 'user.block', user: ben })
  give({ id: newId<CommandId>(), createdAt: 11, type: 'user.unblock', user: ben })
  expect(friends.view.get().ended).toMatchObject([{ id: ben, was: 'friend' }])
  take()
  expect(friends.view.get().ended).toEqual([])
})

test('the lists are the same objects until something in them has changed', async () => {
  const { friends, profiles } = await open()
  friends.asking()({ ...NONE, friends: [friend] })
  const before = friends.view.get()
  friends.asking()({ ...NONE, friends: [friend] })
  expect(friends.view.get()).toBe(before)
  profiles.presence(ben, true, 20)
  await settle()
  await settle()
  expect(friends.view.get().friends[0]?.profile?.online).toBe(true)
  expect(friends.view.get().incoming).toBe(before.incoming)
})
