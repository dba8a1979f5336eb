import { CODES, type Code, rest } from '@parley/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Answer, createTestApi } from '../../../../test/kit/api.ts'
import { useDatabase } from '../../../../test/kit/database.ts'
import { ENDPOINTS, fill, makePlace } from '../../../../test/kit/endpoints.ts'
import { wild, wildText } from '../../../../test/kit/wild.ts'

const database = useDatabase()

/** An answer is a success, or a refusal with a code and that code's status; never a failure of the server. */
function expectOrderly(answer: Answer): void {
  if (answer.status < 400) return
  const { code } = rest.errorAnswer.parse(answer.body).error
  // Where tus or HTTP itself says what to answer: another version, a range that is not there.
  const own = [412, 416].includes(answer.status) && code === 'invalid'
  if (!own) expect([answer.status, code]).toEqual([CODES[code as Code].status, code])
  expect(answer.status).toBeLessThan(500)
}

/** A body that is almost right, with one field replaced, or anything at all. */
const bodyFor = (body: Readonly<Record<string, unknown>>) =>
  fc.oneof(
    wild,
    fc.tuple(fc.constantFrom(...Object.keys(body)), wild).map(([key, value]) => ({ ...body, [key]: value })),
    fc
      .tuple(
        fc.constantFrom(
          ...Object.keys(rest.updateUser.shape),
          ...Object.keys(rest.updateConversation.shape),
          'id',
          'members',
          'mentions',
          'replyTo',
          'emoji',
          'to',
          'on',
        ),
        wild,
      )
      .map(([key, value]) => ({ ...body, [key]: value })),
  )

const NAMES = ['after', 'before', 'limit', 'types', 'cursor', 'q', 'ids', 'email', 'direction', 'status', 'x']
const queryString = fc
  .array(
    fc.tuple(
      fc.constantFrom(...NAMES),
      fc.oneof(
        wildText,
        fc.nat().map(String),
        fc.constantFrom('message', 'a@b.example', 'PENDING', 'incoming', '999999999999999', '0'),
        fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value)).toString('base64url')),
      ),
    ),
    { maxLength: 4 },
  )
  .map((pairs) => new URLSearchParams(pairs.map(([key, value]) => [key, value.toWellFormed()])).toString())

const header = fc.string({ unit: 'grapheme-ascii', maxLength: 40 })
const headers = fc.record(
  {
    'Idempotency-Key': header,
    'User-Agent': header,
    Accept: header,
    Range: fc.oneof(
      header,
      fc.tuple(fc.integer(), fc.integer()).map(([from, to]) => `bytes=${from}-${to}`),
    ),
    'If-None-Match': header,
    'Tus-Resumable': fc.oneof(header, fc.constant('1.0.0')),
    'Upload-Length': fc.oneof(header, fc.integer().map(String)),
    'Upload-Offset': fc.oneof(header, fc.integer().map(String)),
    'Upload-Defer-Length': fc.oneof(header, fc.constant('1')),
    'Upload-Metadata': fc.oneof(
      header,
      fc.base64String().map((text) => `conversation ${text}`),
    ),
  },
  { requiredKeys: [] },
)

test(
  'whatever is sent to whatever route, the server answers and does not fail',
  { timeout: 120_000 },
  async () => {
    const api = createTestApi(database)
    const { owner, other, place } = await makePlace(api, 'fuzz')
    const endpoints = ENDPOINTS.filter(
      ({ method, path }) => !(method === 'DELETE' && /\/me$|current$/.test(path)),
    )
    const request = fc.constantFrom(...endpoints).chain((endpoint) =>
      fc.record({
        endpoint: fc.constant(endpoint),
        body: endpoint.body === undefined ? fc.constant(undefined) : bodyFor(endpoint.body),
        query: queryString,
        headers,
        who: fc.constantFrom(owner, other),
      }),
    )
    const statuses = new Set<number>()
    await fc.assert(
      fc.asyncProperty(request, async ({ endpoint, body, query, headers: sent, who }) => {
        const answer = await who.ask(endpoint.method, `${fill(endpoint, place)}?${query}`, body, sent)
        statuses.add(answer.status)
        expectOrderly(answer)
      }),
      { numRuns: 500 },
    )
    // The property is worth something only if some of it was let in and some was not.
    expect([...statuses].some((status) => status < 300)).toBe(true)
    expect(statuses).toContain(400)
  },
)

test(
  'whatever stands in a path, a cookie or an authorization, the server answers and does not fail',
  { timeout: 60_000 },
  async () => {
    const api = createTestApi(database)
    const { owner } = await makePlace(api, 'paths')
    const ascii = fc.string({ unit: 'grapheme-ascii', maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...ENDPOINTS),
        fc.webPath(),
        ascii,
        ascii,
        async (endpoint, part, cookie, bearer) => {
          const path = endpoint.path.replaceAll(/\{\w+\}/g, encodeURI(part.slice(1)) || 'x')
          if (endpoint.method !== 'DELETE') expectOrderly(await owner.ask(endpoint.method, path))
          expectOrderly(
            await api.ask(endpoint.method, path, undefined, { Cookie: `parley_session=${cookie}` }),
          )
          expectOrderly(
            await api.ask(endpoint.method, path, undefined, { Authorization: `Bearer ${bearer}` }),
          )
        },
      ),
      { numRuns: 200 },
    )
  },
)
