import { type FriendCommand, type FriendRequestId, newId, rest, type UserId } from '@parley/protocol'
import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { createTestApi, nobody, type Person, type TestApi } from '../../../../test/kit/api.ts'
import { useDatabase } from '../../../../test/kit/database.ts'
import { addPeople } from '../../../../test/kit/people.ts'
import { waitingOnly } from '../../../../test/kit/notifications.ts'
import { ASK_AGAIN_AFTER, createFriendCommands } from './friends.ts'
import { Unavailable } from './outcome.ts'

const database = useDatabase()
let api: TestApi
let ana: Person
let ben: Person
let count = 0

beforeEach(async () => {
  api = createTestApi(database)
  count += 1
  ana = await api.signUp(`ana${count}`)
  ben = await api.signUp(`ben${count}`)
})

const request = (from: Person, to: Person, headers?: Record<string, string>) =>
  from.ask('POST', '/api/friend-requests', { user: to.id }, headers)
const answer = (who: Person, id: string, status: 'ACCEPTED' | 'REJECTED') =>
  who.ask('PATCH', `/api/friend-requests/${id}`, { status })
const friendsOf = async (who: Person) =>
  (await who.ask('GET', '/api/friends')).as(rest.friendList.strict()).friends.map(({ id }) => id)
const requestsOf = async (who: Person, query = '') =>
  (await who.ask('GET', `/api/friend-requests${query}`)).as(rest.friendRequestList.strict()).friendRequests

test('a request is open for both until it is accepted, then they are friends', async () => {
  const asked = await request(ana, ben)
  const { id } = asked.as(rest.friendRequest.strict())
  expect([asked.status, asked.body]).toEqual([201, expect.objectContaining({ status: 'PENDING' })])
  expect(await requestsOf(ana, '?direction=outgoing&status=PENDING')).toEqual([asked.body])
  expect(await requestsOf(ben, '?direction=incoming&status=PENDING')).toEqual([asked.body])
  expect(await requestsOf(ben, '?direction=outgoing')).toEqual([])
  expect(await friendsOf(ana)).toEqual([])
  expect((await answer(ben, id, 'ACCEPTED')).as(rest.friendRequest).status).toBe('ACCEPTED')
  expect([await friendsOf(ana), await friendsOf(ben)]).toEqual([[ben.id], [ana.id]])
  expect((await requestsOf(ana))[0]?.status).toBe('ACCEPTED')
})

test('only who was asked may answer, and an answer stands', async () => {
  const cem = await api.signUp(`cem${count}`)
  const { id } = (await request(ana, ben)).as(rest.friendRequest)
  const [own, foreign, unknown] = [
    await answer(ana, id, 'ACCEPTED'),
    await answer(cem, id, 'ACCEPTED'),
    await answer(cem, nobody(), 'ACCEPTED'),
  ]
  expect([own.status, foreign.status]).toEqual([403, 403])
  expect([own.body, foreign.body]).toEqual([unknown.body, unknown.body])
  expect((await answer(ben, id, 'REJECTED')).status).toBe(200)
  expect((await answer(ben, id, 'REJECTED')).status).toBe(200)
  expect((await answer(ben, id, 'ACCEPTED')).error.code).toBe('conflict')
  expect(await friendsOf(ana)).toEqual([])
})

test('two who ask each other are friends, also when they ask at the same moment', async () => {
  await request(ana, ben)
  const met = await request(ben, ana)
  expect(met.as(rest.friendRequest).status).toBe('ACCEPTED')
  expect([await friendsOf(ana), await friendsOf(ben)]).toEqual([[ben.id], [ana.id]])
  expect((await requestsOf(ana)).map(({ status }) => status)).toEqual(['ACCEPTED', 'ACCEPTED'])
  for (let round = 0; round < 5; round += 1) {
    const [one, other] = await addPeople(database.pool, 2)
    if (one === undefined || other === undefined) throw new Error('no people')
    const friends = createFriendCommands(database.kysely, waitingOnly(database.kysely))
    const ask = (from: UserId, user: UserId) =>
      friends(from, { id: newId(), createdAt: 1, type: 'friend.request', user }, 1)
    expect(await Promise.all([ask(one, other), ask(other, one)])).toEqual([
      { accepted: true, events: [] },
      { accepted: true, events: [] },
    ])
    const { rows } = await database.pool.query('SELECT FROM friendships WHERE $1 IN (user_a, user_b)', [one])
    expect(rows).toHaveLength(1)
  }
})

test('asking again is the same request; asking a friend changes nothing', async () => {
  const first = await request(ana, ben)
  const again = await request(ana, ben)
  expect([again.status, again.body]).toEqual([200, first.body])
  await request(ben, ana)
  const friends = await request(ana, ben)
  expect([friends.status, friends.as(rest.friendRequest).status]).toEqual([200, 'ACCEPTED'])
  expect(await requestsOf(ana)).toHaveLength(2)
})

test('who was declined may ask again after a day', async () => {
  const { id } = (await request(ana, ben)).as(rest.friendRequest)
  await answer(ben, id, 'REJECTED')
  expect((await request(ana, ben)).error.code).toBe('conflict')
  api.advance(ASK_AGAIN_AFTER + 1000)
  const again = await request(ana, ben)
  expect([again.status, again.as(rest.friendRequest).status]).toEqual([201, 'PENDING'])
  expect((await requestsOf(ben)).map(({ status }) => status)).toEqual(['PENDING', 'REJECTED'])
})

test('[C1] the same command again changes nothing, whenever it comes; from somebody else it is a conflict', async () => {
  const key = { 'Idempotency-Key': nobody() }
  const first = await request(ana, ben, key)
  expect(first.as(rest.friendRequest).id).toBe(key['Idempotency-Key'])
  await request(ben, ana)
  await ana.ask('DELETE', `/api/friends/${ben.id}`)
  const late = await request(ana, ben, key)
  expect([late.status, late.as(rest.friendRequest).id]).toEqual([201, key['Idempotency-Key']])
  expect(await friendsOf(ana)).toEqual([])
  expect(await requestsOf(ana, '?status=PENDING')).toEqual([])
  expect((await request(ben, ana, key)).error.code).toBe('conflict')
})

test('[C1] a command that comes twice at the same moment happens once', async () => {
  const friends = createFriendCommands(database.kysely, waitingOnly(database.kysely))
  const command: FriendCommand = { id: newId(), createdAt: 1, type: 'friend.request', user: ben.id }
  const outcomes = await Promise.all(Array.from({ length: 6 }, () => friends(ana.id, command, 1)))
  expect(outcomes).toEqual(Array.from({ length: 6 }, () => ({ accepted: true, events: [] })))
  expect(await requestsOf(ben)).toHaveLength(1)
})

test('[C1] an id that a message has already taken is a conflict for others and a repeat for its author', async () => {
  const group = await api.group(ana)
  const { id } = await api.say(ana, group, 'hello')
  const friends = createFriendCommands(database.kysely, waitingOnly(database.kysely))
  expect(await friends(ben.id, { id, createdAt: 1, type: 'user.block', user: ana.id }, 1)).toMatchObject({
    refusal: { code: 'conflict' },
  })
  expect(await friends(ana.id, { id, createdAt: 1, type: 'user.block', user: ben.id }, 1)).toEqual({
    accepted: true,
    events: [],
  })
  expect((await ana.ask('GET', '/api/blocks')).as(rest.blockList.strict()).blocks).toEqual([])
})

test('[C1] a refused command is decided anew when it comes again', async () => {
  const friends = createFriendCommands(database.kysely, waitingOnly(database.kysely))
  const command: FriendCommand = { id: newId(), createdAt: 1, type: 'friend.request', user: ben.id }
  await ana.ask('PUT', `/api/blocks/${ben.id}`)
  expect(await friends(ana.id, command, 1)).toMatchObject({ accepted: false, refusal: { code: 'forbidden' } })
  await ana.ask('DELETE', `/api/blocks/${ben.id}`)
  expect(await friends(ana.id, command, 1)).toEqual({ accepted: true, events: [] })
})

test('who is blocked cannot tell it from being left alone', async () => {
  const cem = await api.signUp(`cem${count}`)
  await api.befriend(ana, ben)
  await ana.ask('PUT', `/api/blocks/${ben.id}`)
  expect([await friendsOf(ana), await friendsOf(ben)]).toEqual([[], []])
  const [toBlocker, toSilent] = [await request(ben, ana), await request(ben, cem)]
  const same = (asked: typeof toBlocker) => ({
    ...asked.as(rest.friendRequest),
    id: '',
    to: '',
    createdAt: 0,
  })
  expect([toBlocker.status, same(toBlocker)]).toEqual([toSilent.status, same(toSilent)])
  expect(
    (await requestsOf(ben, '?direction=outgoing&status=PENDING')).map(({ to }) => to.id).toSorted(),
  ).toEqual([ana.id, cem.id].toSorted())
  expect(await requestsOf(ana, '?status=PENDING')).toEqual([])
  expect((await request(ben, ana)).body).toEqual(toBlocker.body)
  expect((await request(ana, ben)).error.code).toBe('forbidden')
  expect((await answer(ana, toBlocker.as(rest.friendRequest).id, 'ACCEPTED')).error.code).toBe('forbidden')
  expect(await friendsOf(ben)).toEqual([])
})

test('blocking withdraws what one has asked oneself, and unblocking brings back what the other asks', async () => {
  const mine = (await request(ana, ben)).as(rest.friendRequest)
  await ana.ask('PUT', `/api/blocks/${ben.id}`)
  expect(await requestsOf(ben)).toEqual([])
  expect((await answer(ben, mine.id, 'ACCEPTED')).error.code).toBe('forbidden')
  await request(ben, ana)
  expect((await ana.ask('GET', `/api/blocks/${ben.id}`)).as(rest.blocked.strict()).user.id).toBe(ben.id)
  expect((await ana.ask('DELETE', `/api/blocks/${ben.id}`)).status).toBe(204)
  expect((await ana.ask('GET', `/api/blocks/${ben.id}`)).status).toBe(404)
  expect(await requestsOf(ana, '?status=PENDING&direction=incoming')).toHaveLength(1)
  expect((await request(ana, ben)).as(rest.friendRequest).status).toBe('ACCEPTED')
})

test('nobody befriends or blocks themselves or somebody who does not exist', async () => {
  expect((await request(ana, ana)).error.code).toBe('invalid')
  expect((await ana.ask('PUT', `/api/blocks/${ana.id}`)).error.code).toBe('invalid')
  expect((await ana.ask('POST', '/api/friend-requests', { user: nobody() })).error.code).toBe('not_found')
  expect((await ana.ask('PUT', `/api/blocks/${nobody()}`)).error.code).toBe('not_found')
  expect((await ana.ask('DELETE', `/api/friends/${nobody()}`)).status).toBe(204)
})

test('who hears of a change is who sees it: of a request to somebody who blocked one, only oneself', async () => {
  const heard: (readonly UserId[])[] = []
  const friends = createFriendCommands(database.kysely, waitingOnly(database.kysely), (users) =>
    heard.push(users.toSorted()),
  )
  const both = [ana.id, ben.id].toSorted()
  const act = (who: Person, command: object) =>
    friends(who.id, { id: newId(), createdAt: 1, ...command } as FriendCommand, Date.now())
  const id = newId<FriendRequestId>()
  await act(ana, { id, type: 'friend.request', user: ben.id })
  await act(ben, { type: 'friend.answer', request: id, accept: true })
  await act(ana, { type: 'user.block', user: ben.id })
  await act(ben, { type: 'friend.request', user: ana.id })
  await act(ben, { type: 'friend.remove', user: ana.id })
  expect(heard).toEqual([both, both, both, [ben.id]])
})

test('[C4] without a database it is not a refusal', async () => {
  const broken = createFriendCommands(database.kysely.withSchema('nowhere'), waitingOnly(database.kysely))
  const command: FriendCommand = { id: newId(), createdAt: 1, type: 'friend.remove', user: ben.id }
  await expect(broken(ana.id, command, 1)).rejects.toThrow(Unavailable)
})

test(
  'whatever two people do to each other, friends are never blocked and have no request open',
  { timeout: 60_000 },
  async () => {
    const friends = createFriendCommands(database.kysely, waitingOnly(database.kysely))
    const step = fc.record({
      who: fc.nat(1),
      do: fc.constantFrom('request', 'accept', 'decline', 'remove', 'block', 'unblock'),
      later: fc.boolean(),
    })
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async (steps) => {
        const people = await addPeople(database.pool, 2)
        let now = 1
        const act = (who: UserId, command: object) =>
          friends(who, { id: newId(), createdAt: 1, ...command } as FriendCommand, now)
        for (const action of steps) {
          now += action.later ? ASK_AGAIN_AFTER : 1
          const [me, user] = action.who === 0 ? people : people.toReversed()
          if (me === undefined || user === undefined) throw new Error('no people')
          if (action.do === 'accept' || action.do === 'decline') {
            const { rows } = await database.pool.query<{ id: string }>(
              'SELECT id FROM friend_requests WHERE to_user = $1 ORDER BY created_at DESC LIMIT 1',
              [me],
            )
            if (rows[0] !== undefined)
              await act(me, { type: 'friend.answer', request: rows[0].id, accept: action.do === 'accept' })
          } else {
            const type = {
              request: 'friend.request',
              remove: 'friend.remove',
              block: 'user.block',
              unblock: 'user.unblock',
            }[action.do]
            await act(me, { type, user })
          }
          const { rows } = await database.pool.query<{ friends: boolean; blocked: boolean; open: number }>(
            `SELECT EXISTS (SELECT FROM friendships WHERE $1 IN (user_a, user_b)) AS friends,
                  EXISTS (SELECT FROM blocks WHERE $1 IN (blocker, blocked)) AS blocked,
                  (SELECT count(*) FROM friend_requests WHERE $1 IN (from_user, to_user) AND status = 'PENDING') AS open`,
            [me],
          )
          const state = rows[0]
          seen.add(`${state?.friends ? 'friends' : 'strangers'}${state?.blocked ? ' blocked' : ''}`)
          if (state?.friends) expect(state).toEqual({ friends: true, blocked: false, open: 0 })
        }
      }),
      { numRuns: 60 },
    )
    expect([...seen].toSorted()).toEqual(['friends', 'strangers', 'strangers blocked'])
  },
)
