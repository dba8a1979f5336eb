import { directConversationId, event, rest } from '@parley/protocol'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { createTestApi, nobody, type Person, type TestApi } from '../../../../test/kit/api.ts'
import { useDatabase } from '../../../../test/kit/database.ts'

const database = useDatabase()
let api: TestApi
let ana: Person
let ben: Person
let cem: Person

beforeAll(async () => {
  api = createTestApi(database)
  ana = await api.signUp('ana')
  ben = await api.signUp('ben')
  cem = await api.signUp('cem')
})

const summaryOf = async (who: Person, id: string) =>
  (await who.ask('GET', `/api/conversations/${id}`)).as(rest.conversationSummary.strict())
const listOf = async (who: Person, query = '') =>
  (await who.ask('GET', `/api/conversations${query}`)).as(rest.conversationList.strict())

test('a created conversation is there for its members, as owner and member, and for nobody else', async () => {
  const created = await ana.ask('POST', '/api/conversations', {
    kind: 'group',
    title: 'Crew',
    topic: 'Ships',
    members: [ben.id],
  })
  expect(created.status).toBe(201)
  const { id } = created.as(rest.conversationSummary)
  expect(created.body).toEqual(await summaryOf(ana, id))
  expect(await summaryOf(ana, id)).toMatchObject({
    kind: 'group',
    title: 'Crew',
    topic: 'Ships',
    role: 'owner',
    memberCount: 2,
    lastSeq: 3,
  })
  expect((await summaryOf(ben, id)).role).toBe('member')
  expect((await listOf(ben)).conversations).toContainEqual(await summaryOf(ben, id))
  expect((await listOf(cem)).conversations.map((conversation) => conversation.id)).not.toContain(id)
})

test('[C1] a conversation created twice under one key is one, also when the request names no id', async () => {
  const key = nobody()
  const create = () =>
    ana.ask('POST', '/api/conversations', { kind: 'group', title: 'Once' }, { 'Idempotency-Key': key })
  const [first, second] = [await create(), await create()]
  expect([first.status, second.status]).toEqual([201, 201])
  expect(second.body).toEqual(first.body)
  expect((await listOf(ana)).conversations.filter(({ title }) => title === 'Once')).toHaveLength(1)
})

test('two friends have one direct conversation, whoever asks for it and however often', async () => {
  const [one, other] = [await api.signUp('direct-one'), await api.signUp('direct-other')]
  const ask = (who: Person, whom: Person) =>
    who.ask('POST', '/api/conversations', { kind: 'direct', members: [whom.id] })
  expect((await ask(one, other)).error.code).toBe('not_friends')
  await api.befriend(one, other)
  const created = await ask(one, other)
  expect([created.status, created.as(rest.conversationSummary).id]).toEqual([
    201,
    directConversationId(one.id, other.id),
  ])
  const again = await ask(other, one)
  expect([201, 200]).toContain(again.status)
  expect(again.as(rest.conversationSummary).id).toBe(directConversationId(one.id, other.id))
  expect((await listOf(one)).conversations).toHaveLength(1)
  expect((await ask(one, one)).error.code).toBe('invalid')
})

test('the list has the newest activity first and goes on page by page', async () => {
  const dan = await api.signUp('pager')
  const ids = []
  for (let n = 0; n < 5; n += 1) {
    ids.unshift(await api.group(dan))
    api.advance(10)
  }
  const last = ids[4] ?? nobody()
  await api.say(dan, last, 'the oldest is the newest now')
  const expected = [last, ...ids.slice(0, 4)]
  const walked = []
  for (let query = '?limit=2'; query !== '';) {
    const { conversations, next } = await listOf(dan, query)
    expect(conversations.length).toBeLessThanOrEqual(2)
    walked.push(...conversations.map(({ id }) => id))
    query = next === undefined ? '' : `?limit=2&cursor=${next}`
  }
  expect(walked).toEqual(expected)
})

test(
  '[R2] unread and mentions are what the log and the read position say, whatever was said and read',
  { timeout: 60_000 },
  async () => {
    const people = [ana, ben, cem]
    const step = fc.oneof(
      fc.record({
        do: fc.constant('say' as const),
        who: fc.nat(2),
        mention: fc.constantFrom([], ['everyone'], [0], [1], [1, 2]),
      }),
      fc.record({ do: fc.constant('read' as const), who: fc.nat(2), back: fc.nat(6) }),
      fc.record({ do: fc.constant('react' as const), who: fc.nat(2) }),
    )
    const idOf = (mention: number | string) => (typeof mention === 'string' ? mention : people[mention]?.id)
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
        const id = await api.group(ana, ben, cem)
        // Whoever comes in has nothing to catch up on.
        const model = { log: [...(await logOf(ana, id))], read: [2, 3, 4] }
        for (const action of steps) {
          const who = people[action.who] ?? ana
          if (action.do === 'say') {
            const mentions = action.mention.map(idOf)
            model.log.push(await api.say(who, id, 'hello', mentions.length > 0 ? { mentions } : {}))
          } else if (action.do === 'react') {
            const to = model.log.findLast(({ type }) => type === 'message')
            if (to === undefined) continue
            const answer = await who.ask('POST', `/api/conversations/${id}/events`, {
              type: 'reaction',
              to: to.id,
              emoji: '👍',
              on: true,
            })
            if (answer.status === 201) model.log.push(answer.as(event))
          } else {
            const seq = Math.max(0, model.log.length - action.back)
            expect((await who.ask('PUT', `/api/conversations/${id}/read`, { seq })).status).toBe(204)
            model.read[action.who] = Math.max(model.read[action.who] ?? 0, seq)
          }
        }
        for (const [index, who] of people.entries()) {
          const readSeq = model.read[index] ?? 0
          const unread = model.log.filter(
            (said) => said.seq > readSeq && said.type === 'message' && said.author !== who.id,
          )
          const mentions = unread.filter(
            (said) => said.type === 'message' && said.mentions?.some((m) => m === who.id || m === 'everyone'),
          )
          const expected = {
            readSeq,
            unread: unread.length,
            mentions: mentions.length,
            lastEvent: model.log.at(-1),
            lastSeq: model.log.length,
          }
          expect(await summaryOf(who, id)).toMatchObject(expected)
        }
      }),
      { numRuns: 25 },
    )
  },
)

const logOf = async (who: Person, id: string) =>
  (await who.ask('GET', `/api/conversations/${id}/events?limit=1000`)).as(rest.eventPage).events

test('counting stops at a thousand', async () => {
  const id = await api.group(ana, ben)
  await database.pool.query(
    `INSERT INTO events SELECT $1, 100 + n, gen_random_uuid(), 'message', $2, 0, '', '{"text": "", "mentions": ["everyone"]}'
     FROM generate_series(1, 1500) n`,
    [id, ana.id],
  )
  expect(await summaryOf(ben, id)).toMatchObject({ unread: rest.COUNT_LIMIT, mentions: rest.COUNT_LIMIT })
  await database.pool.query(`UPDATE participants SET read_seq = 1595 WHERE conversation = $1`, [id])
  expect(await summaryOf(ben, id)).toMatchObject({ unread: 5, mentions: 5 })
})

test('renaming, archiving and deleting go through the log, and a deleted one is as if it had never been', async () => {
  const id = await api.group(ana, ben)
  const renamed = await ana.ask('PATCH', `/api/conversations/${id}`, { title: 'New', archived: true })
  expect(renamed.as(rest.conversationSummary)).toMatchObject({ title: 'New', archived: true })
  expect(
    (await api.as(ben.cookie)('POST', `/api/conversations/${id}/events`, { type: 'message', text: 'x' }))
      .error.code,
  ).toBe('archived')
  expect((await ana.ask('DELETE', `/api/conversations/${id}`)).status).toBe(204)
  const [gone, unknown] = [
    await ben.ask('GET', `/api/conversations/${id}`),
    await ben.ask('GET', `/api/conversations/${nobody()}`),
  ]
  expect([gone.status, gone.body]).toEqual([403, unknown.body])
})

test('members are invited, promoted, listed page by page, and leave', async () => {
  const id = await api.group(ana, ben)
  const members = `/api/conversations/${id}/members`
  expect((await ana.ask('POST', members, { user: cem.id })).as(rest.member.strict())).toMatchObject({
    user: cem.id,
    role: 'member',
    username: 'cem',
  })
  expect((await ana.ask('PATCH', `${members}/${ben.id}`, { role: 'admin' })).as(rest.member).role).toBe(
    'admin',
  )
  const first = (await cem.ask('GET', `${members}?limit=2`)).as(rest.memberList.strict())
  const second = (await cem.ask('GET', `${members}?limit=2&cursor=${first.next}`)).as(
    rest.memberList.strict(),
  )
  expect([...first.members, ...second.members].map(({ user }) => user)).toEqual(
    [ana.id, ben.id, cem.id].toSorted(),
  )
  expect(second.next).toBeUndefined()
  expect((await cem.ask('DELETE', `${members}/${cem.id}`)).status).toBe(204)
  expect((await cem.ask('GET', members)).error.code).toBe('forbidden')
  expect((await ben.ask('DELETE', `${members}/${ana.id}`)).error.code).toBe('forbidden')
})

test('[S2] a channel is found by the start of its title, and shows strangers its name and topic only', async () => {
  const create = { kind: 'channel', title: 'Über 100% Fun_', topic: 'all of it' }
  const { id } = (await ana.ask('POST', '/api/conversations', create)).as(rest.conversationSummary)
  await api.group(ana)
  const find = async (who: Person, q: string) =>
    (await who.ask('GET', `/api/channels?q=${encodeURIComponent(q)}`)).as(rest.channelList.strict()).channels
  const listed = { id, title: create.title, topic: create.topic, memberCount: 1 }
  expect(await find(cem, 'Über 100%')).toEqual([{ ...listed, isMember: false }])
  expect(await find(ana, '')).toEqual([{ ...listed, isMember: true }])
  expect([await find(cem, 'x'), await find(cem, 'Über 1__'), await find(cem, '%')]).toEqual([[], [], []])
  expect((await cem.ask('GET', `/api/conversations/${id}`)).error.code).toBe('forbidden')
  expect((await cem.ask('POST', `/api/conversations/${id}/members`, { user: cem.id })).status).toBe(201)
  expect((await summaryOf(cem, id)).members).toEqual([])
})
