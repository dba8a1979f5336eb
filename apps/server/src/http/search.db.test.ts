import {
  type ConversationId,
  findIn,
  type MessageEvent,
  newId,
  parseSearchQuery,
  rest,
  searchScore,
  wantsOf,
} from '@parley/protocol'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { createTestApi, type Person, type TestApi } from '../../../../test/kit/api.ts'
import { useDatabase } from '../../../../test/kit/database.ts'
import { Bus } from '../log/bus.ts'
import { createLogger } from '../logger.ts'
import { Indexer } from '../search/indexer.ts'

const database = useDatabase()
let api: TestApi
let indexer: Indexer
let ana: Person
let ben: Person
let eve: Person

beforeAll(async () => {
  api = createTestApi(database)
  // It is told of nothing: what is found was found by looking.
  const bus = new Bus((error) => {
    throw error
  })
  indexer = new Indexer({ db: database.kysely, bus, logger: createLogger('silent') })
  ana = await api.signUp('ana')
  ben = await api.signUp('ben')
  eve = await api.signUp('eve')
  return () => indexer.close()
})

type Filters = Record<string, string | number>
const path = (q: string, filters: Filters = {}) =>
  `/api/search?${new URLSearchParams({ q, ...Object.fromEntries(Object.entries(filters).map(([k, v]) => [k, String(v)])) })}`
async function find(who: Person, q: string, filters: Filters = {}) {
  await indexer.catchUp()
  return (await who.ask('GET', path(q, filters))).as(rest.searchResults)
}
const textsOf = ({ results }: { results: readonly rest.SearchResult[] }) =>
  results.map(({ message }) => message.text)
const texts = async (...asked: Parameters<typeof find>) => textsOf(await find(...asked))

/** All pages, of whatever size. */
async function findAll(who: Person, q: string, filters: Filters = {}): Promise<rest.SearchResult[]> {
  const first = await find(who, q, filters)
  const all = [...first.results]
  for (let { next } = first; next !== undefined;) {
    const page = (await who.ask('GET', path(q, { ...filters, cursor: next }))).as(rest.searchResults)
    all.push(...page.results)
    next = page.next
  }
  return all
}

describe('what was said is found', () => {
  let group: ConversationId
  const TEXTS = [
    'Lunch at noon with Ünal?',
    'Das Büro in der Straße ist geschlossen',
    '明日は会議室で会いましょう',
    '下午三点开会，请大家准时',
    '회의는 오후 세 시에 시작합니다',
    'ประชุมวันนี้ตอนบ่าย',
    'الاجتماع غدًا صباحًا',
    'shipped 🎉🚀 at last 👍🏽',
    'see https://example.org/a/b?c=d',
  ]
  beforeAll(async () => {
    group = await api.group(ana, ben)
    for (const text of TEXTS) await api.say(ana, group, text)
  })

  test.each([
    ['in another case and without accents', 'LUNCH unal', 'Lunch at noon with Ünal?'],
    ['while it is being typed', 'lun', 'Lunch at noon with Ünal?'],
    ['as a phrase', '"noon with"', 'Lunch at noon with Ünal?'],
    ['German', 'strasse buro', 'Das Büro in der Straße ist geschlossen'],
    ['Japanese, in the middle', '会議室', '明日は会議室で会いましょう'],
    ['Japanese, one sign', '室', '明日は会議室で会いましょう'],
    ['Chinese, in the middle', '开会', '下午三点开会，请大家准时'],
    ['Korean, without its ending', '회의', '회의는 오후 세 시에 시작합니다'],
    ['Thai, in the middle', 'วันนี้', 'ประชุมวันนี้ตอนบ่าย'],
    ['Arabic, without vowel points', 'غدا', 'الاجتماع غدًا صباحًا'],
    ['emoji', '🚀', 'shipped 🎉🚀 at last 👍🏽'],
    ['emoji of any colour', '👍', 'shipped 🎉🚀 at last 👍🏽'],
    ['parts of an address', 'example.org/a', 'see https://example.org/a/b?c=d'],
  ])('%s: %s', async (_, q, expected) => {
    expect(await texts(ben, q, { conversation: group })).toEqual([expected])
  })

  test('and where in it, in UTF-16 code units', async () => {
    const { results } = await find(ben, '🚀 👍', { conversation: group })
    const [{ message, highlights } = expect.fail()] = results
    expect(highlights.map(({ start, end }) => message.text.slice(start, end))).toEqual(['🚀', '👍🏽'])
  })

  test('with the conversation it was said in, as the event it is', async () => {
    const said = await api.say(ana, group, 'quite extraordinary')
    const { results } = await find(ben, 'extraordinary')
    expect(results).toEqual([{ conversation: group, message: said, highlights: [{ start: 6, end: 19 }] }])
  })
})

describe('[S2] nothing is found by those who are not in the conversation', () => {
  test('before they are added, after they have gone, and of conversations that are not theirs', async () => {
    const group = await api.group(ana, ben)
    await api.say(ana, group, 'the password is swordfish')
    expect(await texts(eve, 'swordfish')).toEqual([])

    await ana.ask('POST', `/api/conversations/${group}/members`, { user: eve.id })
    expect(await texts(eve, 'swordfish')).toEqual(['the password is swordfish'])

    await ana.ask('DELETE', `/api/conversations/${group}/members/${eve.id}`)
    expect(await texts(eve, 'swordfish')).toEqual([])
    expect(await texts(ben, 'swordfish')).toEqual(['the password is swordfish'])

    await ben.ask('DELETE', `/api/conversations/${group}/members/${ben.id}`)
    expect(await texts(ben, 'swordfish')).toEqual([])
  })

  test('and a cursor of better days is no way in', async () => {
    const group = await api.group(ana, eve)
    for (let n = 0; n < 5; n += 1) await api.say(ana, group, `halibut ${n}`)
    const { next = expect.fail() } = await find(eve, 'halibut', { limit: 2 })
    await ana.ask('DELETE', `/api/conversations/${group}/members/${eve.id}`)
    expect(await texts(eve, 'halibut', { cursor: next })).toEqual([])
  })

  test('and a conversation of others and none at all are refused alike', async () => {
    const group = await api.group(ana, ben)
    const answers = await Promise.all(
      [group, newId()].map((conversation) => eve.ask('GET', path('x', { conversation }))),
    )
    const [others, none] = answers.map(({ status, body }) => ({ status, body }))
    expect(others).toEqual(none)
    expect(others?.status).toBe(403)
  })

  test('and a channel that anybody may join is searched by those who have', async () => {
    const { id } = (await ana.ask('POST', '/api/conversations', { kind: 'channel', title: 'Sea' })).as(
      rest.conversationSummary,
    )
    await api.say(ana, id, 'barnacle')
    expect(await texts(eve, 'barnacle')).toEqual([])
    await eve.ask('POST', `/api/conversations/${id}/members`, { user: eve.id })
    expect(await texts(eve, 'barnacle')).toEqual(['barnacle'])
  })
})

test('what was said in a deleted conversation is found no more, and nothing of it is kept', async () => {
  const group = await api.group(ana, ben)
  await api.say(ana, group, 'ephemeral')
  expect(await texts(ben, 'ephemeral')).toEqual(['ephemeral'])
  await ana.ask('DELETE', `/api/conversations/${group}`)
  expect(await texts(ben, 'ephemeral')).toEqual([])
  for (const table of ['message_words', 'search_progress']) {
    const { rows } = await database.pool.query(`SELECT FROM ${table} WHERE conversation = $1`, [group])
    expect(rows).toEqual([])
  }
})

describe('a search is narrowed', () => {
  let crew: ConversationId
  let team: ConversationId
  let times: number[]
  beforeAll(async () => {
    crew = await api.group(ana, ben)
    await ana.ask('PATCH', `/api/conversations/${crew}`, { title: 'Crew of the Ünity' })
    team = await api.group(ana, ben)
    await ana.ask('PATCH', `/api/conversations/${team}`, { title: 'Team Berlin' })
    times = []
    for (const [who, where, text] of [
      [ana, crew, 'walrus one'],
      [ben, crew, 'walrus two'],
      [ben, team, 'walrus three, no cat'],
    ] as const) {
      times.push((await api.say(who, where, text)).at)
      api.advance(86_400_000)
    }
    await api.befriend(ana, ben)
    const direct = (await ana.ask('POST', '/api/conversations', { kind: 'direct', members: [ben.id] })).as(
      rest.conversationSummary,
    ).id
    times.push((await api.say(ana, direct, 'walrus four')).at)
    const id = newId()
    await database.pool.query(
      `INSERT INTO attachments (id, conversation, uploader, name, media_type, bytes, sha256, created_at)
       VALUES ($1, $2, $3, 'Tusk measurements.pdf', 'application/pdf', 1, '', 0)`,
      [id, team, ana.id],
    )
    await api.say(ana, team, 'walrus five', { attachments: [id] })
  })

  const day = (index: number) => new Date(times[index] ?? 0).toISOString().slice(0, 10)
  test.each<[string, () => string, () => Filters, string[]]>([
    ['by nothing', () => 'walrus', () => ({}), ['five', 'four', 'three, no cat', 'two', 'one']],
    ['to an author', () => 'walrus from:@ben', () => ({}), ['three, no cat', 'two']],
    ['to an author by id', () => 'walrus', () => ({ author: ben.id }), ['three, no cat', 'two']],
    [
      'to either of two authors',
      () => 'walrus from:ana from:BEN',
      () => ({}),
      ['five', 'four', 'three, no cat', 'two', 'one'],
    ],
    ['to nobody, by two authors at once', () => 'walrus from:@ana', () => ({ author: ben.id }), []],
    ['to nobody, by an author who does not exist', () => 'walrus from:@nobody.here', () => ({}), []],
    [
      'to a conversation by the beginning of its title',
      () => 'walrus in:"crew of the unity"',
      () => ({}),
      ['two', 'one'],
    ],
    ['to a conversation by id', () => 'walrus', () => ({ conversation: crew }), ['two', 'one']],
    [
      'to either of two conversations',
      () => 'walrus in:crew in:team',
      () => ({}),
      ['five', 'three, no cat', 'two', 'one'],
    ],
    ['to what was said with somebody alone', () => 'walrus in:@ben', () => ({}), ['four']],
    ['to a conversation that does not exist', () => 'walrus in:nowhere', () => ({}), []],
    ['to what lacks a word', () => 'walrus -cat', () => ({ conversation: team }), ['five']],
    ['to messages with files', () => 'walrus has:file', () => ({}), ['five']],
    ['to the name of a file', () => 'tusk', () => ({}), ['five']],
    ['to earlier than a time', () => 'walrus', () => ({ before: times[2] ?? 0 }), ['two', 'one']],
    [
      'to a time and later',
      () => 'walrus',
      () => ({ after: times[2] ?? 0 }),
      ['five', 'four', 'three, no cat'],
    ],
    ['to a time of no length', () => 'walrus', () => ({ after: times[2] ?? 0, before: times[2] ?? 0 }), []],
    ['to days', () => `walrus after:${day(1)} before:${day(2)}`, () => ({}), ['two']],
    ['to filters alone', () => `from:@ben after:${day(1)}`, () => ({}), ['three, no cat', 'two']],
    ['to files alone', () => 'has:file in:team', () => ({}), ['five']],
  ])('%s', async (_, q, filters, expected) => {
    expect(await texts(ana, q(), filters())).toEqual(expected.map((rest) => `walrus ${rest}`))
  })
})

test('the order is that of time, where whole words and words in order count as a month each', async () => {
  const group = await api.group(ana, ben)
  for (const [text, days] of [
    ['old gold', 20],
    ['gold, not so old', 5],
    ['goldfish grow old', 40],
    ['an old goldfish', 0],
  ] as const) {
    await api.say(ana, group, text)
    api.advance(days * 86_400_000)
  }
  expect(await texts(ben, 'old gold', { conversation: group })).toEqual([
    'an old goldfish',
    'old gold',
    'gold, not so old',
    'goldfish grow old',
  ])
})

test('the search agrees with looking through every message, page by page', async () => {
  const said: { conversation: ConversationId; message: MessageEvent }[] = []
  const people = [ana, ben, eve]
  const words = ['sun', 'sunny', 'moon', 'star', '星', '月', '星座', '🌙', ',']
  const groups = [await api.group(ana, ben), await api.group(ben, ana, eve), await api.group(eve, ana)]
  const sentence = fc
    .array(fc.constantFrom(...words), { minLength: 1, maxLength: 5 })
    .map((parts) => parts.join(' '))
  const talk = fc.array(fc.tuple(fc.nat(2), sentence), { minLength: 120, maxLength: 120 })
  const [lines = []] = fc.sample(talk, { numRuns: 1, seed: 5 })
  for (const [index, [place, text]] of lines.entries()) {
    const conversation = groups[place] ?? expect.fail()
    const author = place === 0 ? ana : place === 1 ? (people[index % 3] ?? ana) : eve
    said.push({ conversation, message: await api.say(author, conversation, text) })
    api.advance(index * 3_600_000)
  }
  const readable = new Map([
    [ana, groups],
    [ben, groups.slice(0, 2)],
    [eve, groups.slice(1)],
  ])
  const asked = fc.record({
    who: fc.constantFrom(...people),
    q: fc
      .array(
        fc.oneof(
          fc.constantFrom(...words, 'su', 'sta'),
          sentence.map((text) => `"${text}"`),
          fc.constantFrom('-moon', '-星', 'from:@ana'),
        ),
        { minLength: 1, maxLength: 3 },
      )
      .map((parts) => parts.join(' ')),
    limit: fc.integer({ min: 1, max: 50 }),
  })
  let found = 0
  await fc.assert(
    fc.asyncProperty(asked, async ({ who, q, limit }) => {
      const query = parseSearchQuery(q)
      const wants = wantsOf(query)
      const expected = said
        .filter(({ conversation }) => readable.get(who)?.includes(conversation))
        .filter(({ message }) => query.from.length === 0 || message.author === ana.id)
        .flatMap((it) => {
          const match = findIn(it.message, wants)
          return match === undefined
            ? []
            : [{ ...it, highlights: match.highlights, score: searchScore(it.message.at, match.fit) }]
        })
        .toSorted((a, b) => b.score - a.score)
        .map(({ score: _score, ...result }) => result)
      const isEmpty = wants.present.length + wants.absent.length + query.from.length === 0
      const results = await findAll(who, q, { limit, after: said[0]?.message.at ?? 0 })
      expect(results).toEqual(isEmpty ? [] : expected)
      found += results.length
    }),
    { numRuns: 60 },
  )
  expect(found).toBeGreaterThan(200)
})

describe('of very many matches', () => {
  let group: ConversationId
  const COUNT = 450
  beforeAll(async () => {
    group = await api.group(ana, ben)
    // The worst are the newest: only among 200 does the better one come first.
    for (let n = 0; n < COUNT; n += 1) await api.say(ana, group, n % 10 === 0 ? `flood ${n}` : `floods ${n}`)
  })
  const numbers = (results: readonly rest.SearchResult[]) =>
    results.map(({ message }) => Number(message.text.split(' ')[1]))

  test('the newest 200 come first, the best of them before the others; then the next', async () => {
    const all = numbers(await findAll(ben, 'flood', { conversation: group, limit: 50 }))
    const window = (from: number, to: number) => {
      const those = Array.from({ length: to - from }, (_, n) => to - 1 - n)
      return [...those.filter((n) => n % 10 === 0), ...those.filter((n) => n % 10 !== 0)]
    }
    expect(all).toEqual([...window(250, 450), ...window(50, 250), ...window(0, 50)])
  })

  test('each comes once, however many more are said between two pages', async () => {
    const first = await find(ben, 'flood', { conversation: group, limit: 50 })
    const seen = numbers(first.results)
    for (let { next } = first; next !== undefined;) {
      await api.say(ana, group, 'flood 1000')
      await indexer.catchUp()
      const answer = await ben.ask('GET', path('flood', { conversation: group, limit: 50, cursor: next }))
      const page = answer.as(rest.searchResults)
      seen.push(...numbers(page.results))
      next = page.next
    }
    expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: COUNT }, (_, n) => n))
  })

  test('and of a log of several thousand events the words of its beginning are found, too', async () => {
    const long = await api.group(ana, ben)
    await api.say(ana, long, 'pomegranate at the beginning')
    // As the log would be after 3,000 more messages, and quicker.
    await database.pool.query(
      `WITH tip AS (UPDATE conversations SET last_seq = last_seq + 3000 WHERE id = $1 RETURNING last_seq, last_at)
       INSERT INTO events (conversation, seq, id, type, author, at, hash, payload)
       SELECT $1, last_seq - 3000 + n, gen_random_uuid(), 'message', $2, last_at, repeat('a', 22), jsonb_build_object('text', 'pomelo ' || n, 'writtenAt', 0)
       FROM tip, generate_series(1, 3000) n`,
      [long, ana.id],
    )
    expect(await texts(ben, 'pomegranate')).toEqual(['pomegranate at the beginning'])
    expect(await findAll(ben, 'pomelo 1777', { conversation: long })).toMatchObject([
      { message: { text: 'pomelo 1777' } },
    ])
    expect(await texts(ben, 'pomelo', { conversation: long, limit: 2 })).toEqual([
      'pomelo 3000',
      'pomelo 2999',
    ])
  })
})

describe('whoever means no good', () => {
  const LONG = 'a '.repeat(10_000)
  test.each([
    ['ten thousand words', LONG],
    ['nothing', ''],
    ['a zero', 'a\u0000b'],
  ])('is told what is wrong with %s', async (_, q) => {
    const answer = await ana.ask('GET', path(q))
    expect([answer.status, answer.error.code]).toEqual([400, 'invalid'])
  })

  test.each([
    ['signs alone', '!!! ??? --- ""'],
    ['half a sign', '%ED%A0%80'],
    ['as many short words as there may be', 'ab '.repeat(166)],
    ['as many exclusions', '-ab '.repeat(125)],
    ['as many beginnings as possible', 'the -the '.repeat(50)],
    ['as many filters', 'from:@abc '.repeat(49)],
    ['as many conversations', 'in:a '.repeat(99)],
    ['quotes without an end', '"'.repeat(499)],
    ['a sign again and again', '会'.repeat(500)],
    ['what is a trap to regular expressions', `${'(a+)+$'.repeat(60)}aaaaaaaaaaaaaaaaaaaa!`],
    ['what is another to queries', `'); DROP TABLE events; -- <-> & | ! :* \\ ' '' ''' \\'`],
    ['an endless emoji', '👩‍'.repeat(160)],
    ['what the pattern of SQL is made of', '%_\\% _%'],
  ])('gets an answer, and not trouble, for %s', async (_, q) => {
    const encoded = q.startsWith('%ED') ? `/api/search?q=${q}` : path(q.slice(0, 500))
    const answer = await ana.ask('GET', encoded)
    expect(answer.status).toBe(200)
  })

  test.each([
    '',
    'x',
    'W10',
    'e30',
    Buffer.from('{"below":[1,2,3]}').toString('base64url'),
    Buffer.from('{"last":null}').toString('base64url'),
  ])('is refused or answered with a cursor made up: %j', async (cursor) => {
    expect([200, 400]).toContain((await ana.ask('GET', path('walrus', { cursor }))).status)
  })
})

test('a search that the database does not get done ends, and may be tried again', async () => {
  const busy = await database.pool.connect()
  try {
    await busy.query('BEGIN; LOCK message_words')
    const answer = await ana.ask('GET', path('walrus'))
    expect([answer.status, answer.error.code]).toEqual([503, 'unavailable'])
    expect(answer.headers.get('Retry-After')).not.toBeNull()
  } finally {
    await busy.query('ROLLBACK')
    busy.release()
  }
  expect((await ana.ask('GET', path('walrus'))).status).toBe(200)
})

describe('the index', () => {
  const count = async (conversation: ConversationId) => {
    const { rows } = await database.pool.query<{ n: number }>(
      'SELECT count(*) AS n FROM message_words WHERE conversation = $1',
      [conversation],
    )
    return rows[0]?.n
  }

  test('[N1] holds each message once when nodes fill it at the same time', async () => {
    const groups = await Promise.all(Array.from({ length: 4 }, () => api.group(ana, ben)))
    for (let n = 0; n < 40; n += 1) await api.say(ana, groups[n % 4] ?? expect.fail(), `gannet ${n}`)
    const others = Array.from(
      { length: 3 },
      () =>
        new Indexer({ db: database.kysely, bus: new Bus(() => undefined), logger: createLogger('silent') }),
    )
    await Promise.all([indexer, ...others].map((each) => each.catchUp()))
    await Promise.all(others.map((each) => each.close()))
    for (const group of groups) expect(await count(group)).toBe(10)
  })

  test('[N1] commits words and progress together: what could not be stored is stored later', async () => {
    const group = await api.group(ana, ben)
    await api.say(ana, group, 'heron')
    await database.pool
      .query(`CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;
      CREATE TRIGGER fail BEFORE UPDATE ON search_progress FOR EACH ROW EXECUTE FUNCTION fail()`)
    await expect(indexer.catchUp()).rejects.toThrow('no')
    await database.pool.query('DROP TRIGGER fail ON search_progress')
    expect(await count(group)).toBe(0)
    expect(await texts(ben, 'heron')).toEqual(['heron'])
    expect(await count(group)).toBe(1)
  })

  test('can be thrown away and made again', async () => {
    const before = await findAll(ana, 'walrus')
    expect(before).not.toEqual([])
    await database.pool.query('TRUNCATE message_words; UPDATE search_progress SET seq = 0')
    expect(await findAll(ana, 'walrus')).toEqual(before)
  })

  test('gets no words of a conversation that was deleted while it was filled', async () => {
    const group = await api.group(ana, ben)
    await api.say(ana, group, 'dodo')
    const indexing = await database.pool.connect()
    await indexing.query('BEGIN')
    await indexing.query('SELECT FROM search_progress WHERE conversation = $1 FOR UPDATE', [group])
    const deleted = ana.ask('DELETE', `/api/conversations/${group}`)
    await indexing.query(`INSERT INTO message_words VALUES ($1, 1, 1, '''=dodo''')`, [group])
    await indexing.query('COMMIT')
    indexing.release()
    expect((await deleted).status).toBe(204)
    await indexer.catchUp()
    expect(await count(group)).toBe(0)
  })

  test('is filled by itself when something is said', async () => {
    const bus = new Bus((error) => {
      throw error
    })
    const listening = new Indexer({ db: database.kysely, bus, logger: createLogger('silent') })
    await listening.catchUp()
    const group = await api.group(ana, ben)
    const event = await api.say(ana, group, 'kittiwake')
    bus.publish({
      conversation: group,
      events: [event],
      notified: [],
      before: undefined,
      after: undefined,
      isOurs: true,
    })
    await expect.poll(() => count(group), { timeout: 20_000 }).toBe(1)
    await listening.close()
  })
})
