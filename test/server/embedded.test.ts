import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Child, startChild } from '../kit/child.ts'

const PROGRAM = fileURLToPath(new URL('./embedded-program.ts', import.meta.url))
const isRoot = process.getuid?.() === 0

let directory: string
const children: Child[] = []

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'parley-pg-'))
  await chmod(directory, 0o711)
})
afterEach(async () => {
  for (const child of children.splice(0)) await child.end('SIGKILL')
  for (const pid of postgresProcesses()) process.kill(pid, 'SIGKILL')
  await rm(directory, { recursive: true, force: true })
})

async function start(dataDir = directory): Promise<{ child: Child; url: string }> {
  const child = startChild(PROGRAM, [dataDir])
  children.push(child)
  return { child, url: (await child.line('URL ')).slice(4) }
}

/** Every process of the PostgreSQL in the test's folder: its workers show where they work, not what they were given. */
function postgresProcesses(within = directory): number[] {
  const found = spawnSync('find', ['/proc', '-maxdepth', '2', '-name', 'cwd', '-lname', `${within}/*`], {
    encoding: 'utf8',
  })
  return [...found.stdout.matchAll(/\/proc\/(\d+)\/cwd/g)].map(([, pid]) => Number(pid))
}

async function query<T>(url: string, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url })
  // Killing PostgreSQL under it is what some of these tests do; the query rejects all the same.
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query(sql)).rows as T[]
  } finally {
    await client.end()
  }
}

/** Writes row after row until PostgreSQL goes away; answers the last number that was acknowledged. */
async function writeUntilKilled(url: string, kill: () => void): Promise<number> {
  await query(url, 'CREATE TABLE said (n int PRIMARY KEY)')
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  let acknowledged = 0
  try {
    for (;;) {
      await client.query('INSERT INTO said VALUES ($1)', [acknowledged + 1])
      acknowledged += 1
      if (acknowledged === 200) kill()
      // Only Node was killed: PostgreSQL lives on, and so might this loop.
      if (acknowledged === 400) return acknowledged
    }
  } catch {
    // PostgreSQL is gone, as asked.
    return acknowledged
  } finally {
    await client.end()
  }
}

async function expectAllSaid(url: string, acknowledged: number): Promise<void> {
  const [row] = await query<{ n: string }>(url, `SELECT count(*) AS n FROM said WHERE n <= ${acknowledged}`)
  expect(Number(row?.n)).toBe(acknowledged)
}

test('what was written is there after a stop and a start, and a stop leaves no process', async () => {
  const first = await start()
  await query(first.url, 'CREATE TABLE kept (n int)')
  await first.child.end('SIGTERM')
  expect(postgresProcesses()).toEqual([])
  const second = await start()
  expect(await query(second.url, 'SELECT n FROM kept')).toEqual([])
  expect(second.url).toBe(first.url)
})

test('[L3] it commits to the disk and listens on no network address', async () => {
  const { url } = await start()
  expect(
    await query(
      url,
      `SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes', 'listen_addresses') ORDER BY 1`,
    ),
  ).toEqual([
    { name: 'fsync', setting: 'on' },
    { name: 'full_page_writes', setting: 'on' },
    { name: 'listen_addresses', setting: '' },
    { name: 'synchronous_commit', setting: 'on' },
  ])
})

test('[N1] the server is killed: the next one stops the PostgreSQL left behind and has every acknowledged row', async () => {
  const first = await start()
  const [orphan] = postgresProcesses()
  const acknowledged = await writeUntilKilled(first.url, () => first.child.process.kill('SIGKILL'))
  expect(acknowledged).toBeGreaterThanOrEqual(200)
  expect(postgresProcesses()).toContain(orphan)
  const second = await start()
  expect(postgresProcesses()).not.toContain(orphan)
  expect(second.child.said()).toContain('of a server that was killed is still running')
  await expectAllSaid(second.url, acknowledged)
})

test('[N1] everything is killed at once: the next start has every acknowledged row', async () => {
  const first = await start()
  const acknowledged = await writeUntilKilled(first.url, () => {
    for (const pid of [first.child.process.pid ?? 0, ...postgresProcesses()]) process.kill(pid, 'SIGKILL')
  })
  expect(acknowledged).toBeGreaterThanOrEqual(200)
  const second = await start()
  await expectAllSaid(second.url, acknowledged)
})

test('[N3] PostgreSQL alone is killed: the running server starts it again, with every acknowledged row', async () => {
  const { child, url } = await start()
  const [postmaster = 0] = postgresProcesses().toSorted((a, b) => a - b)
  const acknowledged = await writeUntilKilled(url, () => process.kill(postmaster, 'SIGKILL'))
  await child.line('{"level":50')
  await expect
    .poll(
      () =>
        query(url, 'SELECT 1').then(
          () => 'answers',
          () => 'silent',
        ),
      { timeout: 20_000 },
    )
    .toBe('answers')
  await expectAllSaid(url, acknowledged)
  expect(await child.end('SIGTERM')).toBe(0)
  expect(postgresProcesses()).toEqual([])
})

test('a process number that now belongs to another program neither stops the start nor the program', async () => {
  const first = await start()
  const pidFile = join(directory, 'postgresql', 'data', 'postmaster.pid')
  const { uid, gid } = await stat(pidFile)
  const words = await readFile(pidFile, 'utf8')
  await first.child.end('SIGTERM')
  const other = spawn('sleep', ['600'], { uid, gid, cwd: '/', stdio: 'ignore' })
  const ended = once(other, 'exit')
  await writeFile(pidFile, words.replace(/^\d+/, String(other.pid)))
  const { url } = await start()
  expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  expect(other.exitCode).toBe(null)
  other.kill()
  await ended
})

test('a first start that broke off half-way is made good by the next', async () => {
  await mkdir(join(directory, 'postgresql', 'data.unfinished'), { recursive: true })
  await writeFile(join(directory, 'postgresql', 'data.unfinished', 'PG_VERSION'), '18\n')
  const { url } = await start()
  expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
})

test('the data of another PostgreSQL version is refused with a way out', async () => {
  await mkdir(join(directory, 'postgresql', 'data'), { recursive: true })
  await writeFile(join(directory, 'postgresql', 'data', 'PG_VERSION'), '15\n')
  await expect(start()).rejects.toThrow(
    /made by PostgreSQL 15, and this Parley brings 18[^]*set DATABASE_URL/,
  )
})

test('a data directory whose path is too long for a socket works', async () => {
  const long = join(directory, 'd'.repeat(100))
  await mkdir(long, { mode: 0o711 })
  const { child, url } = await start(long)
  expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  await child.end('SIGTERM')
  await rm(new URL(url).searchParams.get('host') ?? '', { recursive: true })
})

test.runIf(isRoot)(
  'root keeps the database of a folder that only root can enter elsewhere, says so, and finds it again',
  async () => {
    await chmod(directory, 0o700)
    const first = await start()
    const elsewhere = (await readFile(join(directory, 'postgresql.location'), 'utf8')).trim()
    try {
      expect(first.child.said()).toContain(`cannot reach ${directory}: its files are in ${elsewhere}`)
      await query(first.url, 'CREATE TABLE kept (n int)')
      await first.child.end('SIGTERM')
      const second = await start()
      expect(await query(second.url, 'SELECT n FROM kept')).toEqual([])
      await second.child.end('SIGTERM')
      await rm(elsewhere, { recursive: true })
      await expect(start()).rejects.toThrow(`kept in ${elsewhere}, which is not there: bring it back`)
    } finally {
      for (const pid of postgresProcesses(elsewhere)) process.kill(pid, 'SIGKILL')
      await rm(elsewhere, { recursive: true, force: true })
    }
  },
)

test.runIf(isRoot)('a user who is not root has a database of their own', async () => {
  const uid = Number(execFileSync('id', ['-u', 'nobody'], { encoding: 'utf8' }))
  const own = join(directory, 'own')
  await mkdir(own)
  execFileSync('chown', [String(uid), own])
  const child = startChild(PROGRAM, [own], { uid, cwd: '/' })
  children.push(child)
  const url = (await child.line('URL ')).slice(4)
  expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  expect((await stat(join(own, 'postgresql'))).uid).toBe(uid)
  expect((await stat(join(own, 'postgresql'))).mode & 0o777).toBe(0o700)
})
