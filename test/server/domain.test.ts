import {
  accountRoots,
  type Command,
  type ConversationId,
  conversationDocument,
  conversationRoots,
  directConversationId,
  type Event,
  type EventId,
  lastSeqOf,
  newId,
  rest,
  type UserId,
} from '@parley/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { useDatabase } from '../kit/database.ts'
import { type Actor, type Doors, intend, openDoors, type Verdict } from '../kit/doors.ts'

/** Sentences of the domain rules that are about what happens over time, each by both doors where it has two. */
const database = useDatabase()
let doors: Doors

beforeAll(async () => {
  doors = await openDoors({ pool: database.pool, databaseUrl: database.url })
})
afterAll(() => doors.close())

const HOUR = 60 * 60 * 1000
type Door = 'REST' | 'outbox'
const DOORS: readonly Door[] = ['REST', 'outbox']

const command = (payload: object): Command => ({ id: newId<EventId>(), createdAt: 1, ...payload }) as Command
async function does(actor: Actor, door: Door, payload: object): Promise<Verdict> {
  const wanted = command(payload)
  if (door === 'REST') return actor.rest(wanted)
  const [verdict] = await actor.outbox(wanted)
  return verdict as Verdict
}
const accepted = expect.objectContaining({ accepted: true }) as Verdict
const refused = (code: string): Verdict => expect.objectContaining({ accepted: false, code }) as Verdict
const people = (...names: string[]) => doors.actors(...names) as Promise<[Actor, Actor, Actor, Actor]>
const log = async (actor: Actor, id: ConversationId): Promise<Event[]> =>
  (await actor.ask('GET', `/api/conversations/${id}/events?after=0&limit=1000`)).as(rest.eventPage).events
const friendsOf = async (actor: Actor): Promise<UserId[]> =>
  (await actor.ask('GET', '/api/friends')).as(rest.friendList).friends.map(({ id }) => id)
const requestsOf = async (actor: Actor) =>
  (await actor.ask('GET', '/api/friend-requests')).as(rest.friendRequestList).friendRequests
const roles = async (actor: Actor, id: ConversationId): Promise<Record<UserId, string>> => {
  const { members } = (await actor.ask('GET', `/api/conversations/${id}/members`)).as(rest.memberList)
  return Object.fromEntries(members.map(({ user, role }) => [user, role]))
}
async function befriended(...names: [string, string]): Promise<[Actor, Actor]> {
  const [one, other] = await people(...names)
  await does(one, 'REST', { type: 'friend.request', user: other.id })
  await does(other, 'REST', { type: 'friend.request', user: one.id })
  return [one, other]
}
async function founded(
  kind: 'group' | 'channel',
  owner: Actor,
  ...members: Actor[]
): Promise<ConversationId> {
  const conversation = newId<ConversationId>()
  const payload = {
    type: 'conversation.create',
    conversation,
    kind,
    title: 'Us',
    members: members.map(({ id }) => id),
  }
  expect(await does(owner, 'outbox', payload)).toEqual(accepted)
  return conversation
}
/** Everything that waits in an outbox goes out. */
async function flush(actor: Actor): Promise<void> {
  const { doc, until } = actor.device().account()
  await until(() => accountRoots(doc).outbox.length === 0)
}

describe('a direct conversation has an id derived from the pair', () => {
  test('[C5] both sides create it offline at once, write in it, and get the same one with everything in it', async () => {
    const [ana, ben] = await befriended('Ana', 'Ben')
    const conversation = directConversationId(ana.id, ben.id)
    for (const [actor, other] of [
      [ana, ben],
      [ben, ana],
    ] as const) {
      actor.goOffline()
      intend(actor.account(), [
        command({ type: 'conversation.create', conversation, kind: 'direct', members: [other.id] }),
        command({ type: 'message.send', conversation, text: `${actor.name} was here` }),
      ])
    }
    await Promise.all([flush(ana), flush(ben)])
    expect(accountRoots(ana.account()).rejections.size + accountRoots(ben.account()).rejections.size).toBe(0)
    const said = await log(ana, conversation)
    expect(said).toEqual(await log(ben, conversation))
    expect(said.map(({ type }) => type)).toEqual(['meta', 'member', 'member', 'message', 'message'])
    expect(said.flatMap((event) => (event.type === 'message' ? [event.text] : [])).toSorted()).toEqual([
      'Ana was here',
      'Ben was here',
    ])
    const [mine, theirs] = [ana, ben].map((actor) => actor.device().open(conversationDocument(conversation)))
    for (const opened of [mine, theirs]) await opened?.until(() => lastSeqOf(opened.doc) === 5)
    expect(Y.encodeStateAsUpdate(mine?.doc as Y.Doc)).toEqual(Y.encodeStateAsUpdate(theirs?.doc as Y.Doc))
  })

  test.each(DOORS)('it is for two friends: by %s nobody begins one with a stranger', async (door) => {
    const [ana, ben] = await people('Ana', 'Ben')
    const conversation = directConversationId(ana.id, ben.id)
    const create = { type: 'conversation.create', conversation, kind: 'direct', members: [ben.id] }
    expect(await does(ana, door, create)).toEqual(refused('not_friends'))
    expect((await ben.ask('GET', '/api/conversations')).as(rest.conversationList).conversations).toEqual([])
  })

  test.each(DOORS)(
    'writing ends with the friendship and begins again with it, by %s; reading never ends',
    async (door) => {
      const [ana, ben] = await befriended('Ana', 'Ben')
      const conversation = directConversationId(ana.id, ben.id)
      const say = { type: 'message.send', conversation, text: 'hello' }
      expect(
        await does(ana, door, {
          type: 'conversation.create',
          conversation,
          kind: 'direct',
          members: [ben.id],
        }),
      ).toEqual(accepted)
      expect(await does(ben, door, say)).toEqual(accepted)
      await does(ana, door, { type: 'friend.remove', user: ben.id })
      for (const actor of [ana, ben]) expect(await does(actor, door, say)).toEqual(refused('not_friends'))
      expect(await log(ben, conversation)).toHaveLength(4)
      for (const [actor, user] of [
        [ana, ben.id],
        [ben, ana.id],
      ] as const)
        await does(actor, door, { type: 'friend.request', user })
      expect(await does(ben, door, say)).toEqual(accepted)
      await does(ana, door, { type: 'user.block', user: ben.id })
      for (const actor of [ana, ben]) expect(await does(actor, door, say)).toEqual(refused('not_friends'))
    },
  )
})

describe('friend requests', () => {
  test('two who ask each other become friends, also offline and at once, through different doors', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [ana, ben] = await people('Ana', 'Ben')
      ana.goOffline()
      intend(ana.account(), [command({ type: 'friend.request', user: ben.id })])
      await Promise.all([flush(ana), does(ben, 'REST', { type: 'friend.request', user: ana.id })])
      expect([await friendsOf(ana), await friendsOf(ben)]).toEqual([[ben.id], [ana.id]])
      expect((await requestsOf(ana)).map(({ status }) => status)).toEqual(['ACCEPTED', 'ACCEPTED'])
    }
  })

  test.each(DOORS)(
    'a declined one may be asked again after a day, by %s; all of them are kept as history',
    async (door) => {
      const [ana, ben] = await people('Ana', 'Ben')
      const ask = { type: 'friend.request', user: ben.id }
      expect(await does(ana, door, ask)).toEqual(accepted)
      const [first] = await requestsOf(ben)
      expect(await does(ben, door, { type: 'friend.answer', request: first?.id, accept: false })).toEqual(
        accepted,
      )
      expect(await does(ana, door, ask)).toEqual(refused('conflict'))
      doors.advance(23 * HOUR)
      expect(await does(ana, door, ask)).toEqual(refused('conflict'))
      doors.advance(HOUR + 1000)
      expect(await does(ana, door, ask)).toEqual(accepted)
      const [second] = await requestsOf(ben)
      expect(await does(ben, door, { type: 'friend.answer', request: second?.id, accept: true })).toEqual(
        accepted,
      )
      expect((await requestsOf(ana)).map(({ status }) => status)).toEqual(['ACCEPTED', 'REJECTED'])
      expect(await friendsOf(ana)).toEqual([ben.id])
    },
  )

  test.each(DOORS)('who declined may ask themselves at once, by %s', async (door) => {
    const [ana, ben] = await people('Ana', 'Ben')
    await does(ana, door, { type: 'friend.request', user: ben.id })
    const [request] = await requestsOf(ben)
    await does(ben, door, { type: 'friend.answer', request: request?.id, accept: false })
    expect(await does(ben, door, { type: 'friend.request', user: ana.id })).toEqual(accepted)
    expect(await friendsOf(ana)).toEqual([])
  })
})

describe('an owner who leaves hands over to the longest-standing admin, else member', () => {
  const role = (conversation: ConversationId, user: Actor, to: string) => ({
    type: 'member.role',
    conversation,
    user: user.id,
    role: to,
  })
  const leave = (conversation: ConversationId, { id }: Actor) => ({
    type: 'member.remove',
    conversation,
    user: id,
  })

  test.each(DOORS)(
    'by %s: admins in the order they came, then members, and the last one deletes it',
    async (door) => {
      const [owner, first, second, third] = await people('Owner', 'First', 'Second', 'Third')
      const group = await founded('group', owner, first, second, third)
      // Made admins in another order than they came in.
      await does(owner, door, role(group, third, 'admin'))
      await does(owner, door, role(group, second, 'admin'))
      expect(await does(owner, door, leave(group, owner))).toEqual(accepted)
      expect(await roles(third, group)).toEqual({
        [first.id]: 'member',
        [second.id]: 'owner',
        [third.id]: 'admin',
      })
      expect((await log(third, group)).at(-1)).toMatchObject({
        author: owner.id,
        user: second.id,
        cause: 'handover',
      })
      await does(second, door, leave(group, second))
      expect(await roles(third, group)).toEqual({ [first.id]: 'member', [third.id]: 'owner' })
      await does(third, door, leave(group, third))
      expect(await roles(first, group)).toEqual({ [first.id]: 'owner' })
      expect(await does(first, door, leave(group, first))).toEqual(accepted)
      expect(await does(first, door, { type: 'message.send', conversation: group, text: 'x' })).toEqual(
        refused('forbidden'),
      )
      const { rows } = await database.pool.query(`SELECT FROM events WHERE conversation = $1`, [group])
      expect(rows).toEqual([])
    },
  )

  test.each(DOORS)('by %s: who left and came back stands behind those who stayed', async (door) => {
    const [owner, first, second] = await people('Owner', 'First', 'Second')
    const group = await founded('group', owner, first, second)
    await does(first, door, leave(group, first))
    await does(owner, door, { type: 'member.add', conversation: group, user: first.id })
    await does(owner, door, leave(group, owner))
    expect(await roles(first, group)).toEqual({ [first.id]: 'member', [second.id]: 'owner' })
  })

  test.each(DOORS)('by %s: not while there is another owner', async (door) => {
    const [owner, first, second] = await people('Owner', 'First', 'Second')
    const group = await founded('channel', owner, first, second)
    await does(owner, door, role(group, second, 'owner'))
    await does(owner, door, leave(group, owner))
    expect(await roles(first, group)).toEqual({ [first.id]: 'member', [second.id]: 'owner' })
  })
})

describe('deleting a user', () => {
  test('their sessions, account document and friendships go, their words stay, and what they own is handed over', async () => {
    const [ana, ben] = await befriended('Ana', 'Ben')
    const [cem] = await people('Cem')
    const group = await founded('group', ana, ben, cem)
    const direct = directConversationId(ana.id, ben.id)
    await ana.outbox(
      command({ type: 'message.send', conversation: group, text: 'what Ana said' }),
      command({ type: 'conversation.create', conversation: direct, kind: 'direct', members: [ben.id] }),
      command({ type: 'friend.request', user: cem.id }),
    )
    const device = ana.device()
    const account = device.account()
    expect((await ana.ask('DELETE', '/api/users/me')).status).toBe(204)
    await account.until(() => account.closed.length > 0)
    expect((await ana.ask('GET', '/api/users/me')).status).toBe(401)
    expect([await friendsOf(ben), await requestsOf(cem)]).toEqual([[], []])
    expect(await roles(ben, group)).toEqual({ [ben.id]: 'owner', [cem.id]: 'member' })
    expect(await log(ben, group)).toContainEqual(
      expect.objectContaining({ author: ana.id, text: 'what Ana said' }),
    )
    const { users } = (await ben.ask('GET', `/api/users?ids=${ana.id}`)).as(rest.userList)
    expect(users).toEqual([{ id: ana.id, username: '', name: 'Deleted user', deleted: true }])
    const { rows } = await database.pool.query(`SELECT FROM documents WHERE name = $1`, [`account/${ana.id}`])
    expect(rows).toEqual([])
    expect(await does(ben, 'outbox', { type: 'message.send', conversation: direct, text: 'x' })).toEqual(
      refused('not_friends'),
    )
    expect(await does(ben, 'outbox', { type: 'friend.request', user: ana.id })).toEqual(refused('not_found'))
    expect(await does(ben, 'outbox', { type: 'member.add', conversation: group, user: ana.id })).toEqual(
      refused('forbidden'),
    )
  })
})

describe('removal and leaving', () => {
  test.each(['removed', 'left', 'deleted'] as const)(
    '[S4] who is %s loses the document at once, and keeps what they hold',
    async (how) => {
      const [owner, ben] = await people('Owner', 'Ben')
      const group = await founded('group', owner, ben)
      await does(owner, 'outbox', { type: 'message.send', conversation: group, text: 'kept' })
      const opened = ben.device().open(conversationDocument(group))
      await opened.until(() => lastSeqOf(opened.doc) === 4)
      const end =
        how === 'deleted'
          ? { type: 'conversation.delete', conversation: group }
          : { type: 'member.remove', conversation: group, user: ben.id }
      await does(how === 'left' ? ben : owner, 'REST', end)
      await opened.until(() => opened.closed.length > 0)
      expect(opened.closed).toEqual(['forbidden'])
      expect(conversationRoots(opened.doc).events.toArray()).toContainEqual(
        expect.objectContaining({ text: 'kept' }),
      )
      expect((await ben.ask('GET', `/api/conversations/${group}/events`)).error.code).toBe('forbidden')
    },
  )
})

test.each(DOORS)(
  'archived: everything can be read and nothing sent, until it is unarchived, by %s',
  async (door) => {
    const [owner, ben] = await people('Owner', 'Ben')
    const group = await founded('group', owner, ben)
    const say = { type: 'message.send', conversation: group, text: 'hello' }
    expect(await does(ben, door, say)).toEqual(accepted)
    await does(owner, door, { type: 'conversation.update', conversation: group, archived: true })
    for (const actor of [owner, ben]) expect(await does(actor, door, say)).toEqual(refused('archived'))
    expect(await log(ben, group)).toHaveLength(5)
    await does(owner, door, { type: 'conversation.update', conversation: group, archived: false })
    expect(await does(ben, door, say)).toEqual(accepted)
  },
)

test.each(DOORS)(
  'a channel is found and joined by anybody, by %s, and its members are not in its document',
  async (door) => {
    const [owner, ben] = await people('Owner', 'Ben')
    const channel = await founded('channel', owner)
    const title = `Found by ${door}`
    await does(owner, door, { type: 'conversation.update', conversation: channel, title, topic: 'All of it' })
    const found = async (): Promise<rest.Channel[]> =>
      (await ben.ask('GET', `/api/channels?q=${encodeURIComponent(title)}`)).as(rest.channelList).channels
    const listing = { id: channel, title, topic: 'All of it', memberCount: 1, isMember: false }
    expect(await found()).toEqual([listing])
    expect(await does(ben, door, { type: 'member.add', conversation: channel, user: ben.id })).toEqual(
      accepted,
    )
    expect(await found()).toEqual([{ ...listing, memberCount: 2, isMember: true }])
    const opened = ben.device().open(conversationDocument(channel))
    await opened.until(() => lastSeqOf(opened.doc) === 4)
    expect(conversationRoots(opened.doc).members.size).toBe(0)
    expect(await roles(ben, channel)).toEqual({ [owner.id]: 'owner', [ben.id]: 'member' })
    expect(await does(ben, door, { type: 'member.remove', conversation: channel, user: ben.id })).toEqual(
      accepted,
    )
    await does(owner, door, { type: 'conversation.update', conversation: channel, archived: true })
    expect(await found()).toEqual([])
  },
)

test('[C1] a request with the key of an earlier one does nothing more, whatever has happened since', async () => {
  const [owner, ben] = await people('Owner', 'Ben')
  const group = await founded('group', owner, ben)
  const key = { 'Idempotency-Key': newId<string>() }
  const add = () => owner.ask('POST', `/api/conversations/${group}/members`, { user: ben.id }, key)
  await does(owner, 'REST', { type: 'member.remove', conversation: group, user: ben.id })
  expect((await add()).status).toBe(201)
  await does(owner, 'REST', { type: 'member.remove', conversation: group, user: ben.id })
  await add()
  expect(await roles(owner, group)).toEqual({ [owner.id]: 'owner' })
})

test('[L5] the time of an event is never lower than that of the one before, also when the clock is put back', async () => {
  const [owner] = await people('Owner')
  const group = await founded('group', owner)
  await does(owner, 'REST', { type: 'message.send', conversation: group, text: 'now' })
  doors.advance(-HOUR)
  await does(owner, 'REST', { type: 'message.send', conversation: group, text: 'an hour ago' })
  doors.advance(HOUR)
  const times = (await log(owner, group)).map(({ at }) => at)
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  expect(times.at(-1)).toBe(times.at(-2))
})
