import { mkdir, writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { type UserId } from '@parley/protocol'
import pg from 'pg'
import { startParley } from '../contestants/parley.ts'
import { Postgres } from '../postgres.ts'
import { sayMore } from '../seed.ts'
import { pause } from '../scenarios/scenario.ts'
import { median } from '../statistics.ts'
import { type Group, newWorld } from '../world.ts'
import { type DeviceBrowser, startDeviceBrowser } from './browser.ts'
import type { Filled } from './page.ts'

/** What the device itself costs, in a real Chromium: filling, opening, coming back. Writes docs/measurements/device.md. */

const ANA = '00000000-0000-7000-8000-00000000000a' as UserId
const OPENINGS = 5
/** So that the server has put away the documents of a device that left. */
const UNLOAD_MILLIS = 2000
const QUIET_MILLIS = 1500

interface Sizes {
  readonly fill: number
  readonly opening: readonly number[]
  readonly missed: readonly number[]
}
const WHOLE: Sizes = { fill: 100_000, opening: [1000, 100_000, 1_000_000], missed: [1, 100, 10_000] }
const QUICK: Sizes = { fill: 5000, opening: [1000, 5000], missed: [1, 100] }

const say = (line: string): void => void process.stdout.write(`${line}\n`)
const mega = (bytes: number): string => (bytes / 1e6).toFixed(1)
const kilo = (bytes: number): string => (bytes / 1e3).toFixed(1)
const whole = (value: number): string => Math.round(value).toLocaleString('en')

export async function measureDevice(isQuick: boolean): Promise<void> {
  const sizes = isQuick ? QUICK : WHOLE
  const [began, load] = [new Date(), loadavg()]
  const postgres = await Postgres.start()
  try {
    const database = await postgres.newDatabase()
    const server = await startParley(database)
    const client = new pg.Client(database)
    await client.connect()
    try {
      const world = newWorld(1, 2)
      const [group] = world.groups
      if (group === undefined) throw new Error('an empty world')
      await server.settle(world)
      const more = (count: number) => sayMore(client, group, count)
      const parts = [
        ...(await measureFilling(server.url, group, more, sizes)),
        '',
        ...(await measureOpening(server.url, sizes)),
      ]
      const text = [...headOf(began, load, postgres.version), ...parts, ''].join('\n')
      say(`\n${text}`)
      if (isQuick) return
      const file = new URL('../../docs/measurements/device.md', import.meta.url)
      await mkdir(new URL('.', file), { recursive: true })
      await writeFile(file, text)
      say('written to docs/measurements/device.md')
    } finally {
      await client.end()
      await server.stop()
    }
  } finally {
    await postgres.stop()
  }
}

async function measureFilling(
  url: string,
  { members }: Group,
  more: (count: number) => Promise<number>,
  { fill, missed }: Sizes,
): Promise<string[]> {
  const token = members[1]?.token
  if (token === undefined) throw new Error('nobody to come back')
  let length = await more(fill)
  const browser = await startDeviceBrowser(url)
  try {
    say(`filling ${whole(fill)}`)
    const first = await connect(browser, token, length)
    const diskBytes = await browser.diskBytes()
    const rows: string[] = []
    for (const count of missed) {
      length = await more(count)
      say(`coming back after ${whole(count)}`)
      await pause(UNLOAD_MILLIS)
      const back = await connect(browser, token, length)
      rows.push(
        `| ${whole(count)} | ${kilo(back.wire.socket)} | ${kilo(back.wire.socketSent)} | ${kilo(back.wire.http)} | ${kilo(back.wire.socket + back.wire.http)} | ${whole(back.filled.millis)} |`,
      )
    }
    return [
      '## Filling',
      '',
      `A device without anything signs in; one conversation of ${whole(first.filled.events)} events, messages of 100 bytes, until all is on its disk.`,
      '',
      '| | |',
      '|---|---:|',
      `| events a second | ${whole((first.filled.events / first.filled.millis) * 1000)} |`,
      `| seconds in all | ${(first.filled.millis / 1000).toFixed(1)} |`,
      `| MB received over HTTP | ${mega(first.wire.http)} |`,
      `| KB received over the socket | ${kilo(first.wire.socket)} |`,
      `| bytes received an event | ${whole((first.wire.http + first.wire.socket) / first.filled.events)} |`,
      `| MB of IndexedDB on the disk, browser closed | ${mega(diskBytes)} |`,
      `| bytes on the disk an event | ${whole(diskBytes / first.filled.events)} |`,
      `| MB of JavaScript heap afterwards | ${mega(first.heap)} |`,
      `| tasks over 50 ms: number, the longest (ms), share of the time | ${whole(first.filled.longTasks)}, ${whole(first.filled.longestMillis)}, ${Math.round((first.filled.blockedMillis / first.filled.millis) * 100)} % |`,
      '',
      '## Coming back',
      '',
      'The same device, its browser closed meanwhile, after messages that it missed; everything that goes over the connection until it has all.',
      '',
      '| missed | KB received, socket | KB sent, socket | KB received, HTTP | KB received in all | ms |',
      '|---:|---:|---:|---:|---:|---:|',
      ...rows,
    ]
  } finally {
    await browser.end()
  }
}

/** Opens the app in a new tab, waits until it has everything, and closes it. */
async function connect(
  browser: DeviceBrowser,
  token: string,
  length: number,
): Promise<{ filled: Filled; wire: { http: number; socket: number; socketSent: number }; heap: number }> {
  const tab = await browser.tab()
  const filled = await tab.ask('fill', { token, length })
  // Words that nobody waits for, such as who is there, count too.
  await pause(QUIET_MILLIS)
  const heap = await tab.heap()
  const wire = { ...tab.wire }
  await tab.close()
  return { filled, wire, heap }
}

async function measureOpening(url: string, { opening }: Sizes): Promise<string[]> {
  const rows: string[] = []
  for (const length of opening) {
    say(`opening at ${whole(length)}`)
    const browser = await startDeviceBrowser(url)
    try {
      const writer = await browser.tab()
      const written = await writer.ask('write', { user: ANA, length })
      await writer.close()
      const diskBytes = await browser.diskBytes()
      const cold = await openOnce(browser)
      const warm = []
      for (let time = 0; time < OPENINGS; time += 1) warm.push(await openOnce(browser))
      const finder = await browser.tab()
      const found = await finder.ask('find', { user: ANA, length })
      await finder.close()
      rows.push(
        `| ${whole(length)} | ${cold.millis.toFixed(0)} | ${median(warm.map(({ millis }) => millis)).toFixed(0)} | ${mega(median(warm.map(({ heap }) => heap)))} | ${found.byIdMillis.toFixed(1)} | ${found.reactionsMillis.toFixed(1)} | ${written.writingMicros.toFixed(0)} | ${whole(diskBytes / length)} | ${whole(written.countedBytes / length)} |`,
      )
    } finally {
      await browser.end()
    }
  }
  return [
    '## Opening',
    '',
    `One conversation, nine messages of 20 to 179 bytes and then a reaction, on the disk; without a network. From starting the client to having the newest 50 messages in a timeline: in the first tab of a browser that has just been started, and the median of ${OPENINGS} new tabs after it. Finding is the median of 20 places all over the log.`,
    '',
    '| events | ms, browser just started | ms, new tab | MB heap | ms, a message by its id | ms, reactions to 100 messages | µs to write an event | bytes on the disk an event | bytes an event as counted |',
    '|---:|---:|---:|---:|---:|---:|---:|---:|---:|',
    ...rows,
  ]
}

async function openOnce(browser: DeviceBrowser): Promise<{ millis: number; heap: number }> {
  const tab = await browser.tab()
  const { millis } = await tab.ask('open')
  const heap = await tab.heap()
  await tab.close()
  return { millis, heap }
}

const headOf = (began: Date, load: readonly number[], postgresVersion: string): string[] => [
  '# What the device costs',
  '',
  'Made by `npm run bench -- device`: the client as it is in headless Chromium with its own IndexedDB, in a page without screens and without a search index; the server as it is shipped, on PostgreSQL ' +
    `${postgresVersion}, over loopback without TLS or compression. Bytes are those that the browser's debugging port tells: answers with their headers, payloads of frames.`,
  `Node ${process.versions.node}, ${cpus().length} cores for everything (${cpus()[0]?.model.trim() ?? 'unknown'}), load ${load.map((each) => each.toFixed(1)).join(', ')} when it began, ${began.toISOString().slice(0, 16).replace('T', ' ')} UTC. Run once.`,
  '',
]
