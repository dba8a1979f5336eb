import { accountDocument, rest } from '@parley/protocol'
import { beforeAll, expect, test } from 'vitest'
import { createTestApi, nobody, type Person, type TestApi } from '../../../../test/kit/api.ts'
import { useDatabase } from '../../../../test/kit/database.ts'
import { Unavailable } from '../commands/outcome.ts'
import { leavableConversations } from '../queries/conversations.ts'
import { deleteAccount } from './delete-account.ts'

const database = useDatabase()
let api: TestApi
let ana: Person
let ben: Person
let stranger: Person

beforeAll(async () => {
  api = createTestApi(database)
  ana = await api.signUp('ana_100')
  ben = await api.signUp('ben')
  stranger = await api.signUp('stranger')
})

const find = async (who: Person, query: string) =>
  (await who.ask('GET', `/api/users?${query}`)).as(rest.userList.strict()).users

test('people are found by ids, by the whole email, and by the start of a username or name in any case', async () => {
  const shown = { id: ana.id, username: 'ana_100', name: 'Name of ana_100' }
  expect(await find(ben, `ids=${ana.id},${nobody()}`)).toEqual([shown])
  expect(await find(ben, 'email=ANA_100%40example.org')).toEqual([{ ...shown, email: 'ana_100@example.org' }])
  expect(await find(ben, 'email=ana%40example.org')).toEqual([])
  for (const text of ['ana', 'ANA_1', 'name of ANA', 'ana_100'])
    expect(await find(ben, `q=${encodeURIComponent(text)}`)).toEqual([shown])
  for (const text of ['of', 'ana%', 'anax', 'a_a', '\\', '100'])
    expect(await find(ben, `q=${encodeURIComponent(text)}`)).toEqual([])
  for (const query of ['', 'q=', `q=a&ids=${ana.id}`, 'ids=x'])
    expect((await ben.ask('GET', `/api/users?${query}`)).status).toBe(400)
})

test('a profile is changed by its owner, and an email only with the password', async () => {
  const dan = await api.signUp('dan')
  const change = (body: object) => dan.ask('PATCH', '/api/users/me', body)
  expect(
    (await change({ name: 'Dan D.', avatar: 'attachment/1', username: 'dan.d' })).as(rest.me.strict()),
  ).toEqual({
    id: dan.id,
    username: 'dan.d',
    name: 'Dan D.',
    avatar: 'attachment/1',
    email: 'dan@example.org',
  })
  expect((await change({ avatar: '' })).as(rest.me).avatar).toBeUndefined()
  expect((await change({ username: 'ben' })).error).toMatchObject({
    code: 'conflict',
    details: { field: 'username' },
  })
  expect((await change({ email: 'new@example.org' })).error.code).toBe('forbidden')
  expect((await change({ email: 'new@example.org', currentPassword: dan.password })).as(rest.me).email).toBe(
    'new@example.org',
  )
})

test('when somebody was last there is for friends and for people one talks with', async () => {
  await database.pool.query('UPDATE users SET last_active_at = 5 WHERE id = $1', [ana.id])
  const seenBy = async (who: Person) =>
    (await who.ask('GET', `/api/users/${ana.id}`)).as(rest.user.strict()).lastActiveAt
  expect([await seenBy(ana), await seenBy(ben), await seenBy(stranger)]).toEqual([5, undefined, undefined])
  await api.befriend(ana, ben)
  expect([await seenBy(ben), await seenBy(stranger)]).toEqual([5, undefined])
  await api.group(ana, stranger)
  expect(await seenBy(stranger)).toBe(5)
  expect((await find(stranger, 'q=ana'))[0]?.lastActiveAt).toBe(5)
})

test('who is connected was last there when last heard from, in every answer; of who has blocked whom nothing is said', async () => {
  const [one, two] = [await api.signUp('one.here'), await api.signUp('two.here')]
  await api.befriend(one, two)
  await api.group(one, two)
  await database.pool.query('UPDATE users SET last_active_at = 5 WHERE id = $1', [one.id])
  for (const heartbeatAt of [7, 8])
    await database.pool.query(
      `INSERT INTO active_connections (id, user_id, node, connected_at, heartbeat_at)
       VALUES (gen_random_uuid(), $1, gen_random_uuid(), 6, $2)`,
      [one.id, heartbeatAt],
    )
  const profile = async () => (await two.ask('GET', `/api/users/${one.id}`)).as(rest.user).lastActiveAt
  expect(await profile()).toBe(8)
  expect((await one.ask('GET', '/api/users/me')).as(rest.me).lastActiveAt).toBe(8)
  expect((await two.ask('GET', '/api/friends')).as(rest.friendList).friends[0]?.lastActiveAt).toBe(8)
  await one.ask('PUT', `/api/blocks/${two.id}`)
  expect(await profile()).toBeUndefined()
  expect((await one.ask('GET', `/api/users/${two.id}`)).as(rest.user).lastActiveAt).toBeUndefined()
})

test('deleting an account takes what is the person’s own, hands over what they led, and leaves what they said', async () => {
  const gone = await api.signUp('gone')
  const shared = await api.group(gone, ben)
  const said = await api.say(gone, shared, 'remember me')
  const alone = await api.group(gone)
  await api.befriend(gone, ben)
  const direct = (await gone.ask('POST', '/api/conversations', { kind: 'direct', members: [ben.id] })).as(
    rest.conversationSummary,
  )
  await gone.ask('POST', '/api/friend-requests', { user: stranger.id })
  const { token } = (await gone.ask('POST', '/api/tokens', { name: 'bot' })).as(rest.createdToken)
  await database.pool.query(`INSERT INTO documents (name, state, updated_at) VALUES ($1, '', 0)`, [
    accountDocument(gone.id),
  ])
  const heard: unknown[] = []
  const stop = api.auth.onRevoked((revocation) => heard.push(revocation))

  const answer = await gone.ask('DELETE', '/api/users/me')
  stop()
  expect([answer.status, answer.headers.get('Set-Cookie')]).toEqual([
    204,
    expect.stringContaining('Max-Age=0') as string,
  ])
  expect(heard).toEqual([{ user: gone.id }])
  expect((await gone.ask('GET', '/api/users/me')).status).toBe(401)
  expect(
    (await api.ask('GET', '/api/users/me', undefined, { Authorization: `Bearer ${token}` })).status,
  ).toBe(401)
  expect((await api.ask('POST', '/api/sessions', { login: 'gone', password: gone.password })).status).toBe(
    401,
  )

  expect((await ben.ask('GET', `/api/users/${gone.id}`)).body).toEqual({
    id: gone.id,
    username: '',
    name: 'Deleted user',
    deleted: true,
  })
  expect([
    await find(ben, 'q=gone'),
    await find(ben, 'email=gone%40example.org'),
    await find(ben, 'q=Deleted'),
  ]).toEqual([[], [], []])
  const summary = (await ben.ask('GET', `/api/conversations/${shared}`)).as(rest.conversationSummary)
  expect(summary).toMatchObject({ role: 'owner', memberCount: 1 })
  const { events } = (await ben.ask('GET', `/api/conversations/${shared}/events`)).as(rest.eventPage)
  expect(events).toContainEqual(said)
  expect(
    (await ben.ask('GET', '/api/friends')).as(rest.friendList).friends.map(({ id }) => id),
  ).not.toContain(gone.id)
  expect(
    (await stranger.ask('GET', '/api/friend-requests?status=PENDING')).as(rest.friendRequestList)
      .friendRequests,
  ).toEqual([])
  expect(
    (await ben.ask('POST', `/api/conversations/${direct.id}/events`, { type: 'message', text: 'hello?' }))
      .error.code,
  ).toBe('not_friends')
  const { rows } = await database.pool.query(
    `SELECT 'document' FROM documents WHERE name = $2 UNION ALL SELECT 'password' FROM credentials WHERE user_id = $1
     UNION ALL SELECT 'session' FROM sessions WHERE user_id = $1 UNION ALL SELECT 'conversation' FROM conversations WHERE id = $3 AND deleted_at IS NULL
     UNION ALL SELECT 'name' FROM users WHERE id = $1 AND (email IS NOT NULL OR username IS NOT NULL)`,
    [gone.id, accountDocument(gone.id), alone],
  )
  expect(rows).toEqual([])
  expect((await ben.ask('POST', '/api/friend-requests', { user: gone.id })).error.code).toBe('not_found')
  expect((await api.signUp('gone')).id).not.toBe(gone.id)
})

test('a deletion that is cut short leaves the account whole, to be tried again', async () => {
  const half = await api.signUp('half')
  const alone = await api.group(half)
  const handler = { handle: () => Promise.reject(new Unavailable('the database is away')) }
  const deps = { db: database.kysely, auth: api.auth, handler, now: Date.now }
  await expect(deleteAccount(deps, half.id)).rejects.toThrow(Unavailable)
  expect((await half.ask('GET', '/api/users/me')).as(rest.me).username).toBe('half')
  expect((await half.ask('DELETE', '/api/users/me')).status).toBe(204)
  expect(await leavableConversations(database.kysely, half.id)).not.toContain(alone)
})
