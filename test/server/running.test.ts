import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterEach, expect, test } from 'vitest'
import { startChild } from '../kit/child.ts'
import { startTestServer } from '../kit/server.ts'
import { freePort, type ServerProcess, startServerProcess } from '../kit/server-process.ts'

const MAIN = fileURLToPath(new URL('../../apps/server/src/main.ts', import.meta.url))
const { PATH = '' } = process.env

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function dataDir(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'parley-run-'))
  await chmod(directory, 0o711)
  cleanups.push(() => rm(directory, { recursive: true, force: true }))
  return directory
}

async function running(env?: Record<string, string>): Promise<ServerProcess> {
  const server = await startServerProcess(env)
  cleanups.push(() => server.dispose())
  return server
}

const health = async (url: string) => (await fetch(`${url}/healthz`)).status

test('nothing but the program: it starts its own database, and a stop takes down everything it started', async () => {
  const server = await running({ DATA_DIR: await dataDir() })
  expect(await health(server.url)).toBe(200)
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
  await server.stop()
  await expect(fetch(`${server.url}/healthz`)).rejects.toThrow()
})

test('[N1] killed and started again on the same data, it heals by itself', async () => {
  const server = await running({ DATA_DIR: await dataDir() })
  await server.kill()
  await server.start()
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
  expect(server.said()).toContain('of a server that was killed is still running')
  await server.stop()
})

test('two servers on the same data: the second says which one is in the way, and the first goes on', async () => {
  const DATA_DIR = await dataDir()
  const first = await running({ DATA_DIR })
  const second = startChild(MAIN, [], { env: { PATH, DATA_DIR, PORT: String(await freePort()) } })
  expect(await second.ended()).toBe(1)
  expect(second.said()).toBe(
    `Another Parley server (process ${first.pid}) is running on the data in ${DATA_DIR}. ` +
      'Stop it first, or give this one another DATA_DIR and PORT.',
  )
  expect(await health(first.url)).toBe(200)
  await first.stop()
})

test('a taken port is one clear sentence', async () => {
  const first = await startTestServer()
  cleanups.push(() => first.close())
  const second = startChild(MAIN, [], {
    env: { PATH, DATABASE_URL: first.databaseUrl, PORT: String(first.port), LOG_LEVEL: 'error' },
  })
  expect(await second.ended()).toBe(1)
  expect(second.said()).toBe(`port ${first.port} is taken by another program: choose another PORT`)
})

test('a wrong variable is named before anything is started', async () => {
  const child = startChild(MAIN, [], { env: { PATH, PORT: 'many', DATA_DIR: '/nowhere' } })
  expect(await child.ended()).toBe(1)
  expect(child.said()).toBe(
    'The configuration is not usable:\n  PORT is "many": it should be a whole number from 0 to 65535',
  )
})

test('a database that cannot be used is one clear sentence, without its password', async () => {
  const first = await startTestServer()
  cleanups.push(() => first.close())
  const url = new URL(first.databaseUrl)
  url.pathname = '/parley_test_missing'
  url.password = 'hunter2'
  const child = startChild(MAIN, [], { env: { PATH, DATABASE_URL: url.href, LOG_LEVEL: 'error' } })
  expect(await child.ended()).toBe(1)
  expect(child.said()).toBe('the database cannot be used: database "parley_test_missing" does not exist')
})

test('[N4] Ctrl+C under npm comes twice at once, and still drains', async () => {
  const server = await running({ LOG_LEVEL: 'info' })
  // A request that is still on its way in is what there is to wait for.
  const client = connect(server.port, '127.0.0.1')
  client.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n')
  await once(client, 'connect')
  expect(await health(server.url)).toBe(200)
  process.kill(server.pid, 'SIGINT')
  await expect.poll(() => server.said(), { timeout: 10_000 }).toContain('"signal":"SIGINT"')
  process.kill(server.pid, 'SIGINT')
  client.write('Connection: close\r\n\r\n')
  const [answer] = (await once(client, 'data')) as [Buffer]
  expect(answer.toString()).toContain('HTTP/1.1 200')
  expect(await server.ended()).toBe(0)
})

test('[N3] the database ends every connection, and the server goes on with new ones', async () => {
  const server = await startTestServer({ logLevel: 'silent' })
  cleanups.push(() => server.close())
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
  const client = new pg.Client({ connectionString: server.databaseUrl })
  await client.connect()
  const { rowCount } = await client.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  )
  await client.end()
  expect(rowCount).toBeGreaterThan(0)
  await expect.poll(async () => (await fetch(`${server.url}/readyz`)).status).toBe(200)
})

test('two servers in one process, each with its own database, end in any order', async () => {
  const [a, b] = await Promise.all([startTestServer(), startTestServer()])
  expect(a.databaseUrl).not.toBe(b.databaseUrl)
  await a.close()
  expect(await health(b.url)).toBe(200)
  await b.close()
})

test('[N3] a connection that is idle is kept for longer than a proxy keeps it, so no request meets its end', async () => {
  const server = await startTestServer()
  cleanups.push(() => server.close())
  const answer = await fetch(`${server.url}/healthz`)
  const seconds = Number(/timeout=(\d+)/.exec(answer.headers.get('keep-alive') ?? '')?.[1])
  expect(seconds).toBeGreaterThan(60)
})

test('every answer carries the rules a browser is to keep', async () => {
  const server = await startTestServer()
  cleanups.push(() => server.close())
  for (const path of ['/healthz', '/api/users/me', '/', '/nothing.png']) {
    const { headers } = await fetch(`${server.url}${path}`)
    expect(headers.get('content-security-policy')).toContain("default-src 'self'")
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(headers.get('content-security-policy')).not.toContain('unsafe')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
  }
})
