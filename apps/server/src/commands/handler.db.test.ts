import {
  type Command,
  type ConversationId,
  DEFAULT_LIMITS,
  directConversationId,
  type Event,
  findChainFault,
  EMPTY_TIP,
  newId,
  type UserId,
} from '@parley/protocol'
import type pg from 'pg'
import { beforeAll, describe, expect, test } from 'vitest'
import { useDatabase } from '../../../../test/kit/database.ts'
import { waitingOnly } from '../../../../test/kit/notifications.ts'
import { addPeople, befriend, createGroup, say } from '../../../../test/kit/people.ts'
import { Appender } from '../log/appender.ts'
import { Bus, type Committed } from '../log/bus.ts'
import { createLogger } from '../logger.ts'
import { eventsAfter } from '../queries/events.ts'
import { createFriendCommands } from './friends.ts'
import { createCommandHandler } from './handler.ts'
import type { CommandHandler, Outcome } from './outcome.ts'

const db = useDatabase()
let alice: UserId
let bob: UserId
let carol: UserId

interface Node {
  readonly handler: CommandHandler
  readonly appender: Appender
  readonly committed: Committed[]
}

/** A node with a cache of its own over the same database. */
function node(writers: pg.Pool = db.writers): Node {
  const committed: Committed[] = []
  const bus = new Bus((error) => {
    throw error
  })
  bus.subscribe((word) => committed.push(word))
  const now = () => 1_000
  const appender = new Appender({
    pool: db.pool,
    writers,
    bus,
    now,
    logger: createLogger('silent'),
    transports: [],
    eventsAfter: (conversation, after, limit) => eventsAfter(db.kysely, conversation, after, limit),
  })
  const friends = createFriendCommands(db.kysely, waitingOnly(db.kysely))
  return {
    appender,
    committed,
    handler: createCommandHandler({ appender, friends, limits: DEFAULT_LIMITS, now }),
  }
}

beforeAll(async () => {
  ;[alice, bob, carol] = (await addPeople(db.pool, 3)) as [UserId, UserId, UserId]
})

const group = async ({ handler }: Node, members: UserId[] = [bob]): Promise<ConversationId> => {
  const id = newId<ConversationId>()
  expect(await handler.handle(alice, [createGroup(id, members)])).toMatchObject([{ accepted: true }])
  return id
}
const log = (conversation: ConversationId): Promise<Event[]> =>
  eventsAfter(db.kysely, conversation, 0, 10_000)
const codes = (outcomes: readonly Outcome[]) =>
  outcomes.map((outcome) => (outcome.accepted ? 'ok' : outcome.refusal.code))

const isSaid = (events: readonly Event[], text: string): boolean =>
  events.some((event) => event.type === 'message' && event.text === text)
/**
 * The writers' pool, and how many commits it was asked for so far: each takes one connection. The server's own
 * count of transactions would not do: it counts those of every database beside ours, too.
 */
const countedWriters = () => {
  let taken = 0
  const writers = Object.create(db.writers, {
    connect: {
      value: () => {
        taken += 1
        return db.writers.connect()
      },
    },
  }) as pg.Pool
  return { writers, commits: () => taken }
}

describe('the log', () => {
  test('[L1] [L7] [L5] events are numbered without a gap, chained by hash, and dated by the server', async () => {
    const here = node()
    const id = await group(here)
    await Promise.all(
      Array.from({ length: 50 }, (_, n) => here.handler.handle(n % 2 ? alice : bob, [say(id, `m${n}`)])),
    )
    const events = await log(id)
    expect(events).toHaveLength(53)
    expect(findChainFault(EMPTY_TIP, events)).toBeUndefined()
  })

  test('[L3] what was answered is in the database by then', async () => {
    const here = node()
    const id = await group(here)
    const [outcome] = await here.handler.handle(bob, [say(id, 'there')])
    expect(outcome).toMatchObject({ accepted: true, events: [(await log(id)).at(-1)] })
  })

  test('[L4] an answered message stands before one that was sent after the answer', async () => {
    const nodes = [node(), node()] as const
    const id = await group(nodes[0])
    for (let n = 0; n < 20; n += 1) await nodes[n % 2 ? 1 : 0].handler.handle(alice, [say(id, `${n}`)])
    const texts = (await log(id)).flatMap((event) => (event.type === 'message' ? [event.text] : []))
    expect(texts).toEqual(Array.from({ length: 20 }, (_, n) => `${n}`))
  })

  test('[L1] [N2] two nodes that append to the same conversations at once leave one gap-free log each, with everything said once', async () => {
    const nodes = [node(), node(), node()]
    const ids = await Promise.all([group(nodes[0]!), group(nodes[1]!), group(nodes[2]!)])
    const outcomes = await Promise.all(
      Array.from({ length: 180 }, (_, n) =>
        nodes[n % 3]!.handler.handle(alice, [say(ids[Math.floor(n / 3) % 3]!, `m${n}`)]),
      ),
    )
    expect(new Set(codes(outcomes.flat()))).toEqual(new Set(['ok']))
    for (const id of ids) {
      const events = await log(id)
      expect(findChainFault(EMPTY_TIP, events)).toBeUndefined()
      expect(events.filter((event) => event.type === 'message')).toHaveLength(60)
    }
  })

  test('[L1] a writer who always comes too late gets through under the lock, and its answers are as good', async () => {
    const other = node()
    const id = await group(other)
    let intrusions = 0
    // Whenever our node is about to append, somebody else has just done so.
    const contended = Object.create(db.writers, {
      connect: {
        value: async () => {
          intrusions += 1
          await other.handler.handle(bob, [say(id, 'first!')])
          return db.writers.connect()
        },
      },
    }) as pg.Pool
    const here = node(contended)
    const command = say(id, 'at last')
    const outcomes = await here.handler.handle(alice, [command, say(id, ' '), say(id, 'and more')])
    expect(codes(outcomes)).toEqual(['ok', 'invalid', 'ok'])
    expect(intrusions).toBe(4)
    expect(codes(await here.handler.handle(bob, [command]))).toEqual(['conflict'])
    const events = await log(id)
    expect(findChainFault(EMPTY_TIP, events)).toBeUndefined()
    expect(events.slice(-2)).toMatchObject([{ text: 'at last' }, { text: 'and more' }])
    expect(here.committed.flatMap((word) => word.events).slice(-2)).toEqual(events.slice(-2))
  })

  test('commands of many conversations that arrive together are committed together', async () => {
    const { writers, commits } = countedWriters()
    const here = node(writers)
    const ids = await Promise.all(Array.from({ length: 8 }, () => group(here)))
    const before = commits()
    await Promise.all(
      ids.flatMap((id) => [
        here.handler.handle(alice, [say(id, 'a')]),
        here.handler.handle(bob, [say(id, 'b')]),
      ]),
    )
    expect(commits() - before).toBeLessThan(16)
  })

  test('listeners hear of each event once, in order, after it is stored', async () => {
    const here = node()
    const id = await group(here)
    await Promise.all(Array.from({ length: 30 }, (_, n) => here.handler.handle(alice, [say(id, `${n}`)])))
    const heard = here.committed.filter((word) => word.conversation === id).flatMap((word) => word.events)
    expect(heard).toEqual(await log(id))
  })
})

describe('a repeat', () => {
  test('[C1] a command sent twice is said once and answered alike, also at once and through another node', async () => {
    const [here, there] = [node(), node()]
    const id = await group(here)
    const command = say(id, 'once')
    const answers = [
      ...(await Promise.all([here.handler.handle(alice, [command]), here.handler.handle(alice, [command])])),
      await here.handler.handle(alice, [command]),
      await there.handler.handle(alice, [command]),
      await there.handler
        .handle(alice, [say(id, 'between'), command, say(id, 'after')])
        .then((all) => [all[1]!]),
    ]
    for (const answer of answers) expect(answer).toEqual(answers[0])
    const texts = (await log(id)).flatMap((event) => (event.type === 'message' ? [event.text] : []))
    expect(texts).toEqual(['once', 'between', 'after'])
  })

  test('[C1] the same id in two conversations at once is said in one of them', async () => {
    const here = node()
    const [a, b] = [await group(here), await group(here)]
    const command = say(a, 'once')
    await Promise.all([
      here.handler.handle(alice, [command]),
      here.handler.handle(alice, [{ ...command, conversation: b }]),
    ])
    const said = [...(await log(a)), ...(await log(b))].filter((event) => event.id === command.id)
    expect(said).toHaveLength(1)
  })

  test('[C1] somebody else who uses a taken id is told so and changes nothing', async () => {
    for (const second of [node(), undefined]) {
      const here = node()
      const id = await group(here)
      const command = say(id, 'mine')
      await here.handler.handle(alice, [command])
      expect(codes(await (second ?? here).handler.handle(bob, [{ ...command, text: 'stolen' }]))).toEqual([
        'conflict',
      ])
      expect(await log(id)).toHaveLength(4)
    }
  })

  test('[C1] a repeat is answered as the first time, also when it would be refused by now', async () => {
    const [here, there] = [node(), node()]
    const id = await group(here)
    const command = say(id, 'before the end')
    const [first] = await here.handler.handle(bob, [command])
    await here.handler.handle(alice, [
      { id: newId(), createdAt: 1, type: 'member.remove', conversation: id, user: bob },
    ])
    expect(codes(await here.handler.handle(bob, [say(id, 'too late')]))).toEqual(['forbidden'])
    expect(await there.handler.handle(bob, [command])).toEqual([first])
  })

  test('[C1] what was already so stays settled: a late repeat of it is not decided anew', async () => {
    const here = node()
    const id = await group(here)
    const message = say(id, 'x')
    await here.handler.handle(alice, [message])
    const react = (on: boolean): Command => ({
      id: newId(),
      createdAt: 1,
      type: 'reaction.set',
      conversation: id,
      to: message.id,
      emoji: '👍',
      on,
    })
    const [first, again, off] = [react(true), react(true), react(false)]
    expect(codes(await here.handler.handle(bob, [first, again, off]))).toEqual(['ok', 'ok', 'ok'])
    expect(codes(await node().handler.handle(bob, [again]))).toEqual(['ok'])
    expect((await log(id)).filter((event) => event.type === 'reaction')).toMatchObject([
      { on: true },
      { on: false },
    ])
  })
})

describe('an outbox', () => {
  test('[C2] a refused command blocks nothing behind it', async () => {
    const here = node()
    const id = await group(here)
    const foreign = newId<ConversationId>()
    const outcomes = await here.handler.handle(alice, [
      say(id, '1'),
      say(foreign, '2'),
      say(id, ' '),
      say(id, '3'),
    ])
    expect(codes(outcomes)).toEqual(['ok', 'forbidden', 'invalid', 'ok'])
    expect((await log(id)).slice(-2)).toMatchObject([{ text: '1' }, { text: '3' }])
  })

  test('[C2] [C5] a group can be created, talked in, replied in and left in one go', async () => {
    const here = node()
    const id = newId<ConversationId>()
    const hello = say(id, 'hello')
    const outcomes = await here.handler.handle(alice, [
      createGroup(id, [bob]),
      hello,
      { ...say(id, 're'), replyTo: hello.id, mentions: [bob, 'everyone'] },
      {
        id: newId(),
        createdAt: 1,
        type: 'reaction.set',
        conversation: id,
        to: hello.id,
        emoji: '👍',
        on: true,
      },
      { id: newId(), createdAt: 1, type: 'member.add', conversation: id, user: carol, role: 'admin' },
      { id: newId(), createdAt: 1, type: 'member.remove', conversation: id, user: alice },
      say(id, 'gone'),
    ])
    expect(codes(outcomes)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'forbidden'])
    expect((await log(id)).slice(-2)).toMatchObject([
      { type: 'member', user: alice, role: null, cause: 'left' },
      { type: 'member', user: carol, role: 'owner', cause: 'handover' },
    ])
    expect(
      codes(
        await node().handler.handle(carol, [
          { id: newId(), createdAt: 1, type: 'conversation.update', conversation: id, title: 'Ours' },
        ]),
      ),
    ).toEqual(['ok'])
  })
})

describe('an outbox that was filled offline, in many conversations', () => {
  test('[C2] takes effect together: one commit for all of them, each in its order', async () => {
    const { writers, commits } = countedWriters()
    const here = node(writers)
    const ids = await Promise.all(Array.from({ length: 10 }, () => group(here)))
    const commands = Array.from({ length: 100 }, (_, n) => say(ids[n % 10]!, `${n}`))
    const before = commits()
    expect(new Set(codes(await here.handler.handle(alice, commands)))).toEqual(new Set(['ok']))
    expect(commits() - before).toBe(1)
    for (const [place, id] of ids.entries()) {
      const texts = (await log(id)).flatMap((event) => (event.type === 'message' ? [event.text] : []))
      expect(texts).toEqual(Array.from({ length: 10 }, (_, n) => `${n * 10 + place}`))
    }
  })

  test('[C2] none is said without those before it, also where the log has moved on or is fought over', async () => {
    const other = node()
    const [a, b] = [await group(other), await group(other)]
    // Before each attempt somebody else says something in the first of the two, until that lets ours through.
    const contended = Object.create(db.writers, {
      connect: {
        value: async () => {
          const isFirstSaid = isSaid(await log(a), 'a1')
          if (!isFirstSaid) await other.handler.handle(bob, [say(a, 'first!')])
          expect(isSaid(await log(b), 'b1')).toBe(false)
          return db.writers.connect()
        },
      },
    }) as pg.Pool
    const here = node(contended)
    expect(codes(await here.handler.handle(alice, [say(a, 'a1'), say(b, 'b1')]))).toEqual(['ok', 'ok'])
    expect(isSaid(await log(a), 'a1') && isSaid(await log(b), 'b1')).toBe(true)
  })

  test('[C1] [C2] repeats, refusals and new ones in one go have each their own answer', async () => {
    const [here, there] = [node(), node()]
    const [a, b] = [await group(here), await group(here)]
    const known = say(a, 'known')
    await here.handler.handle(alice, [known])
    const outcomes = await there.handler.handle(alice, [
      say(b, 'new'),
      known,
      say(newId(), 'nowhere'),
      say(a, 'newer'),
      { ...say(b, 'x'), id: known.id },
    ])
    expect(codes(outcomes)).toEqual(['ok', 'ok', 'forbidden', 'ok', 'ok'])
    expect((await log(a)).slice(-2)).toMatchObject([{ text: 'known' }, { text: 'newer' }])
    expect((await log(b)).slice(-1)).toMatchObject([{ text: 'new' }])
  })

  test('a conversation that is created and left again in one go is gone', async () => {
    const here = node()
    const id = newId<ConversationId>()
    const leave: Command = { id: newId(), createdAt: 1, type: 'member.remove', conversation: id, user: alice }
    expect(codes(await here.handler.handle(alice, [createGroup(id), say(id, 'x'), leave]))).toEqual([
      'ok',
      'ok',
      'ok',
    ])
    expect(await node().appender.read(id)).toEqual({ is: 'deleted' })
    expect(await log(id)).toEqual([])
  })
})

describe('conversations', () => {
  test('[S2] an unknown conversation and a foreign one are refused alike', async () => {
    const here = node()
    const id = await group(here)
    const [foreign] = await here.handler.handle(carol, [say(id, 'x')])
    const [unknown] = await here.handler.handle(carol, [say(newId(), 'x')])
    expect(foreign).toEqual(unknown)
  })

  test('both sides of a direct conversation may create it, and get one', async () => {
    const [dave, erin] = (await addPeople(db.pool, 2)) as [UserId, UserId]
    const id = directConversationId(dave, erin)
    const create = (other: UserId): Command => ({
      id: newId(),
      createdAt: 1,
      type: 'conversation.create',
      conversation: id,
      kind: 'direct',
      members: [other],
    })
    expect(codes(await node().handler.handle(dave, [create(erin)]))).toEqual(['not_friends'])
    await befriend(db.pool, dave, erin)
    const both = await Promise.all([
      node().handler.handle(dave, [create(erin), say(id, 'a')]),
      node().handler.handle(erin, [create(dave), say(id, 'b')]),
    ])
    expect(codes(both.flat())).toEqual(['ok', 'ok', 'ok', 'ok'])
    expect((await log(id)).map((event) => event.type)).toEqual([
      'meta',
      'member',
      'member',
      'message',
      'message',
    ])
    await db.pool.query(`DELETE FROM friendships`)
    expect(codes(await node().handler.handle(dave, [say(id, 'still?')]))).toEqual(['not_friends'])
  })

  test('a refusal is decided on what is stored, not on what another node has made of it since', async () => {
    const [here, there] = [node(), node()]
    const id = await group(here)
    expect(codes(await there.handler.handle(carol, [say(id, 'not yet')]))).toEqual(['forbidden'])
    await here.handler.handle(alice, [
      { id: newId(), createdAt: 1, type: 'member.add', conversation: id, user: carol },
    ])
    expect(codes(await there.handler.handle(carol, [say(id, 'now')]))).toEqual(['ok'])
  })

  test('[L6] a deleted conversation leaves nothing behind, and its creation does not bring it back', async () => {
    const here = node()
    const id = newId<ConversationId>()
    const create = createGroup(id, [bob])
    await here.handler.handle(alice, [create, say(id, 'secret')])
    const remove: Command = { id: newId(), createdAt: 1, type: 'conversation.delete', conversation: id }
    expect(codes(await here.handler.handle(bob, [{ ...remove, id: newId() }]))).toEqual(['forbidden'])
    expect(codes(await here.handler.handle(alice, [remove]))).toEqual(['ok'])
    expect(codes(await node().handler.handle(alice, [remove]))).toEqual(['ok'])
    expect(codes(await node().handler.handle(alice, [say(id, 'x'), { ...create, id: newId() }]))).toEqual([
      'forbidden',
      'conflict',
    ])
    expect(await log(id)).toEqual([])
  })

  test('[C1] the creation of a conversation that was deleted since, sent again, has the answer of the first time', async () => {
    const here = node()
    const id = newId<ConversationId>()
    const create = createGroup(id, [bob])
    await here.handler.handle(alice, [create])
    await here.handler.handle(alice, [
      { id: newId(), createdAt: 1, type: 'conversation.delete', conversation: id },
    ])
    expect(codes(await node().handler.handle(alice, [create]))).toEqual(['ok'])
    expect(codes(await node().handler.handle(bob, [create]))).toEqual(['conflict'])
    expect(await node().appender.read(id)).toEqual({ is: 'deleted' })
  })

  test('the last one to leave deletes the conversation', async () => {
    const here = node()
    const id = await group(here, [])
    await here.handler.handle(alice, [
      { id: newId(), createdAt: 1, type: 'member.remove', conversation: id, user: alice },
    ])
    expect(await here.appender.read(id)).toEqual({ is: 'deleted' })
  })

  test('limits are named in their refusals', async () => {
    const here = node()
    const id = await group(here)
    const outcomes = await here.handler.handle(alice, [
      say(id, 'é'.repeat(8_193)),
      { id: newId(), createdAt: 1, type: 'conversation.update', conversation: id, title: 'x'.repeat(121) },
      say(id, 'é'.repeat(8_192)),
    ])
    expect(outcomes).toMatchObject([
      { refusal: { code: 'too_large', message: expect.stringContaining('LIMIT_MESSAGE_BYTES') } },
      { refusal: { code: 'too_large', message: expect.stringContaining('LIMIT_TITLE_CHARACTERS') } },
      { accepted: true },
    ])
  })
})
