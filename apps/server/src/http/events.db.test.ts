import { gunzipSync } from 'node:zlib'
import { event, findChainFault, EMPTY_TIP, rest, WINDOW_STEP } from '@parley/protocol'
import { beforeAll, expect, test } from 'vitest'
import { createTestApi, nobody, type Person, type TestApi } from '../../../../test/kit/api.ts'
import { useDatabase } from '../../../../test/kit/database.ts'
import { eventsAfter } from '../queries/events.ts'

const database = useDatabase()
let api: TestApi
let ana: Person
let ben: Person

beforeAll(async () => {
  api = createTestApi(database)
  ana = await api.signUp('ana')
  ben = await api.signUp('ben')
})

const page = async (who: Person, id: string, query = '') =>
  (await who.ask('GET', `/api/conversations/${id}/events${query}`)).as(rest.eventPage.strict())
const seqs = ({ events }: rest.EventPage) => events.map(({ seq }) => seq)

/** A group of the two with a log of `length` events. */
async function logOfLength(length: number) {
  const id = await api.group(ana, ben)
  for (let { lastSeq } = await summary(id); lastSeq < length; lastSeq += 1)
    await api.say(ana, id, `event ${lastSeq + 1}`)
  return id
}
const summary = async (id: string) =>
  (await ana.ask('GET', `/api/conversations/${id}`)).as(rest.conversationSummary)

test('[L3] what was answered is in the log at once, as it was answered', async () => {
  const id = await api.group(ana, ben)
  const said = await ana.ask('POST', `/api/conversations/${id}/events`, {
    type: 'message',
    text: 'hello',
    mentions: [ben.id],
  })
  expect(said.status).toBe(201)
  expect((await page(ben, id)).events.at(-1)).toEqual(said.as(event))
})

test('[C1] a message sent twice under one key is said once and answered the same', async () => {
  const id = await api.group(ana, ben)
  const key = nobody()
  const send = (who: Person) =>
    who.ask(
      'POST',
      `/api/conversations/${id}/events`,
      { type: 'message', text: 'once' },
      { 'Idempotency-Key': key },
    )
  const [first, second, foreign] = [await send(ana), await send(ana), await send(ben)]
  expect([second.status, second.body]).toEqual([201, first.body])
  expect(first.as(event).id).toBe(key)
  expect([foreign.status, foreign.error.code]).toEqual([409, 'conflict'])
  expect((await page(ana, id)).events.filter((said) => said.type === 'message')).toHaveLength(1)
})

test('a reaction that is so already says nothing new', async () => {
  const id = await api.group(ana)
  const { id: to } = await api.say(ana, id, 'hello')
  const react = (on: boolean) =>
    ana.ask('POST', `/api/conversations/${id}/events`, { type: 'reaction', to, emoji: '👍', on })
  expect([(await react(true)).status, (await react(true)).status, (await react(false)).status]).toEqual([
    201, 204, 201,
  ])
})

test('a page is the latest events, those after a number, those before one, or those between, always ascending', async () => {
  const id = await logOfLength(12)
  expect(seqs(await page(ana, id, '?limit=3'))).toEqual([10, 11, 12])
  expect(seqs(await page(ana, id, '?after=4&limit=3'))).toEqual([5, 6, 7])
  expect(seqs(await page(ana, id, '?before=4&limit=2'))).toEqual([2, 3])
  expect(seqs(await page(ana, id, '?after=3&before=6'))).toEqual([4, 5])
  expect(seqs(await page(ana, id, '?after=12'))).toEqual([])
  expect(seqs(await page(ana, id, '?types=member'))).toEqual([2, 3])
  expect(seqs(await page(ana, id, '?types=member,meta&limit=2'))).toEqual([2, 3])
})

test('[L1][L7] following "next" in either direction walks the whole log without a gap, and its chain holds', async () => {
  const id = await logOfLength(12)
  const up: rest.EventPage['events'] = []
  for (let query = '?after=0&limit=5'; query !== '';) {
    const { events, next } = await page(ana, id, query)
    up.push(...events)
    query = next === undefined ? '' : `?after=0&limit=5&cursor=${next}`
  }
  const down: rest.EventPage['events'] = []
  for (let query = '?limit=5'; query !== '';) {
    const { events, next } = await page(ana, id, query)
    down.unshift(...events)
    query = next === undefined ? '' : `?limit=5&cursor=${next}`
  }
  expect(down).toEqual(up)
  expect(up).toHaveLength(12)
  expect(findChainFault(EMPTY_TIP, up)).toBeUndefined()
  expect(await eventsAfter(database.kysely, id, 4, 3)).toEqual(up.slice(4, 7))
})

test('the messages alone are a list of their own', async () => {
  const id = await logOfLength(6)
  const answer = await ana.ask('GET', `/api/conversations/${id}/messages?limit=2`)
  const { messages, next } = answer.as(rest.messagePage.strict())
  expect(messages.map(({ seq }) => seq)).toEqual([5, 6])
  const rest2 = (await ana.ask('GET', `/api/conversations/${id}/messages?limit=2&cursor=${next}`)).as(
    rest.messagePage,
  )
  expect([rest2.messages.map(({ seq }) => seq), rest2.next]).toEqual([[4], undefined])
})

test('full pages below the live window are for ever, and nothing else is', async () => {
  const id = await logOfLength(3)
  await database.pool.query(
    `INSERT INTO events SELECT $1, n, gen_random_uuid(), 'message', $2, 0, 'aaaaaaaaaaaaaaaaaaaaaa', '{"text": "", "writtenAt": 0}'
     FROM generate_series(4, $3::int) n`,
    [id, ana.id, 4 * WINDOW_STEP - 1],
  )
  const caching = async (lastSeq: number, query: string) => {
    await database.pool.query('UPDATE conversations SET last_seq = $2 WHERE id = $1', [id, lastSeq])
    return (await ana.ask('GET', `/api/conversations/${id}/events${query}`)).headers.get('Cache-Control')
  }
  const forEver = 'private, max-age=31536000, immutable'
  const [first, second] = ['?after=0&limit=128', '?after=128&limit=128']
  expect(await caching(2 * WINDOW_STEP - 1, first)).toBe('no-store')
  expect(await caching(2 * WINDOW_STEP, first)).toBe(forEver)
  expect(await caching(2 * WINDOW_STEP, second)).toBe('no-store')
  expect(await caching(3 * WINDOW_STEP, second)).toBe(forEver)
  for (const query of [
    '?after=1&limit=128',
    '?after=0&limit=127',
    '?after=0&limit=128&before=200',
    '?after=0&limit=128&types=message',
    '?limit=128',
  ]) {
    expect([query, await caching(3 * WINDOW_STEP, query)]).toEqual([query, 'no-store'])
  }
  expect((await ana.ask('GET', `/api/conversations/${id}/events${first}`)).headers.get('Vary')).toBe(
    'Cookie, Authorization, Accept-Encoding',
  )
})

test('[R1] a read position rises to the end of the log and never falls, and shows who has read an event', async () => {
  const id = await logOfLength(6)
  const last = (await page(ana, id)).events.at(-1)?.id
  const readers = async () =>
    (await ana.ask('GET', `/api/conversations/${id}/events/${last}/reads`)).as(rest.readerPage.strict()).reads
  const moved: unknown[] = []
  const stop = api.positions.onMoved((move) => moved.push(move))
  for (const seq of [5, 3, 1_000_000, 0]) {
    expect((await ben.ask('PUT', `/api/conversations/${id}/read`, { seq })).status).toBe(204)
    if (seq === 5) expect(await readers()).toEqual([])
  }
  stop()
  expect(await readers()).toEqual([{ user: ben.id, readSeq: 6 }])
  expect(moved).toEqual([5, 6].map((seq) => ({ user: ben.id, conversation: id, seq })))
  expect(await api.positions.of(id)).toEqual({ [ana.id]: expect.any(Number) as number, [ben.id]: 6 })
  expect(await api.positions.advance(nobody(), id, 3)).toBe(false)
  const elsewhere = await api.group(ana)
  expect((await ana.ask('GET', `/api/conversations/${elsewhere}/events/${last}/reads`)).error.code).toBe(
    'not_found',
  )
})

test('history and exports come compressed to whoever can read that, and are the same', async () => {
  const id = await logOfLength(40)
  for (const path of [`/api/conversations/${id}/events`, `/api/conversations/${id}/export`]) {
    const plain = await ana.ask('GET', path)
    const small = await ana.ask('GET', path, undefined, { 'Accept-Encoding': 'gzip' })
    expect([plain.headers.get('content-encoding'), small.headers.get('content-encoding')]).toEqual([
      null,
      'gzip',
    ])
    expect(small.headers.get('vary')).toContain('Accept-Encoding')
    expect(Buffer.from(gunzipSync(small.bytes))).toEqual(Buffer.from(plain.bytes))
    expect(small.bytes.length).toBeLessThan(plain.bytes.length / 2)
  }
})
