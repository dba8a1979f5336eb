import { CODES, type Code } from '@parley/protocol'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type Answer, createTestApi, ORIGIN, type Person, type TestApi } from '../../../../test/kit/api.ts'
import { useDatabase } from '../../../../test/kit/database.ts'
import { ENDPOINTS, type Endpoint, fill, makePlace, type Place } from '../../../../test/kit/endpoints.ts'

const database = useDatabase()
let api: TestApi
let owner: Person
let stranger: Person
let other: Person
let place: Place

beforeAll(async () => {
  api = createTestApi(database)
  ;({ owner, other, stranger, place } = await makePlace(api, 'table'))
})

const name = ({ method, path }: Endpoint) => `${method} ${path}`
const refused = (answer: Answer): [number, string] => [answer.status, answer.error.code]
const said = (code: Code): [number, string] => [CODES[code].status, code]
const withBody = ENDPOINTS.filter((endpoint) => endpoint.body !== undefined)
const openapi = z.object({
  openapi: z.string(),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
})

test('the table below is the whole API, as it describes itself', async () => {
  const { paths, openapi: version } = (await api.ask('GET', '/api/openapi.json')).as(openapi)
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
  expect(version).toBe('3.1.0')
  expect(described.toSorted()).toEqual(ENDPOINTS.map(name).toSorted())
})

describe.each(ENDPOINTS.filter((endpoint) => endpoint.isPublic === undefined))(
  '$method $path',
  (endpoint) => {
    const { method, body } = endpoint

    test('is for those who are logged in', async () => {
      expect(refused(await api.ask(method, fill(endpoint, place), body))).toEqual(said('unauthenticated'))
    })

    test('takes no credential that means nobody', async () => {
      for (const authorization of [
        'Bearer parley_nothing',
        'Bearer',
        'Basic dGFibGU6dGFibGU=',
        'Bearer a b',
      ]) {
        const answer = await api.ask(method, fill(endpoint, place), body, { Authorization: authorization })
        expect(refused(answer)).toEqual(said('unauthenticated'))
      }
      const cookies = [
        'parley_session=',
        'parley_session=nothing',
        'parley_session=%ff%',
        'parley_session="',
        '%=%; ;;=',
      ]
      for (const cookie of cookies) {
        const answer = await api.ask(method, fill(endpoint, place), body, { Cookie: cookie, Origin: ORIGIN })
        expect(refused(answer)).toEqual(said('unauthenticated'))
      }
    })
  },
)

describe.each(ENDPOINTS.filter(({ method }) => method !== 'GET'))('$method $path', (endpoint) => {
  test('is not for pages of other origins', async () => {
    const headers = { Origin: 'https://evil.example' }
    const answer = await owner.ask(endpoint.method, fill(endpoint, place), endpoint.body, headers)
    expect(refused(answer)).toEqual(said('forbidden'))
  })
})

describe.each(withBody)('$method $path', (endpoint) => {
  const { method, body = {}, optional = [] } = endpoint
  const send = (sent: unknown, headers?: Record<string, string>) =>
    owner.ask(method, fill(endpoint, place), sent, headers)

  test('says which field is missing', async () => {
    for (const field of Object.keys(body).filter((key) => !optional.includes(key))) {
      const { [field]: _left, ...rest } = body
      const answer = await send(rest)
      expect(refused(answer)).toEqual(said('invalid'))
      expect(answer.error.details).toContainEqual(expect.objectContaining({ path: field }))
    }
  })

  test('says which field is of the wrong kind, and does not repeat it', async () => {
    for (const field of Object.keys(body)) {
      for (const wrong of [{ secret: 'do not echo' }, [['do not echo']], 'do not echo\u0000', -1.5, null]) {
        const answer = await send({ ...body, [field]: wrong })
        expect([field, wrong, ...refused(answer)]).toEqual([field, wrong, ...said('invalid')])
        expect(JSON.stringify(answer.body)).not.toContain('do not echo')
      }
    }
  })

  test('takes no field that it does not know', async () => {
    expect(refused(await send({ ...body, unknown: 'do not echo' }))).toEqual(said('invalid'))
  })

  test('takes no body that is not an object in JSON', async () => {
    const isOptional = Object.keys(body).every((key) => optional.includes(key))
    const texts = [
      'null',
      '[]',
      '"text"',
      '{"',
      '{]',
      '\u0000',
      '{"a":'.repeat(50_000),
      ...(isOptional ? [] : ['']),
    ]
    for (const text of texts) {
      expect([text.slice(0, 20), ...refused(await send(text))]).toEqual([
        text.slice(0, 20),
        ...said('invalid'),
      ])
    }
  })

  test('takes JSON only', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/jsonp',
      '',
    ]) {
      expect(refused(await send(JSON.stringify(body), { 'Content-Type': type }))).toEqual(said('invalid'))
    }
  })

  test('takes no more than it has room for, whether the length is said or not', async () => {
    const large = JSON.stringify({ ...body, padding: 'x'.repeat(400_000) })
    expect(refused(await send(large))).toEqual(said('too_large'))
    expect(refused(await send(large, { 'Content-Length': String(large.length) }))).toEqual(said('too_large'))
  })
})

describe.each(ENDPOINTS.filter(({ path }) => path.startsWith('/api/conversations/{id}')))(
  '$method $path',
  (endpoint) => {
    const { method, body } = endpoint

    test('[S2] answers a stranger the same whether the conversation exists or not', async () => {
      const existing = await stranger.ask(method, fill(endpoint, place), body)
      const unknown = await stranger.ask(
        method,
        fill(endpoint, { ...place, conversation: fillUnknown() }),
        body,
      )
      expect(refused(existing)).toEqual(said('forbidden'))
      expect([existing.body, [...existing.headers]]).toEqual([unknown.body, [...unknown.headers]])
    })
  },
)

const fillUnknown = (): Place['conversation'] => crypto.randomUUID() as Place['conversation']

describe.each(ENDPOINTS.filter(({ path }) => /\{\w+\}/.test(path)))('$method $path', (endpoint) => {
  test('takes no id that is none', async () => {
    const bads = [
      'x',
      '1',
      '%00',
      `${crypto.randomUUID()}x`,
      crypto.randomUUID().toUpperCase(),
      '%F0%9F',
      "'--",
      '..%2f..',
    ]
    for (const bad of bads) {
      const path = endpoint.path.replaceAll(/\{\w+\}/g, bad)
      const answer = await owner.ask(endpoint.method, path, endpoint.body)
      expect([path, ...refused(answer)]).toEqual([path, ...said('invalid')])
    }
  })
})

test.each([
  ['PATCH', '/api/conversations/{id}', { title: 'Mine now' }],
  ['DELETE', '/api/conversations/{id}', undefined],
  ['POST', '/api/conversations/{id}/members', 'stranger'],
  ['PATCH', '/api/conversations/{id}/members/{user}', { role: 'owner' }],
])('a member who is no admin may not %s %s', async (method, path, body) => {
  const filled = fill({ method, path }, { ...place, other: other.id })
  const sent = body === 'stranger' ? { user: stranger.id } : body
  expect(refused(await other.ask(method, filled, sent))).toEqual(said('forbidden'))
})

test('what is not built, or not there, or not of that method, is said in our own words', async () => {
  for (const path of ['/api', '/api/', '/api/nothing', '/api/webhooks', '/api/uploads']) {
    expect([path, ...refused(await owner.ask('GET', path))]).toEqual([path, ...said('not_found')])
  }
  const wrongMethod = await owner.ask('PUT', '/api/conversations')
  expect(refused(wrongMethod)).toEqual(said('not_found'))
  expect(wrongMethod.headers.get('Allow')).toBe('GET, HEAD, POST')
  expect(refused(await owner.ask('POST', '/api/openapi.json'))).toEqual(said('not_found'))
})

test('every answer is for this person and this moment unless it says otherwise', async () => {
  expect((await owner.ask('GET', '/api/users/me')).headers.get('Cache-Control')).toBe('no-store')
  expect((await api.ask('GET', '/api/users/me')).headers.get('Cache-Control')).toBe('no-store')
})

test('the page for people shows every route and brings nothing from elsewhere', async () => {
  const page = String((await api.ask('GET', '/api/docs')).body)
  for (const { path } of ENDPOINTS) expect(page).toContain(path)
  // Nothing in the page itself runs, styles or is fetched: the security policy would forbid it.
  expect(page).not.toMatch(/<script>|<script [^>]*>[^<]|<style| style="| on[a-z]+="|url\(/)
  const links = [...page.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, link]) => String(link))
  const files = links.filter((link) => link.startsWith('/api/'))
  expect(files.toSorted()).toEqual(['/api/docs/script.js', '/api/docs/style.css', '/api/openapi.json'])
  for (const file of files) expect((await api.ask('GET', file)).status).toBe(200)
  // The app's own start page and icon.
  expect(links.filter((link) => !/^#|^\/api\/|^\/$|^\/icons\//.test(link))).toEqual([])
  const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => `#${id}`)
  const targets = new Set(ids)
  expect(ids.length).toBe(targets.size)
  expect(links.filter((link) => link.startsWith('#') && !targets.has(link))).toEqual([])
})
