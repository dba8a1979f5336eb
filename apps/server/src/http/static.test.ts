import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Hono } from 'hono'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { webApp } from './static.ts'

let directory: string
let app: Hono

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'parley-web-'))
  await mkdir(join(directory, 'dist', 'assets'), { recursive: true })
  await writeFile(join(directory, 'secret.txt'), 'secret')
  await writeFile(join(directory, 'dist', 'index.html'), '<title>Parley</title>')
  await writeFile(join(directory, 'dist', 'service-worker.js'), '// worker')
  await writeFile(join(directory, 'dist', 'assets', 'index-a1b2.js'), 'let a')
  await writeFile(join(directory, 'dist', 'assets', 'index-a1b2.js.gz'), gzipSync('let a'))
  await writeFile(join(directory, 'dist', 'assets', 'search-worker-c3d4.js'), 'let c')
  app = webApp(join(directory, 'dist'))
})
afterAll(() => rm(directory, { recursive: true }))

const get = (path: string, headers: Record<string, string> = {}) => app.request(path, { headers })
const asPage = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

test('a file whose name holds its hash is kept for ever', async () => {
  const answer = await get('/assets/index-a1b2.js')
  expect(await answer.text()).toBe('let a')
  expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(answer.headers.get('content-type')).toContain('text/javascript')
})

test('the search worker alone may compile WebAssembly', async () => {
  const policyOf = async (path: string) => (await get(path)).headers.get('content-security-policy')
  expect(await policyOf('/assets/search-worker-c3d4.js')).toContain("script-src 'self' 'wasm-unsafe-eval'")
  expect(await policyOf('/assets/index-a1b2.js')).toBeNull()
  expect(await policyOf('/')).toBeNull()
})

test('a file that was compressed when it was built is sent so', async () => {
  const answer = await get('/assets/index-a1b2.js', { 'accept-encoding': 'gzip, br' })
  expect(answer.headers.get('content-encoding')).toBe('gzip')
  expect(answer.headers.get('vary')).toContain('Accept-Encoding')
})

test.each(['/', '/index.html', '/service-worker.js'])(
  '%s is asked about each time, and sent once',
  async (path) => {
    const answer = await get(path, asPage)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('cache-control')).toBe('no-cache')
    const again = await get(path, { ...asPage, 'if-none-match': answer.headers.get('etag') ?? '' })
    expect(again.status).toBe(304)
  },
)

test.each(['/c/01890a5d-ac96-774b-bcce-b302099a8057', '/friends', '/u/ana.b'])(
  'the deep link %s is the app',
  async (path) => {
    const answer = await get(path, asPage)
    expect(await answer.text()).toBe('<title>Parley</title>')
    expect(answer.headers.get('cache-control')).toBe('no-cache')
  },
)

test.each([
  ['/assets/index-old.js', 'a file of an older build'],
  ['/api/nothing', 'an API path'],
  ['/sync', 'the socket’s path'],
  ['/../secret.txt', 'a way out'],
  ['/..%2fsecret.txt', 'a hidden way out'],
])('%s (%s) is not found, and not the app', async (path) => {
  const answer = await get(path, path.includes('..') ? {} : asPage)
  expect(answer.status).toBe(404)
})

test('a picture that is missing is not found, whatever a page would be', async () => {
  expect((await get('/icons/none.png', { accept: 'image/avif,image/webp' })).status).toBe(404)
})

test('without a build a visitor is told what is missing', async () => {
  const answer = await webApp(join(directory, 'nowhere')).request('/', { headers: asPage })
  expect(answer.status).toBe(503)
  expect(await answer.text()).toContain('npm run build')
})
