import { writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { newId, type UserId } from '@parley/protocol'
import pg from 'pg'
import { hashSecret, newTokenSecret } from '../apps/server/src/auth/secrets.ts'
import { freePort } from '../bench/free-port.ts'
import { median, percentile } from '../bench/statistics.ts'
import { startChild } from '../test/kit/child.ts'
import { UNHURRIED_ENV } from '../test/kit/limits.ts'
import { type Ask, type ReadCase, readCases } from './measure/cases.ts'
import { createClient } from './measure/latency.ts'
import { lookAround } from './measure/world.ts'

/**
 * How long every question to the API takes, over HTTP, against a server of its own on the seeded
 * database at DATABASE_URL: `node scripts/measure-reads.ts [--requests 200] [--only search] [--write]`.
 * `--write` keeps the table in docs/measurements/reads.md.
 */
const PROMISED_MS = 50
const SERVER = fileURLToPath(new URL('../apps/server/src/main.ts', import.meta.url))
const REPORT = new URL('../docs/measurements/reads.md', import.meta.url)

const { values: options } = parseArgs({
  options: {
    requests: { type: 'string', default: '200' },
    only: { type: 'string', default: '' },
    write: { type: 'boolean', default: false },
  },
})
const requests = Number(options.requests)
const connectionString = process.env['DATABASE_URL']
if (connectionString === undefined)
  throw new Error('set DATABASE_URL to a database that scripts/seed.ts has filled')
const say = (text: string): void => void process.stdout.write(`${text}\n`)

const db = new pg.Client({ connectionString })
await db.connect()
const port = await freePort()
const { PATH = '' } = process.env
const server = startChild(SERVER, [], {
  env: { PATH, DATABASE_URL: connectionString, PORT: String(port), LOG_LEVEL: 'warn', ...UNHURRIED_ENV },
})
await server.line('Parley is running at ')
const client = createClient(`http://127.0.0.1:${port}`)
const tokens = new Map<UserId, string>()

async function tokenOf(user: UserId): Promise<string> {
  const known = tokens.get(user)
  if (known !== undefined) return known
  const token = newTokenSecret()
  await db.query(
    `INSERT INTO tokens (id, user_id, secret_hash, name, created_at) VALUES ($1, $2, $3, 'measure-reads', $4)`,
    [newId(), user, hashSecret(token), Date.now()],
  )
  tokens.set(user, token)
  return token
}

async function untilIndexed(): Promise<void> {
  const started = performance.now()
  for (let first: number | undefined; ;) {
    const { rows } = await db.query<{ left: string }>(
      'SELECT COALESCE(sum(c.last_seq - p.seq), 0) AS left FROM search_progress p JOIN conversations c ON c.id = p.conversation',
    )
    const left = Number(rows[0]?.left)
    first ??= left
    if (left === 0) {
      if (first > 0) say(`indexed ${first} events in ${((performance.now() - started) / 1000).toFixed(0)} s`)
      return
    }
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
}

/** Turns the pages, so that what is measured is the last one alone. */
async function settle({ user, path, pages = 0 }: Ask): Promise<{ path: string; token: string }> {
  const token = await tokenOf(user)
  let at = path
  for (let turned = 0; turned < pages; turned += 1) {
    const { next } = JSON.parse((await client.get(at, token)).text) as { next?: string }
    if (next === undefined) break
    at = `${path}${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(next)}`
  }
  return { path: at, token }
}

interface Measured {
  readonly name: string
  readonly p50: number
  readonly p95: number
  readonly max: number
  readonly kilobytes: number
}

async function measure({ endpoint, what, asks, isStream }: ReadCase): Promise<Measured> {
  const settled = []
  for (const ask of asks) settled.push(await settle(ask))
  const taken: number[] = []
  let bytes = 0
  for (let n = -settled.length; n < requests; n += 1) {
    const ask = settled[Math.abs(n) % settled.length]
    if (ask === undefined) throw new Error(`nobody asks for ${endpoint}`)
    const { status, millis, firstMillis, text, bytes: size } = await client.get(ask.path, ask.token)
    if (status !== 200) throw new Error(`${ask.path} answered ${status}: ${text.slice(0, 200)}`)
    // Each is asked once before it counts: what is measured is a server that is in use.
    if (n < 0) continue
    taken.push(isStream ? firstMillis : millis)
    bytes += size
  }
  return {
    name: `${endpoint}: ${what}`,
    p50: median(taken),
    p95: percentile(taken, 0.95),
    max: Math.max(...taken),
    kilobytes: bytes / taken.length / 1024,
  }
}

const ms = (millis: number): string => millis.toFixed(1)
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

async function circumstances(): Promise<string> {
  const { rows } = await db.query<Record<string, string>>(
    `SELECT (SELECT count(*) FROM users) AS users, (SELECT count(*) FROM conversations) AS conversations,
            (SELECT count(*) FROM events) AS events, current_setting('server_version') AS version,
            current_setting('shared_buffers') AS buffers, pg_size_pretty(pg_database_size(current_database())) AS size`,
  )
  const { users, conversations, events, version, buffers, size } = rows[0] ?? {}
  return (
    `${users} users, ${conversations} conversations, ${events} events (${size}) in PostgreSQL ${version} ` +
    `(shared_buffers ${buffers}), Node ${process.versions.node}, ${cpus().length} cores shared with others ` +
    `(load ${loadavg()
      .map((load) => load.toFixed(1))
      .join(', ')} when it began), ${new Date().toISOString().slice(0, 10)}.`
  )
}

try {
  await untilIndexed()
  const about = await circumstances()
  say(about)
  const cases = readCases(await lookAround(db)).filter(({ endpoint, what }) =>
    `${endpoint}: ${what}`.includes(options.only),
  )
  const table = [
    row(['question', 'p50 ms', 'p95 ms', 'max ms', 'KB']),
    row(['---', '---:', '---:', '---:', '---:']),
  ]
  const slow: string[] = []
  for (const each of cases) {
    const { name, p50, p95, max, kilobytes } = await measure(each)
    const isSlow = p95 >= PROMISED_MS
    if (isSlow) slow.push(name)
    const line = row([
      `\`${each.endpoint}\` ${each.what}`,
      ms(p50),
      isSlow ? `**${ms(p95)}**` : ms(p95),
      ms(max),
      ms(kilobytes),
    ])
    table.push(line)
    say(line)
  }
  const verdict =
    slow.length === 0
      ? `All ${cases.length} questions are answered within ${PROMISED_MS} ms at p95.`
      : `${slow.length} of ${cases.length} questions take ${PROMISED_MS} ms or more at p95: ${slow.join('; ')}.`
  say(
    `\n${verdict} Load now: ${loadavg()
      .map((load) => load.toFixed(1))
      .join(', ')}.`,
  )
  if (options.write) {
    const how = `Made by \`node scripts/measure-reads.ts --write\` on a database of \`npx node scripts/seed.ts --users 100000 --conversations 20000 --events 2000000\`: each question ${requests} times, one after the other, over one HTTP connection.`
    await writeFile(
      REPORT,
      `# How long reading takes\n\n${how}\n${about}\n\n${verdict}\n\n${table.join('\n')}\n`,
    )
  }
} finally {
  client.close()
  await server.end('SIGTERM')
  await db.query(`DELETE FROM tokens WHERE name = 'measure-reads'`)
  await db.end()
}
