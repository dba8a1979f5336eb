import {
  accountRoots,
  type Command,
  type ConversationId,
  directConversationId,
  levelKey,
  mutedKey,
  newId,
  notificationEntries,
  notificationShowsKey,
  readPreferences,
  type UserId,
} from '@parley/protocol'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { useDatabase } from '../../../../test/kit/database.ts'
import { UNHURRIED } from '../../../../test/kit/limits.ts'
import { addPeople, befriend, createGroup, say } from '../../../../test/kit/people.ts'
import { type PushService, pushService, type Subscriber } from '../../../../test/kit/push-service.ts'
import { connectDevice, startSyncServer } from '../../../../test/kit/sync-server.ts'
import { type Auth, createAuth } from '../auth/auth.ts'
import { type Core, createCore } from '../core.ts'
import { createLogger } from '../logger.ts'
import { createPush, type Push } from './push.ts'

const db = useDatabase()
const logger = createLogger('silent')

interface Node {
  readonly core: Core
  readonly push: Push
  readonly auth: Auth
  close(): Promise<void>
}

let service: PushService
let nodes: Node[] = []
let now: number
let node: Node
let alice: UserId
let bob: UserId
let carol: UserId
let group: ConversationId

function open(post = service.post): Node {
  const clock = () => now
  const auth = createAuth({ db: db.kysely, secureCookies: false, now: clock })
  const push = createPush({
    db: db.kysely,
    now: clock,
    logger,
    subject: 'mailto:operator@example.org',
    post,
  })
  const core = createCore({
    db,
    auth,
    limits: UNHURRIED,
    logger,
    now: clock,
    transports: [push.transport],
    heard: push.heard,
  })
  const opened: Node = {
    core,
    push,
    auth,
    close: async () => {
      await core.close()
      await push.close()
    },
  }
  nodes.push(opened)
  return opened
}

beforeEach(async () => {
  now = Date.now()
  service = pushService()
  node = open()
  ;[alice, bob, carol] = (await addPeople(db.pool, 3)) as [UserId, UserId, UserId]
  group = newId()
  await does(alice, createGroup(group, [bob, carol]))
  await quiet()
})
afterEach(async () => {
  for (const each of nodes) await each.close()
  nodes = []
})

async function does(author: UserId, ...commands: Command[]): Promise<void> {
  for (const outcome of await node.core.handler.handle(author, commands))
    expect(outcome).toMatchObject({ accepted: true })
}

/** Until everything that was begun is sent. */
async function quiet(): Promise<void> {
  for (const each of nodes) await each.close()
  nodes = []
  node = open()
}

interface Device extends Subscriber {
  readonly session: string
  readonly user: UserId
}

async function device(user: UserId): Promise<Device> {
  const { setCookie } = await node.auth.sessions.start(user, 'a phone')
  const identity = await node.auth.sessions.identify(setCookie.split(';')[0] ?? '')
  const session = identity?.credential.id ?? ''
  const subscriber = service.subscriber()
  await node.push.subscribe(user, session, subscriber.subscription)
  return { ...subscriber, session, user }
}

const told = ({ received }: Subscriber) => received.map(({ message }) => [message.kind, message.text])
const mention = (text: string, ...users: UserId[]): Command => ({ ...say(group, text), mentions: users })
const prefer = (user: UserId, entries: Record<string, unknown>) =>
  db.pool.query(
    `INSERT INTO notification_preferences VALUES ($1, $2) ON CONFLICT (user_id) DO UPDATE SET entries = $2`,
    [user, entries],
  )
const subscriptions = async () =>
  (await db.pool.query(`SELECT FROM push_subscriptions WHERE user_id = $1`, [bob])).rowCount

describe('[R3] who is away', () => {
  test('is told of a mention on each of their devices, once, in what only these can read', async () => {
    const [phone, laptop, hers] = [await device(bob), await device(bob), await device(carol)]
    open()
    await does(alice, mention('look, Bob', bob))
    await quiet()
    for (const each of [phone, laptop]) {
      expect(each.received.map(({ message }) => message)).toEqual([
        {
          kind: 'mention',
          for: bob,
          at: expect.any(Number) as number,
          conversation: group,
          seq: 5,
          conversationKind: 'group',
          actor: 'Person',
          title: 'Crew',
          text: 'look, Bob',
        },
      ])
      expect(each.received[0]?.headers).toMatchObject({ Urgency: 'high', TTL: '86400' })
    }
    expect(told(hers)).toEqual([['message', 'look, Bob']])
  })

  test('and wants everything is told of ordinary messages too; who has read or is here is not', async () => {
    const [phone, hers, own] = [await device(bob), await device(carol), await device(alice)]
    await db.pool.query(
      `INSERT INTO active_connections (id, user_id, node, connected_at, heartbeat_at) VALUES ($1, $2, $1, $3, $3)`,
      [newId(), carol, now],
    )
    const first = say(group, 'first')
    await does(alice, first)
    await does(alice, first)
    await quiet()
    expect(told(phone)).toEqual([['message', 'first']])
    expect(told(hers)).toEqual([])
    expect(told(own)).toEqual([])
    await node.core.positions.advance(bob, group, 6)
    expect(told(phone)).toHaveLength(1)
  })

  test('is told once of an answer to them, as an answer', async () => {
    const phone = await device(bob)
    const mine = say(group, 'mine')
    await does(bob, mine)
    await does(alice, { ...say(group, 'an answer'), replyTo: mine.id })
    await quiet()
    expect(told(phone)).toEqual([['reply', 'an answer']])
  })

  test('is told of direct messages and of requests, and not by whom they have blocked', async () => {
    const phone = await device(bob)
    await befriend(db.pool, alice, bob)
    const conversation = directConversationId(alice, bob)
    await does(
      alice,
      { ...createGroup(conversation, [bob]), kind: 'direct' } as Command,
      say(conversation, 'psst'),
    )
    // What waits together goes out together, in no order.
    await quiet()
    await does(carol, { id: newId(), createdAt: 1, type: 'friend.request', user: bob })
    await quiet()
    expect(told(phone)).toEqual([
      ['direct', 'psst'],
      ['friend_request', undefined],
    ])
    await does(bob, { id: newId(), createdAt: 1, type: 'user.block', user: carol })
    await does(carol, say(group, 'from a blocked one'), mention('and again', bob))
    await quiet()
    expect(told(phone)).toHaveLength(2)
  })

  test('is not told twice when a service fails in between, and again only of what certainly did not arrive', async () => {
    const phone = await device(bob)
    phone.answer('later')
    await does(alice, mention('one', bob))
    await quiet()
    expect(told(phone)).toEqual([])
    phone.answer(undefined)
    now += 60_000
    await does(alice, mention('two', bob))
    await quiet()
    expect(
      told(phone)
        .map(([, text]) => text)
        .toSorted(),
    ).toEqual(['one', 'two'])
    phone.answer(new Error('who knows'))
    await does(alice, mention('three', bob))
    await quiet()
    phone.answer(undefined)
    now += 3_600_000
    await quiet()
    await does(alice, mention('four', bob))
    await quiet()
    expect(told(phone).map(([, text]) => text)).not.toContain('three')
  })
})

test.each([
  { takes: 1_000, words: ['first', 'second', 'third'] },
  { takes: 6_000, words: ['first', 'second'] },
])(
  '[N4] a node that stops tells first what was said meanwhile, for ten seconds: $takes ms each',
  async (slow) => {
    const phone = await device(bob)
    const held = Promise.withResolvers<void>()
    node = open(async (...message) => {
      const delivery = await service.post(...message)
      await held.promise
      now += slow.takes
      return delivery
    })
    await does(alice, say(group, 'first'))
    await expect.poll(() => service.asked).toBe(1)
    await does(alice, say(group, 'second'), say(group, 'third'))
    const closed = node.push.close()
    held.resolve()
    await closed
    expect(told(phone)).toEqual(slow.words.map((word) => ['message', word]))
  },
)

describe('what somebody has chosen', () => {
  test('none, or muted: nothing; mentions: what is about them; until it is chosen otherwise', async () => {
    const phone = await device(bob)
    await prefer(bob, { [levelKey(group)]: 'none' })
    await does(alice, say(group, 'a'), mention('b', bob))
    await quiet()
    await prefer(bob, { [mutedKey(group)]: now + 60_000 })
    await does(alice, say(group, 'c'), mention('d', bob))
    await quiet()
    expect(told(phone)).toEqual([])
    await prefer(bob, { [levelKey(group)]: 'mentions' })
    await does(alice, say(group, 'e'), mention('f', bob))
    await quiet()
    expect(told(phone)).toEqual([['mention', 'f']])
    now += 60_001
    await prefer(bob, { [mutedKey(group)]: now })
    await does(alice, say(group, 'g'))
    await quiet()
    expect(told(phone).at(-1)).toEqual(['message', 'g'])
  })

  test('nothing of what was said or by whom is sent to who wants it so', async () => {
    const phone = await device(bob)
    await prefer(bob, { [notificationShowsKey]: 'nothing' })
    await does(alice, mention('a secret', bob))
    await quiet()
    expect(Object.keys(phone.received[0]?.message ?? {}).toSorted()).toEqual(
      ['at', 'conversation', 'conversationKind', 'for', 'kind', 'seq'].toSorted(),
    )
  })

  test('a long text is cut between letters, and fits', async () => {
    const phone = await device(bob)
    await does(alice, mention('👩‍👩‍👧‍👦'.repeat(500), bob))
    await quiet()
    const text = phone.received[0]?.message.text ?? ''
    expect(text).toMatch(/^(👩‍👩‍👧‍👦)+…$/u)
  })

  test('is known from their account document when none of their devices is there any more', async () => {
    const server = await startSyncServer(db)
    const { token } = await server.auth.tokens.create(bob, 'test')
    const laptop = connectDevice(server.url, bob, token)
    const account = laptop.account()
    await account.until(() => account.provider.synced)
    accountRoots(account.doc).prefs.set(levelKey(group), 'none')
    await expect
      .poll(
        async () =>
          (await db.pool.query(`SELECT FROM notification_preferences WHERE user_id = $1`, [bob])).rowCount,
      )
      .toBe(1)
    laptop.close()
    await server.close()
    const { rows } = await db.pool.query<{ entries: object }>(
      `SELECT entries FROM notification_preferences WHERE user_id = $1`,
      [bob],
    )
    expect(rows[0]?.entries).toEqual(notificationEntries(readPreferences([[levelKey(group), 'none']])))
  })
})

describe('the end of a subscription', () => {
  test('[S4] it ends with the session: logged out, ended elsewhere, or run out', async () => {
    const [one, two, three] = [await device(bob), await device(bob), await device(bob)]
    await node.auth.sessions.end(bob, one.session)
    await db.pool.query(`UPDATE sessions SET expires_at = now() WHERE id_hash = $1`, [
      Buffer.from(two.session, 'hex'),
    ])
    await does(alice, mention('hello', bob))
    await quiet()
    expect([one, two, three].map((each) => told(each).length)).toEqual([0, 0, 1])
    await node.auth.sessions.endAllBut(bob, undefined)
    expect(await subscriptions()).toBe(0)
  })

  test('who is not there any more is not asked for again', async () => {
    const phone = await device(bob)
    phone.answer('gone')
    await does(alice, mention('hello', bob))
    await quiet()
    expect(await subscriptions()).toBe(0)
    const before = service.asked
    await does(alice, mention('hello again', bob))
    await quiet()
    expect(service.asked).toBe(before)
  })

  test('a browser that somebody else signs in with tells only them', async () => {
    const phone = await device(bob)
    const { setCookie } = await node.auth.sessions.start(carol, 'the same phone')
    const session = (await node.auth.sessions.identify(setCookie.split(';')[0] ?? ''))?.credential.id ?? ''
    await node.push.subscribe(carol, session, phone.subscription)
    await does(alice, mention('hello', bob))
    await quiet()
    expect(phone.received.map(({ message }) => message.for)).toEqual([carol])
  })

  test('[S5] of one person there are no more than twenty, and addresses of nobody known are none', async () => {
    const first = await device(bob)
    for (let count = 0; count < 20; count += 1) {
      now += 1
      await device(bob)
    }
    expect(await subscriptions()).toBe(20)
    await does(alice, mention('hello', bob))
    await quiet()
    expect(told(first)).toEqual([])
    const { subscription } = service.subscriber()
    for (const endpoint of ['https://127.0.0.1/x', 'https://intranet.example/x'])
      await expect(node.push.subscribe(bob, first.session, { ...subscription, endpoint })).rejects.toThrow()
  })
})

test('every node signs with the same keys, whichever made them', async () => {
  const keys = await Promise.all([open(), open(), open()].map(({ push }) => push.key()))
  expect(new Set(keys).size).toBe(1)
})
