import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { administration, type Administration } from '../kit/admin-process.ts'
import { startChild } from '../kit/child.ts'
import { freePort, type ServerProcess, startServerProcess } from '../kit/server-process.ts'

const [ADMIN, MAIN] = ['admin/main.ts', 'main.ts'].map((path) =>
  fileURLToPath(new URL(`../../apps/server/src/${path}`, import.meta.url)),
) as [string, string]

let directory: string
let admin: Administration
const servers: ServerProcess[] = []

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'parley-admin-'))
  await chmod(directory, 0o711)
  admin = administration({ DATA_DIR: directory })
})
afterEach(async () => {
  for (const server of servers.splice(0)) await server.dispose()
  for (const pid of postgresProcesses()) process.kill(pid, 'SIGKILL')
  await rm(directory, { recursive: true, force: true })
})

async function running(): Promise<ServerProcess> {
  const server = await startServerProcess({ DATA_DIR: directory })
  servers.push(server)
  return server
}

const postgresProcesses = (): number[] => {
  const found = spawnSync('find', ['/proc', '-maxdepth', '2', '-name', 'cwd', '-lname', `${directory}/*`], {
    encoding: 'utf8',
  })
  return [...found.stdout.matchAll(/\/proc\/(\d+)\/cwd/g)].map(([, pid]) => Number(pid))
}

const create = (username: string) => [
  ...['user', 'create', '--email', `${username}@example.org`, '--username', username, '--password-stdin'],
]

const canLogIn = async (server: ServerProcess, login: string, password: string): Promise<boolean> => {
  const answer = await fetch(`${server.url}/api/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login, password }),
  })
  return answer.status === 201
}

test('without a server a command starts the database for itself, and leaves no process behind', async () => {
  await admin.run(create('ana'), 'the secret of ana')
  expect(postgresProcesses()).toEqual([])
  expect(await admin.json(['user', 'list'])).toMatchObject({ users: [{ username: 'ana' }] })
  expect(postgresProcesses()).toEqual([])
  const server = await running()
  expect(await canLogIn(server, 'ana', 'the secret of ana')).toBe(true)
})

test('beside a running server a command uses its database, and leaves it running', async () => {
  const server = await running()
  const before = postgresProcesses()
  await admin.run(create('ben'), 'the secret of ben')
  expect(await canLogIn(server, 'ben', 'the secret of ben')).toBe(true)
  await admin.run(['user', 'disable', 'ben'])
  expect(await canLogIn(server, 'ben', 'the secret of ben')).toBe(false)
  expect(postgresProcesses()).toEqual(expect.arrayContaining(before.slice(0, 1)))
  await server.stop()
  expect(postgresProcesses()).toEqual([])
})

test('commands at the same moment wait for each other', async () => {
  await Promise.all(['cem', 'dora'].map((name) => admin.run(create(name), `the secret of ${name}`)))
  expect(await admin.json(['user', 'list'])).toMatchObject({ total: 2 })
  expect(postgresProcesses()).toEqual([])
})

test('a server finds a command at work and says so; [N1] one that was killed is in nobody’s way', async () => {
  const { PATH = '' } = process.env
  // It waits for its standard input for ever.
  const hanging = spawn(process.execPath, [ADMIN, 'import', '-'], { env: { PATH, DATA_DIR: directory } })
  const closed = once(hanging, 'close')
  await expect.poll(() => postgresProcesses().length, { timeout: 30_000 }).toBeGreaterThan(3)
  const env = { PATH, DATA_DIR: directory, PORT: String(await freePort()), LOG_LEVEL: 'error' }
  const server = startChild(MAIN, [], { env })
  expect(await server.ended()).toBe(1)
  expect(server.said()).toBe(
    `A command of administration (process ${hanging.pid}) is working on the data in ${directory}. ` +
      'Try again when it has ended.',
  )
  hanging.kill('SIGKILL')
  await closed
  await admin.run(create('fay'), 'the secret of fay')
  expect(postgresProcesses()).toEqual([])
})

test('what only looks makes no database where there is none', async () => {
  const { code, stderr } = await admin.try(['user', 'list'])
  expect([code, stderr]).toEqual([
    1,
    expect.stringContaining(`there is no database in ${directory}`) as string,
  ])
  expect(await readdir(directory)).toEqual([])
})
