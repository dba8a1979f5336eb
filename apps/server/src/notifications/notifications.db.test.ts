import {
  type Command,
  type ConversationId,
  DEFAULT_LIMITS,
  directConversationId,
  newId,
  type NotificationId,
  type UserId,
} from '@parley/protocol'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { useDatabase } from '../../../../test/kit/database.ts'
import { addPeople, befriend, createGroup, say } from '../../../../test/kit/people.ts'
import { createAuth } from '../auth/auth.ts'
import { type Core, createCore } from '../core.ts'
import { createLogger } from '../logger.ts'
import { EXPIRES_AFTER } from '../presence/expiry.ts'
import { type Transport, Dispatcher, NotSent } from './dispatcher.ts'
import type { Change } from './notifications.ts'

const db = useDatabase()
let alice: UserId
let bob: UserId
let carol: UserId
let group: ConversationId
let now: number
const opened: Core[] = []

function open(transports: readonly Transport[] = []): Core {
  const clock = () => now
  const auth = createAuth({ db: db.kysely, secureCookies: false, now: clock })
  const core = createCore({
    db,
    auth,
    limits: { ...DEFAULT_LIMITS, commandsPerSecond: 1_000_000, commandsBurst: 1_000_000 },
    logger: createLogger('silent'),
    now: clock,
    transports,
  })
  opened.push(core)
  return core
}

let core: Core

beforeEach(async () => {
  now = Date.now()
  ;[alice, bob, carol] = (await addPeople(db.pool, 3)) as [UserId, UserId, UserId]
  group = newId()
  core = open()
  await does(alice, createGroup(group, [bob, carol]))
  for (const user of [bob, carol]) await core.notifications.acknowledge(user, { upTo: LAST })
})

afterEach(async () => {
  for (const each of opened.splice(0)) await each.close()
})

const LAST = 'ffffffff-ffff-8fff-bfff-ffffffffffff' as NotificationId

async function does(author: UserId, ...commands: Command[]): Promise<void> {
  const outcomes = await core.handler.handle(author, commands)
  for (const outcome of outcomes) expect(outcome).toMatchObject({ accepted: true })
}

const waiting = async (user: UserId) => {
  const found = await core.notifications.waiting(user, 100)
  return found.map(({ kind, actor, seq }) => [kind, actor, seq])
}

const isHere = (user: UserId, heardAt = now) =>
  db.pool.query(
    `INSERT INTO active_connections (id, user_id, node, connected_at, heartbeat_at) VALUES ($1, $2, $1, $3, $3)`,
    [newId(), user, heardAt],
  )

const mention = (user: UserId | 'everyone', text = 'you'): Command => ({
  ...say(group, text),
  mentions: [user],
})

describe('what happens to people while they are away', () => {
  test('[R3] a mention, a reply and being added wait for who was away, each once', async () => {
    const first = say(group, 'first')
    await does(bob, first)
    const reply: Command = { ...say(group, 'a reply'), replyTo: first.id }
    await does(alice, mention(bob), reply, say(group, 'nobody'))
    // Sent again it has the effect of the first time, which was one notification.
    await does(alice, reply)
    expect(await waiting(bob)).toEqual([
      ['mention', alice, 6],
      ['reply', alice, 7],
    ])
    expect(await waiting(carol)).toEqual([])
    const other = newId<ConversationId>()
    await does(alice, createGroup(other, [carol]))
    expect(await waiting(carol)).toEqual([['added', alice, 3]])
  })

  test('a mention of everyone waits for each member but its author', async () => {
    await does(alice, mention('everyone'))
    expect(await waiting(alice)).toEqual([])
    expect(await waiting(bob)).toEqual([['mention', alice, 5]])
    expect(await waiting(carol)).toEqual([['mention', alice, 5]])
  })

  test('a direct message waits for the other side', async () => {
    await befriend(db.pool, alice, bob)
    const conversation = directConversationId(alice, bob)
    await does(
      alice,
      { ...createGroup(conversation, [bob]), kind: 'direct' } as Command,
      say(conversation, 'psst'),
    )
    expect(await waiting(bob)).toEqual([['direct', alice, 4]])
  })

  test('who is there is not notified; who has not been heard of for a while is not there', async () => {
    await isHere(bob)
    await isHere(carol, now - EXPIRES_AFTER)
    await does(alice, mention('everyone'))
    expect(await waiting(bob)).toEqual([])
    expect(await waiting(carol)).toEqual([['mention', alice, 5]])
  })

  test('who blocked somebody is not notified by them', async () => {
    await does(bob, { id: newId(), createdAt: 1, type: 'user.block', user: alice })
    await does(alice, mention(bob))
    expect(await waiting(bob)).toEqual([])
  })

  test('[R3] what was said in the silence before a dead connection was noticed is made up for, once', async () => {
    await isHere(bob)
    const lastHeard = now
    now += 1_000
    const mine = say(group, 'mine')
    await does(bob, mine)
    await does(alice, mention(bob), { ...say(group, 'a reply'), replyTo: mine.id }, say(group, 'nobody'))
    await db.pool.query(`DELETE FROM active_connections WHERE user_id = $1`, [bob])
    await core.notifications.leaveMissed(bob, lastHeard)
    await core.notifications.leaveMissed(bob, lastHeard)
    expect(await waiting(bob)).toEqual([
      ['mention', alice, 6],
      ['reply', alice, 7],
    ])
    await core.positions.advance(bob, group, 8)
    await core.notifications.leaveMissed(bob, lastHeard)
    expect(await waiting(bob)).toEqual([])
  })
})

describe('the end of a notification', () => {
  test('[R3] what is read is withdrawn, also when it was read on another device', async () => {
    const changes: Change[] = []
    core.notifications.onChange((change) => changes.push(change))
    await does(alice, mention(bob, 'one'), mention(bob, 'two'), mention(carol))
    const [first] = await core.notifications.waiting(bob, 1)
    await core.positions.advance(bob, group, 5)
    expect(await waiting(bob)).toEqual([['mention', alice, 6]])
    expect(await waiting(carol)).toHaveLength(1)
    expect(changes.at(-1)).toEqual({ is: 'withdrawn', user: bob, notifications: [first?.id] })
  })

  test('acknowledged one by one or up to one, by its owner alone', async () => {
    await does(alice, mention(bob, 'one'), mention(bob, 'two'), mention(bob, 'three'))
    const [one, two] = await core.notifications.waiting(bob, 3)
    if (one === undefined || two === undefined) throw new Error('nothing waits')
    await core.notifications.acknowledge(carol, { upTo: LAST })
    await core.notifications.acknowledge(bob, { id: two.id })
    expect(await waiting(bob)).toEqual([
      ['mention', alice, 5],
      ['mention', alice, 7],
    ])
    await core.notifications.acknowledge(bob, { upTo: two.id })
    expect(await waiting(bob)).toEqual([['mention', alice, 7]])
  })

  test('who is removed is told nothing more of the conversation, and nothing remains of a deleted one', async () => {
    await does(alice, mention('everyone'))
    await does(alice, { id: newId(), createdAt: 1, type: 'member.remove', conversation: group, user: bob })
    expect(await waiting(bob)).toEqual([])
    await does(alice, { id: newId(), createdAt: 1, type: 'conversation.delete', conversation: group })
    expect(await waiting(carol)).toEqual([])
  })
})

describe('friends', () => {
  const request = (user: UserId): Command => ({ id: newId(), createdAt: 1, type: 'friend.request', user })

  test('a request waits until it is answered, and the answer waits for who asked', async () => {
    const asking = request(bob)
    await does(alice, asking)
    expect(await core.notifications.waiting(bob, 9)).toMatchObject([
      { kind: 'friend_request', actor: alice, request: asking.id },
    ])
    await does(bob, {
      id: newId(),
      createdAt: 1,
      type: 'friend.answer',
      request: asking.id as never,
      accept: true,
    })
    expect(await waiting(bob)).toEqual([])
    expect(await core.notifications.waiting(alice, 9)).toMatchObject([
      { kind: 'request_accepted', actor: bob, request: asking.id },
    ])
  })

  test('asking back accepts, and says so to who asked first', async () => {
    const asking = request(bob)
    await does(alice, asking)
    await does(bob, request(alice))
    expect(await waiting(bob)).toEqual([])
    expect(await core.notifications.waiting(alice, 9)).toMatchObject([
      { kind: 'request_accepted', actor: bob, request: asking.id },
    ])
  })

  test('a block takes back what was asked either way, and hides what is asked later', async () => {
    await does(alice, request(bob))
    await does(bob, { id: newId(), createdAt: 1, type: 'user.block', user: alice })
    expect(await waiting(bob)).toEqual([])
    await does(carol, request(alice))
    await does(carol, { id: newId(), createdAt: 1, type: 'user.block', user: alice })
    expect(await waiting(alice)).toEqual([])
  })
})

describe('sending', () => {
  interface Sent {
    readonly user: UserId
    readonly kind: string
  }

  /** A transport that fails as told, and says when it has been tried `times` times. */
  function transport(name: string, failures: Error[] = []) {
    const sent: Sent[] = []
    let tried = 0
    let wake = (): void => undefined
    return {
      name,
      sent,
      async send(user: UserId, { kind }: { kind: string }) {
        tried += 1
        wake()
        const failure = failures.shift()
        if (failure !== undefined) throw failure
        sent.push({ user, kind })
      },
      tried: (times: number) =>
        new Promise<void>((resolve) => {
          wake = () => {
            if (tried >= times) resolve()
          }
          wake()
        }),
    }
  }

  const jobs = async () =>
    (await db.pool.query(`SELECT transport, attempts FROM notification_jobs ORDER BY 1`)).rows

  test('[R3] each notification goes out once on each transport, whichever of two nodes sends it', async () => {
    const push = transport('push')
    const mail = transport('mail')
    core = open([push, mail])
    open([push, mail])
    await does(alice, mention('everyone'))
    await Promise.all([push.tried(2), mail.tried(2)])
    for (const each of opened.splice(0)) await each.close()
    for (const { sent } of [push, mail])
      expect(sent.toSorted((a, b) => (a.user < b.user ? -1 : 1))).toEqual(
        [bob, carol].toSorted().map((user) => ({ user, kind: 'mention' })),
      )
    expect(await jobs()).toEqual([])
  })

  test('what certainly was not sent is tried again, anything else is not: rather once less than twice', async () => {
    const push = transport('push', [new NotSent('away')])
    const mail = transport('mail', [new Error('who knows')])
    core = open([push, mail])
    await does(alice, mention(bob))
    await Promise.all([push.tried(1), mail.tried(1)])
    await core.close()
    expect(await jobs()).toEqual([{ transport: 'push', attempts: 1 }])
    now += 60_000
    core = open([push, mail])
    await does(alice, mention(carol))
    await push.tried(3)
    await core.close()
    expect(push.sent.map(({ user }) => user).toSorted()).toEqual([bob, carol].toSorted())
  })

  test('[N4] a node that stops sends first what came while something else was being sent', async () => {
    const push = transport('push')
    const held = Promise.withResolvers<void>()
    const send = async (...args: Parameters<typeof push.send>): Promise<void> => {
      await push.send(...args)
      await held.promise
    }
    const dispatcher = new Dispatcher({
      db: db.kysely,
      transports: [{ name: 'push', send }],
      now: () => now,
      logger: createLogger('silent'),
    })
    const isToSend = async (user: UserId): Promise<void> => {
      await does(alice, mention(user))
      await db.pool.query(
        `INSERT INTO notification_jobs (notification, transport, due_at, attempts)
         SELECT id, 'push', $2, 0 FROM notifications WHERE user_id = $1`,
        [user, now],
      )
      dispatcher.wake()
    }
    await isToSend(bob)
    await push.tried(1)
    await isToSend(carol)
    const closed = dispatcher.close()
    held.resolve()
    await closed
    expect(push.sent.map(({ user }) => user)).toEqual([bob, carol])
    expect(await jobs()).toEqual([])
  })

  test('[R3] what was read before it was sent is not sent any more', async () => {
    const push = transport('push', [new NotSent('away')])
    core = open([push])
    await does(alice, mention(bob))
    await push.tried(1)
    await core.close()
    await core.positions.advance(bob, group, 9)
    expect(await jobs()).toEqual([])
  })
})
