import { type Command, type ConversationId, directConversationId, newId, type UserId } from '@parley/protocol'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { useDatabase } from '../../../../test/kit/database.ts'
import { addPeople, befriend, createGroup } from '../../../../test/kit/people.ts'
import { hello, type PresenceNode, seen, startPresenceNode } from '../../../../test/kit/presence.ts'
import type { Device, Opened } from '../../../../test/kit/sync-server.ts'
import { GRACE } from './presence.ts'

const db = useDatabase()
const nodes: PresenceNode[] = []
let node: PresenceNode
let ana: UserId
let ben: UserId
let cleo: UserId
let stranger: UserId
let time: number

const start = async (): Promise<PresenceNode> => {
  const started = await startPresenceNode(db, () => time)
  nodes.push(started)
  return started
}

beforeEach(async () => {
  time = 1_000_000_000
  ;[ana, ben, cleo, stranger] = (await addPeople(db.pool, 4)) as [UserId, UserId, UserId, UserId]
  node = await start()
})
afterEach(async () => {
  for (const each of nodes.splice(0)) await each.close()
})

const online = () => ({ online: true, lastActiveAt: time })
const withdrawn = { online: false, lastActiveAt: null }

async function does(author: UserId, ...commands: object[]): Promise<void> {
  const given = commands.map((command) => ({ id: newId(), createdAt: 1, ...command }) as Command)
  for (const outcome of await node.core.handler.handle(author, given))
    expect(outcome).toMatchObject({ accepted: true })
}
const group = async (owner: UserId, ...members: UserId[]): Promise<ConversationId> => {
  const id = newId<ConversationId>()
  await does(owner, createGroup(id, members))
  return id
}
const channel = async (owner: UserId, ...members: UserId[]): Promise<ConversationId> => {
  const id = newId<ConversationId>()
  await does(owner, { type: 'conversation.create', conversation: id, kind: 'channel', title: 'All', members })
  return id
}
const account = async (user: UserId): Promise<Opened> => (await node.connect(user)).account()

interface Listening {
  readonly user: UserId
  readonly account: Opened
}

/**
 * A friend of all of them comes last, and goes last: what should not be heard of others' coming and
 * going would have been heard before.
 */
async function fence(...listening: readonly Listening[]): Promise<void> {
  const [last] = (await addPeople(db.pool, 1)) as [UserId]
  for (const { user } of listening) await befriend(db.pool, user, last)
  node.core.presence.relationsChanged(listening.map(({ user }) => user))
  const device = await node.connect(last)
  const hears = (isOnline: boolean) =>
    Promise.all(
      listening.map((each) => each.account.until(() => seen(each.account, last)?.online === isOnline)),
    )
  await hears(true)
  await leave(device, last)
  time += GRACE
  await hears(false)
}

const soon = <T>(look: () => T) => expect.poll(look, { timeout: 20_000 })

async function leave(device: Device, user: UserId): Promise<void> {
  device.close()
  await soon(() => node.gone.some((gone) => gone.user === user)).toBe(true)
}

const activeOf = (user: UserId) => async () =>
  (await db.pool.query(`SELECT FROM active_connections WHERE user_id = $1`, [user])).rowCount

describe('who hears of whom', () => {
  const relations: [string, () => Promise<unknown>][] = [
    ['friends', () => befriend(db.pool, ana, ben)],
    ['members of one group', () => group(cleo, ana, ben)],
    [
      'the two of a direct conversation who are friends no more',
      async () => {
        await befriend(db.pool, ana, ben)
        await does(ana, {
          type: 'conversation.create',
          conversation: directConversationId(ana, ben),
          kind: 'direct',
          members: [ben],
        })
        await does(ana, { type: 'friend.remove', user: ben })
      },
    ],
  ]
  test.each(relations)('%s hear of each other: who comes, and who was there before', async (_, relate) => {
    await relate()
    const mine = await account(ana)
    time += 1_000
    const theirs = await account(ben)
    await mine.until(() => seen(mine, ben) !== undefined)
    await theirs.until(() => seen(theirs, ana) !== undefined)
    expect([seen(mine, ben), seen(theirs, ana)]).toEqual([online(), online()])
    // Of oneself there is nothing to hear.
    expect([seen(mine, ana), seen(theirs, ben)]).toEqual([undefined, undefined])
  })

  const strangers: [string, () => Promise<unknown>][] = [
    ['people who have nothing to do with each other', async () => undefined],
    ['members of one channel', () => channel(cleo, ana, ben)],
    ['somebody who asked to be a friend', () => does(ana, { type: 'friend.request', user: ben })],
    [
      'members of one group of whom the first has blocked the second',
      async () => {
        await group(cleo, ana, ben)
        await does(ana, { type: 'user.block', user: ben })
      },
    ],
    [
      'members of one group of whom the second has blocked the first',
      async () => {
        await group(cleo, ana, ben)
        await does(ben, { type: 'user.block', user: ana })
      },
    ],
    [
      'members of a group that was deleted',
      async () => {
        const id = await group(cleo, ana, ben)
        await does(cleo, { type: 'conversation.delete', conversation: id })
      },
    ],
    [
      'somebody who has left the group',
      async () => {
        const id = await group(cleo, ana, ben)
        await does(ben, { type: 'member.remove', conversation: id, user: ben })
      },
    ],
  ]
  test.each(strangers)('[S2] %s do not', async (_, relate) => {
    await relate()
    const first = await node.connect(ana)
    const mine = first.account()
    const theirs = await account(ben)
    await fence({ user: ana, account: mine }, { user: ben, account: theirs })
    await leave(first, ana)
    await fence({ user: ben, account: theirs })
    expect([seen(mine, ben), seen(theirs, ana)]).toEqual([undefined, undefined])
  })
})

describe('coming and going', () => {
  beforeEach(() => befriend(db.pool, ana, ben))

  test('who goes is said to be gone after a while, and since when', async () => {
    const theirs = await account(ben)
    const device = await node.connect(ana)
    await theirs.until(() => seen(theirs, ana)?.online === true)
    time += 1_000
    const leftAt = time
    await leave(device, ana)
    time += GRACE
    await theirs.until(() => seen(theirs, ana)?.online === false)
    expect(seen(theirs, ana)).toEqual({ online: false, lastActiveAt: leftAt })
  })

  test('a page that is loaded anew does not flicker', async () => {
    await befriend(db.pool, ben, cleo)
    const theirs = await account(ben)
    const [other, device] = [await node.connect(cleo), await node.connect(ana)]
    for (const user of [cleo, ana]) await theirs.until(() => seen(theirs, user) !== undefined)
    await leave(other, cleo)
    time += 1
    await leave(device, ana)
    time += GRACE - 1
    // Somebody who left a moment before is gone by now.
    await theirs.until(() => seen(theirs, cleo)?.online === false)
    await node.connect(ana)
    await fence({ user: ben, account: theirs })
    expect(theirs.stateless.filter((message) => message['user'] === ana)).toHaveLength(1)
  })

  test('a second device comes and goes unheard, and hears who is there', async () => {
    const theirs = await account(ben)
    await node.connect(ana)
    const second = await node.connect(ana)
    await second.account().until(() => seen(second.account(), ben)?.online === true)
    second.close()
    await soon(activeOf(ana)).toBe(1)
    await fence({ user: ben, account: theirs })
    expect(theirs.stateless.filter((message) => message['user'] === ana)).toHaveLength(1)
    expect(seen(theirs, ana)?.online).toBe(true)
  })

  test('the order is the greeting, what waits, and then who is there', async () => {
    await node.connect(ben)
    node.core.presence.onHere(async (connection, user, lastActiveAt) =>
      connection.sendStateless(JSON.stringify({ type: 'waiting', user, lastActiveAt })),
    )
    const mine = await account(ana)
    await mine.until(() => seen(mine, ben) !== undefined)
    expect(mine.stateless.map(({ type }) => type)).toEqual(['hello', 'waiting', 'presence'])
    expect(mine.stateless[1]).toMatchObject({ user: ana, lastActiveAt: null })
  })

  test('what could not be delivered is delivered later, and who is there is said after it', async () => {
    await node.connect(ben)
    let attempts = 0
    node.core.presence.onHere(async (connection) => {
      attempts += 1
      if (attempts === 1) throw new Error('not now')
      connection.sendStateless(JSON.stringify({ type: 'waiting' }))
    })
    const mine = await account(ana)
    await mine.until(() => seen(mine, ben) !== undefined)
    expect(mine.stateless.map(({ type }) => type)).toEqual(['hello', 'waiting', 'presence'])
  })
})

describe('when relations change, who sees whom changes at once', () => {
  let mine: Opened
  let theirs: Opened
  beforeEach(async () => {
    mine = await account(ana)
    theirs = await account(ben)
  })

  async function bothBecome(expected: object): Promise<void> {
    const is = (opened: Opened, user: UserId): boolean =>
      JSON.stringify(seen(opened, user)) === JSON.stringify(expected)
    await mine.until(() => is(mine, ben))
    await theirs.until(() => is(theirs, ana))
  }

  test('by becoming friends, and by not being friends any more', async () => {
    await does(ana, { type: 'friend.request', user: ben })
    await does(ben, { type: 'friend.request', user: ana })
    await bothBecome(online())
    await does(ben, { type: 'friend.remove', user: ana })
    await bothBecome(withdrawn)
  })

  test('by being added to a group and removed from it, but for who is a friend', async () => {
    const id = await group(ana)
    await does(ana, { type: 'friend.request', user: cleo })
    await does(cleo, { type: 'friend.request', user: ana })
    const third = await account(cleo)
    await third.until(() => seen(third, ana)?.online === true)
    await does(ana, ...[ben, cleo].map((user) => ({ type: 'member.add', conversation: id, user })))
    await bothBecome(online())
    await third.until(() => seen(third, ben)?.online === true)
    await does(ana, ...[ben, cleo].map((user) => ({ type: 'member.remove', conversation: id, user })))
    await bothBecome(withdrawn)
    await third.until(() => seen(third, ben)?.online === false)
    expect(seen(third, ana)?.online).toBe(true)
  })

  test('by the end of the group', async () => {
    const id = await group(cleo, ana, ben)
    await bothBecome(online())
    await does(cleo, { type: 'conversation.delete', conversation: id })
    await bothBecome(withdrawn)
  })

  test('by a block, also within a group, and by its end', async () => {
    await group(cleo, ana, ben)
    await bothBecome(online())
    await does(ana, { type: 'user.block', user: ben })
    await bothBecome(withdrawn)
    await does(ben, { type: 'user.block', user: ana })
    await does(ana, { type: 'user.unblock', user: ben })
    await fence({ user: ana, account: mine }, { user: ben, account: theirs })
    expect([seen(mine, ben), seen(theirs, ana)]).toEqual([withdrawn, withdrawn])
    await does(ben, { type: 'user.unblock', user: ana })
    await bothBecome(online())
  })

  test('[S2] and nobody else hears of it', async () => {
    const other = await account(stranger)
    await group(ana, ben)
    await bothBecome(online())
    await fence({ user: stranger, account: other })
    expect([seen(other, ana), seen(other, ben)]).toEqual([undefined, undefined])
  })
})

describe('on several nodes', () => {
  beforeEach(() => befriend(db.pool, ana, ben))

  test('who comes to another node, or leaves it, is seen with the next heartbeat', async () => {
    const other = await start()
    const theirs = await account(ben)
    const device = await other.connect(ana)
    node.core.presence.beat()
    await theirs.until(() => seen(theirs, ana)?.online === true)
    device.close()
    await soon(() => other.gone).toHaveLength(1)
    const leftAt = time
    node.core.presence.beat()
    // The grace begins when the node has looked.
    await soon(() => {
      time += GRACE
      return seen(theirs, ana)
    }).toEqual({ online: false, lastActiveAt: leftAt })
  })

  test('who leaves one node and is on another is not gone', async () => {
    const other = await start()
    const theirs = await account(ben)
    const device = await node.connect(ana)
    await theirs.until(() => seen(theirs, ana) !== undefined)
    await other.connect(ana)
    device.close()
    await soon(activeOf(ana)).toBe(1)
    await fence({ user: ben, account: theirs })
    expect(theirs.stateless.filter((message) => message['user'] === ana)).toHaveLength(1)
  })
})

describe('a profile that looks different', () => {
  const changes = ({ stateless }: Opened) =>
    stateless.filter(({ type, what }) => type === 'changed' && what === 'profile')

  test('[S2] is told to the other devices, and with the name to who sees the person, and to nobody else', async () => {
    await befriend(db.pool, ana, ben)
    await group(ana, cleo)
    await channel(ana, stranger)
    const [mine, friend, member, other] = [
      await account(ana),
      await account(ben),
      await account(cleo),
      await account(stranger),
    ]
    for (const opened of [friend, member]) await opened.until(() => seen(opened, ana) !== undefined)
    expect(await node.core.presence.announce(ana, 'public', async () => 'done')).toBe('done')
    for (const opened of [mine, friend, member]) await opened.until(() => changes(opened).length === 1)
    expect(changes(mine)).toEqual([{ type: 'changed', what: 'profile' }])
    for (const opened of [friend, member])
      expect(changes(opened)).toEqual([{ type: 'changed', what: 'profile', user: ana }])

    await node.core.presence.announce(ana, 'private', async () => undefined)
    await mine.until(() => changes(mine).length === 2)
    await fence(
      { user: ben, account: friend },
      { user: cleo, account: member },
      { user: stranger, account: other },
    )
    expect([friend, member, other].map((opened) => changes(opened).length)).toEqual([1, 1, 0])
  })

  test('also when the person is away, and when the account ends, to those who saw it before', async () => {
    await befriend(db.pool, ana, ben)
    await group(cleo, ana)
    const [friend, member] = [await account(ben), await account(cleo)]
    await fence({ user: ben, account: friend }, { user: cleo, account: member })
    await node.core.presence.announce(ana, 'end', async () => {
      await db.pool.query(`DELETE FROM friendships WHERE $1 IN (user_a, user_b)`, [ana])
      await db.pool.query(`DELETE FROM participants WHERE user_id = $1`, [ana])
    })
    for (const opened of [friend, member]) await opened.until(() => changes(opened).length === 1)
    await friend.until(() => friend.stateless.some(({ what }) => what === 'friends'))
  })

  test('a change that fails is told to nobody', async () => {
    const mine = await account(ana)
    const failing = node.core.presence.announce(ana, 'public', () => Promise.reject(new Error('taken')))
    await expect(failing).rejects.toThrow('taken')
    await fence({ user: ana, account: mine })
    expect(changes(mine)).toEqual([])
  })
})

test('a device that was greeted and one that was not are told in the same order', async () => {
  await befriend(db.pool, ana, ben)
  const [one, two] = await Promise.all([node.connect(ana), node.connect(ben)])
  await Promise.all([hello(one), hello(two)])
  await one.account().until(() => seen(one.account(), ben)?.online === true)
  await two.account().until(() => seen(two.account(), ana)?.online === true)
  for (const device of [one, two])
    expect(device.account().stateless.map(({ type }) => type)).toEqual(['hello', 'presence'])
})
