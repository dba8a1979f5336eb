import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { cpus, loadavg, tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { type BrowserContext, chromium, type Page } from 'playwright'
import { build } from 'vite'
import { sqlite } from '../apps/web/build/sqlite-plugin.ts'
import { CHROMIUM_ARGS, findChromium } from '../test/kit/chromium.ts'
import type { measured } from './device-search/page.ts'
import { freePort } from './free-port.ts'
import { percentile } from './statistics.ts'

/*
 * How search on the device does with many messages: `node bench/device-search.ts --events 100000 --events 1000000 --write`.
 * The client's own search worker in Chromium, on a profile on the disk, as the app builds it; everything is closed
 * and started again in between.
 */

const { values } = parseArgs({
  options: {
    events: { type: 'string', multiple: true, default: ['100000'] },
    times: { type: 'string', default: '15' },
    write: { type: 'boolean', default: false },
  },
})
const times = Number(values.times)
const MIME: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
}

type Measured = typeof measured
/** What one of the page's functions answers. */
const call = <Name extends keyof Measured>(
  page: Page,
  name: Name,
  ...args: Parameters<Measured[Name]>
): Promise<Awaited<ReturnType<Measured[Name]>>> =>
  page.evaluate(
    ({ name, args }) => {
      const { measured } = globalThis as unknown as {
        measured: Record<string, (...args: unknown[]) => unknown>
      }
      return measured[name]?.(...args)
    },
    { name, args },
  ) as Promise<Awaited<ReturnType<Measured[Name]>>>

async function serve(folder: string): Promise<{ readonly url: string; close(): void }> {
  const port = await freePort()
  const server = createServer((request, response) => {
    const path = request.url === '/' ? '/index.html' : (request.url ?? '').split('?')[0]
    readFile(join(folder, path ?? '')).then(
      (file) => response.setHeader('content-type', MIME[extname(path ?? '')] ?? 'text/plain').end(file),
      () => response.writeHead(404).end(),
    )
  }).listen(port, '127.0.0.1')
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() }
}

const folder = await mkdtemp(join(tmpdir(), 'parley-search-'))
const dist = join(folder, 'dist')
await build({
  configFile: false,
  logLevel: 'warn',
  root: join(import.meta.dirname, 'device-search'),
  worker: { format: 'es', plugins: () => [sqlite()] },
  build: {
    outDir: dist,
    target: 'chrome125',
    chunkSizeWarningLimit: 4000,
    rolldownOptions: { input: join(import.meta.dirname, 'device-search/index.html') },
  },
})
const server = await serve(dist)

async function measure(events: number): Promise<readonly string[]> {
  const executablePath = findChromium()
  const profile = join(folder, `profile-${events}`)
  const open = async (): Promise<[BrowserContext, Page]> => {
    const context = await chromium.launchPersistentContext(profile, {
      ...(executablePath !== undefined && { executablePath }),
      args: CHROMIUM_ARGS,
    })
    const page = await context.newPage()
    await page.goto(server.url)
    await page.waitForFunction(() => 'measured' in globalThis)
    return [context, page]
  }
  let [context, page] = await open()
  const filled = await call(page, 'fill', events)
  process.stderr.write(`${filled.events} on the disk after ${seconds(filled.millis)}\n`)
  const before = await call(page, 'usage')
  const built = await call(page, 'start')
  process.stderr.write(`indexed after ${seconds(built.millis)}\n`)
  const after = await call(page, 'usage')
  await context.close()
  ;[context, page] = await open()
  const again = await call(page, 'start')
  const answers = await call(page, 'ask', times)
  await context.close()
  await rm(profile, { recursive: true })

  const size = (after.fileSystem ?? 0) - (before.fileSystem ?? 0)
  return [
    `## ${count(filled.events)} messages`,
    '',
    `- built in ${seconds(built.millis)}: ${count((filled.events / built.millis) * 1000)} messages a second; the first hits, among what was indexed by then, after ${Math.round(built.firstHits)} ms`,
    `- ${megabytes(size)} on the disk, ${Math.round(size / filled.events)} bytes a message, beside ${megabytes(before.indexedDB ?? 0)} of messages`,
    `- started again, with a new browser: the first hits after ${Math.round(again.firstHits)} ms, all compared with what is held after ${Math.round(again.millis)} ms`,
    '',
    '| question | hits | first ms | p50 ms | max ms |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...answers.map(({ what, hits, millis }) => {
      const [first = 0, ...rest] = millis
      const figures = [first, percentile(rest, 0.5), Math.max(...rest)]
      return `| ${what} | ${hits} | ${figures.map(figure).join(' | ')} |`
    }),
    '',
  ]
}

const LIMIT = 100
const figure = (millis: number): string => (millis >= LIMIT ? `**${millis.toFixed(1)}**` : millis.toFixed(1))
const seconds = (millis: number): string => `${(millis / 1000).toFixed(1)} s`
const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`
const count = (value: number): string => Math.round(value).toLocaleString('en-GB')
const load = () =>
  loadavg()
    .map((each) => each.toFixed(1))
    .join(', ')

const begun = load()
const parts: string[] = []
for (const events of values.events) parts.push(...(await measure(Number(events))))
const report = [
  '# How search on the device does',
  '',
  `Made by \`node bench/device-search.ts ${values.events.map((each) => `--events ${each}`).join(' ')} --write\`: the app's search worker in Chromium, its index in the browser's private files, the messages in IndexedDB, a profile on the disk. Made-up messages of 3 to 17 words (\`bench/device-search/words.ts\`), in 200 conversations over three years.`,
  `A question is over when its first 20 hits are in the page, texts and highlights with them. Each was asked ${times} times in turn with the others; "first" is the first time after the browser was started. **Bold**: ${LIMIT} ms or more.`,
  `${cpus().length} cores shared with others (load ${begun} when it began, ${load()} at the end), ${new Date().toISOString().slice(0, 10)}.`,
  '',
  ...parts,
].join('\n')
server.close()
await rm(folder, { recursive: true, force: true })
if (values.write) await writeFile(join(import.meta.dirname, '../docs/measurements/search.md'), report)
process.stdout.write(`${report}\n`)
