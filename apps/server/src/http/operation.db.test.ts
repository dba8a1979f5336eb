import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { DEFAULT_LIMITS, rest } from '@parley/protocol'
import { hc } from 'hono/client'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApi, type TestApi } from '../../../../test/kit/api.ts'
import { createTestAttachments } from '../../../../test/kit/attachments.ts'
import { useDatabase } from '../../../../test/kit/database.ts'
import { createAuth } from '../auth/auth.ts'
import { openDatabase } from '../db/database.ts'
import { createRates } from '../limits/rates.ts'
import { createLogger } from '../logger.ts'
import { waitingOnly } from '../../../../test/kit/notifications.ts'
import { createPositions } from '../reading/positions.ts'
import { type Api, createApi } from './api.ts'

const database = useDatabase()
const logger = createLogger('silent')
let api: TestApi
let server: Server
let url: string
const away = openDatabase({ url: 'postgres://127.0.0.1:1/nowhere', logger })

const over = (db: typeof database.kysely, auth = createAuth({ db, secureCookies: false, now: Date.now })) =>
  createApi({
    db,
    auth,
    handler: { handle: () => Promise.reject(new Error('nothing is said here')) },
    positions: createPositions(db, waitingOnly(db)),
    notifications: waitingOnly(db),
    announce: (_user, _what, change) => change(),
    attachments: createTestAttachments({ db: database }),
    push: { key: async () => '', subscribe: async () => undefined, unsubscribe: async () => undefined },
    limits: DEFAULT_LIMITS,
    rates: createRates({ limits: DEFAULT_LIMITS, now: Date.now }),
    trustProxy: 0,
    signUp: 'open',
    publicUrl: undefined,
    now: Date.now,
    logger,
    registry: new Registry(),
  })

beforeAll(async () => {
  api = createTestApi(database)
  const listener = getRequestListener(over(database.kysely, api.auth).fetch)
  server = createServer((incoming, outgoing) => void listener(incoming, outgoing))
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await away.close()
})

test('a server with its database lives and is ready; without it lives and is not ready', async () => {
  const without = over(away.kysely)
  expect([(await fetch(`${url}/healthz`)).status, (await fetch(`${url}/readyz`)).status]).toEqual([200, 200])
  expect((await without.request('/healthz')).status).toBe(200)
  const unready = await without.request('/readyz')
  expect([unready.status, unready.headers.get('Retry-After')]).toEqual([503, '1'])
})

test('[C4] without its database the server asks to be tried again, and blames nobody', async () => {
  const without = over(away.kysely)
  for (const [path, init] of [
    ['/api/users/me', { headers: { Authorization: 'Bearer x' } }],
    [
      '/api/sessions',
      {
        method: 'POST',
        body: '{"login":"x","password":"y"}',
        headers: { 'Content-Type': 'application/json' },
      },
    ],
  ] as const) {
    const answer = await without.request(path, init)
    expect([answer.status, answer.headers.get('Retry-After')]).toEqual([503, '1'])
    expect(rest.errorAnswer.parse(await answer.json()).error.code).toBe('unavailable')
  }
})

test('a mistake of the server is one, and shows nothing of its inside', async () => {
  const ana = await api.signUp('mistake')
  const { token } = (await ana.ask('POST', '/api/tokens', { name: 'bot' })).as(rest.createdToken)
  const answer = await fetch(`${url}/api/friend-requests`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ user: ana.id }),
  })
  expect([answer.status, await answer.json()]).toEqual([
    500,
    { error: { code: 'internal', message: 'the server made a mistake' } },
  ])
})

test('metrics are for the machine itself and for administrators, not for what a proxy lets through', async () => {
  const here = await fetch(`${url}/metrics`)
  expect(here.status).toBe(200)
  expect(await here.text()).toContain('parley_http_request_seconds')
  for (const name of ['X-Forwarded-For', 'Forwarded', 'X-Real-IP', 'Via']) {
    expect([name, (await fetch(`${url}/metrics`, { headers: { [name]: '203.0.113.7' } })).status]).toEqual([
      name,
      403,
    ])
  }
  expect((await over(database.kysely).request('/metrics')).status).toBe(403)

  const ana = await api.signUp('admin')
  const { token } = (await ana.ask('POST', '/api/tokens', { name: 'prometheus' })).as(rest.createdToken)
  const scrape = async () =>
    (
      await fetch(`${url}/metrics`, {
        headers: { Authorization: `Bearer ${token}`, 'X-Forwarded-For': '203.0.113.7' },
      })
    ).status
  expect(await scrape()).toBe(403)
  await database.pool.query('UPDATE users SET is_admin = true WHERE id = $1', [ana.id])
  expect(await scrape()).toBe(200)
})

test('requests are measured by route, not by path', async () => {
  const ana = await api.signUp('measured')
  await fetch(`${url}/api/users/${ana.id}`)
  await fetch(`${url}/api/nothing/${ana.id}`)
  await fetch(`${url}/elsewhere/${ana.id}`)
  const metrics = await (await fetch(`${url}/metrics`)).text()
  expect(metrics).not.toContain(ana.id)
  expect(metrics).toContain('route="/healthz",status="200"')
  expect(metrics).toContain('route="none",status="404"')
})

test('a request with a body of unknown length is cut off where there is no room for more', async () => {
  let sent = 0
  const chunk = new TextEncoder().encode('x'.repeat(64 * 1024))
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += chunk.length
      if (sent > 64 * 1024 * 1024) controller.close()
      else controller.enqueue(chunk)
    },
  })
  const init: RequestInit & { duplex: 'half' } = {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body,
    duplex: 'half',
  }
  const answer = await fetch(`${url}/api/sessions`, init)
  expect(answer.status).toBe(413)
  expect(sent).toBeLessThan(16 * 1024 * 1024)
})

test('the type of the API makes a client whose questions and answers the compiler knows', async () => {
  const ana = await api.signUp('typed')
  const { token } = (await ana.ask('POST', '/api/tokens', { name: 'bot' })).as(rest.createdToken)
  const client = hc<Api>(url, { headers: { Authorization: `Bearer ${token}` } })
  const me = await (await client.api.users.me.$get()).json()
  expect([me.username, me.email]).toEqual(['typed', 'typed@example.org'])
  const found = await (await client.api.users.$get({ query: { q: 'typ' } })).json()
  expect(found.users.map(({ id }) => id)).toEqual([ana.id])
})
