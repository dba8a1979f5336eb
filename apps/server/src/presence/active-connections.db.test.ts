import { accountDocument, accountRoots, newId, type UserId } from '@parley/protocol'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { useDatabase } from '../../../../test/kit/database.ts'
import { closeFrame } from '../../../../test/kit/frames.ts'
import { addPeople } from '../../../../test/kit/people.ts'
import { hello, type PresenceNode, startPresenceNode } from '../../../../test/kit/presence.ts'
import { random } from '../../../../test/kit/random.ts'
import { RawPeer } from '../../../../test/kit/raw-peer.ts'
import type { Device } from '../../../../test/kit/sync-server.ts'
import { startTcpProxy } from '../../../../test/kit/tcp-proxy.ts'
import { openDatabase } from '../db/database.ts'
import { createLogger } from '../logger.ts'
import { EXPIRES_AFTER, presentSince } from './expiry.ts'

const db = useDatabase()
const nodes: PresenceNode[] = []
let ana: UserId
let ben: UserId
let time: number

const start = async (database = db): Promise<PresenceNode> => {
  const node = await startPresenceNode(database, () => time)
  nodes.push(node)
  return node
}

beforeEach(async () => {
  time = 1_000_000_000
  ;[ana, ben] = (await addPeople(db.pool, 2)) as [UserId, UserId]
})
afterEach(async () => {
  for (const node of nodes.splice(0)) await node.close()
  vi.useRealTimers()
  await db.pool.query(`DELETE FROM active_connections`)
})

interface Row {
  user_id: UserId
  node: string
  connected_at: number
  heartbeat_at: number
}
const rowsOf = async (user: UserId): Promise<Row[]> =>
  (await db.pool.query<Row>(`SELECT * FROM active_connections WHERE user_id = $1`, [user])).rows
const lastActiveAt = async (user: UserId): Promise<number | null> => {
  const { rows } = await db.pool.query<{ at: number | null }>(
    `SELECT last_active_at AS at FROM users WHERE id = $1`,
    [user],
  )
  return rows[0]?.at ?? null
}
/** As the append asks it, before it notifies somebody. */
const isPresent = async (user: UserId): Promise<boolean> => {
  const { rows } = await db.pool.query(
    `SELECT WHERE EXISTS (SELECT FROM active_connections WHERE user_id = $1 AND heartbeat_at > $2)`,
    [user, presentSince(time)],
  )
  return rows.length === 1
}
/** Lets the server hear from a device. */
async function speak(device: Device): Promise<void> {
  const account = device.account()
  accountRoots(account.doc).drafts.set(newId(), 'half a thought')
  await account.until(() => !account.provider.hasUnsyncedChanges)
}
const soon = <T>(look: () => T) => expect.poll(look, { timeout: 20_000 })
const becomesGone = (node: PresenceNode, user: UserId) =>
  soon(() => node.gone.filter((each) => each.user === user)).toHaveLength(1)

test('a greeted device has an active connection, and has none when it has left', async () => {
  const node = await start()
  const device = await node.connect(ana)
  expect(await rowsOf(ana)).toMatchObject([{ connected_at: time, heartbeat_at: time }])
  expect(await isPresent(ana)).toBe(true)
  time += 5_000
  device.close()
  await soon(() => rowsOf(ana)).toEqual([])
  await becomesGone(node, ana)
  expect(await lastActiveAt(ana)).toBe(time)
  expect(node.gone).toEqual([{ user: ana, lastHeardAt: time }])
})

test('whoever has another connection, here or on another node, is not gone; the last one says so, once', async () => {
  const [one, two] = [await start(), await start()]
  const [a, b, c] = [await one.connect(ana), await one.connect(ana), await two.connect(ana)]
  expect(await rowsOf(ana)).toHaveLength(3)
  expect(new Set((await rowsOf(ana)).map((row) => row.node)).size).toBe(2)
  a.close()
  await soon(() => rowsOf(ana)).toHaveLength(2)
  b.close()
  await soon(() => rowsOf(ana)).toHaveLength(1)
  expect(await lastActiveAt(ana)).toBeNull()
  c.close()
  await becomesGone(two, ana)
  expect(one.gone).toEqual([])
  expect(await lastActiveAt(ana)).toBe(time)
})

test('the last two connections of somebody, ended at once on two nodes, are one going', async () => {
  const [one, two] = [await start(), await start()]
  const people = await addPeople(db.pool, 20)
  const pairs = await Promise.all(
    people.map(async (user) => [await one.connect(user), await two.connect(user)] as const),
  )
  for (const pair of pairs) for (const device of pair) device.close()
  await soon(() => one.gone.length + two.gone.length).toBeGreaterThanOrEqual(people.length)
  expect([...one.gone, ...two.gone].map(({ user }) => user).toSorted()).toEqual(people.toSorted())
  for (const user of people) expect(await rowsOf(user)).toEqual([])
})

test('a device that lets go of its account and opens it again over the same socket is one connection', async () => {
  const node = await start()
  const device = await node.connect(ana)
  const { provider, stateless, until } = device.account()
  const [before] = await rowsOf(ana)
  provider.detach()
  await soon(() => rowsOf(ana)).toEqual([])
  provider.attach()
  await until(() => stateless.filter(({ type }) => type === 'hello').length === 2)
  const after = await rowsOf(ana)
  expect(after).toMatchObject([{ node: before?.node }])
})

test('[S5] a socket that opens its account under many names is one connection, until it has let go of the last', async () => {
  const node = await start()
  const { token } = await node.auth.tokens.create(ana, 'test')
  const peer = await RawPeer.connect(node.url.replace('/sync', ''))
  const names = [1, 2, 3].map((n) => `${accountDocument(ana)}\0${n}`)
  for (const name of names) {
    expect(await peer.open(name, token)).toMatchObject({ granted: true })
    await peer.next('stateless', ({ document }) => document === name)
  }
  expect(await rowsOf(ana)).toHaveLength(1)
  for (const name of names.slice(1)) {
    peer.send(closeFrame(name))
    await peer.next('close', ({ document }) => document === name)
  }
  // Whoever comes now is stored behind whatever was to be stored before.
  await node.connect(ben)
  expect(await rowsOf(ana)).toHaveLength(1)
  peer.close()
  await soon(() => rowsOf(ana)).toEqual([])
})

test('a heartbeat says of all connections, in one statement, when they were last heard from', async () => {
  const node = await start()
  await Promise.all([ana, ben].flatMap((user) => [node.connect(user), node.connect(user)]))
  const query = vi.spyOn(db.pool, 'query')
  time += 10_000
  const account = (await node.connect(ben)).account()
  await account.until(() => account.provider.isSynced)
  time += 10_000
  query.mockClear()
  node.core.presence.beat()
  await soon(async () => (await rowsOf(ben)).map((row) => row.heartbeat_at)).toContain(time - 10_000)
  const writing = query.mock.calls.filter(([text]) => /INSERT|UPDATE|DELETE/.test(text))
  expect(writing).toHaveLength(1)
  expect((await rowsOf(ana)).map((row) => row.heartbeat_at)).toEqual([time - 20_000, time - 20_000])
  query.mockRestore()
})

test('[N1] what a crashed node has left counts for nothing after a minute, and is swept by another', async () => {
  const lost = openDatabase({ url: db.url, logger: createLogger('silent') })
  const [crashing, other] = [await start(lost), await start()]
  await crashing.connect(ana)
  await crashing.connect(ben)
  const heard = await other.connect(ben)
  // Nothing of it reaches the database any more.
  await lost.close()
  await crashing.close()
  expect(await rowsOf(ana)).toHaveLength(1)
  time += EXPIRES_AFTER - 1
  expect(await isPresent(ana)).toBe(true)
  time += 1
  expect(await isPresent(ana)).toBe(false)
  expect(await rowsOf(ana)).toHaveLength(1)

  await speak(heard)
  other.core.presence.beat()
  await becomesGone(other, ana)
  expect(other.gone).toEqual([{ user: ana, lastHeardAt: time - EXPIRES_AFTER }])
  expect(await lastActiveAt(ana)).toBe(time - EXPIRES_AFTER)
  // Of Ben one connection has expired, and the other has not.
  expect(await rowsOf(ben)).toHaveLength(1)
  expect(await lastActiveAt(ben)).toBeNull()
})

test('a row that was swept while its node could not say otherwise comes back with the next heartbeat', async () => {
  const node = await start()
  await node.connect(ana)
  await db.pool.query(`DELETE FROM active_connections`)
  node.core.presence.beat()
  await soon(() => rowsOf(ana)).toHaveLength(1)
})

test('a socket whose other end is gone without a word is found out, and said to be gone since it was last heard', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const node = await start()
  const network = await startTcpProxy(Number(new URL(node.url).port), random(1))
  const device = await node.connect(ana, node.url.replace(/:\d+/, `:${network.port}`))
  const account = device.account()
  await account.until(() => account.provider.isSynced)
  // What it said before has been heard by then, and nothing of it is on its way when the network stops.
  await speak(device)
  const heardAt = time
  network.freeze()
  time += 20_000
  vi.advanceTimersByTime(20_000)
  expect(await isPresent(ana)).toBe(true)
  time += 20_000
  vi.advanceTimersByTime(20_000)
  await becomesGone(node, ana)
  expect(node.gone).toEqual([{ user: ana, lastHeardAt: heardAt }])
  expect(await rowsOf(ana)).toEqual([])
  expect(await lastActiveAt(ana)).toBe(heardAt)
  device.close()
  await network.close()
})

test('[N4] a node that shuts down removes its rows, and says who is gone with that', async () => {
  const [one, two] = [await start(), await start()]
  await one.connect(ana)
  await one.connect(ben)
  await two.connect(ben)
  await one.close()
  expect(await rowsOf(ana)).toEqual([])
  expect(await rowsOf(ben)).toHaveLength(1)
  expect(one.gone).toEqual([{ user: ana, lastHeardAt: time }])
})

test('a deleted account has no active connection, whatever its sockets say', async () => {
  const node = await start()
  await node.connect(ana)
  await db.pool.query(`DELETE FROM active_connections WHERE user_id = $1`, [ana])
  await db.pool.query(`UPDATE users SET email = NULL, username = NULL, deleted_at = 1 WHERE id = $1`, [ana])
  await node.connect(ben)
  await db.pool.query(`DELETE FROM active_connections WHERE user_id = $1`, [ben])
  node.core.presence.beat()
  await soon(() => rowsOf(ben)).toHaveLength(1)
  expect(await rowsOf(ana)).toEqual([])
})

test('whoever is there for the first time was never here; later it is when they left', async () => {
  const node = await start()
  const first = await node.connect(ana)
  expect((await hello(first)).lastActiveAt).toBeNull()
  time += 7_000
  first.close()
  await becomesGone(node, ana)
  time += 60_000
  expect((await hello(await node.connect(ana))).lastActiveAt).toBe(time - 60_000)
})

test('a second device hears when the first was last heard from: the person has been here all the time', async () => {
  const [one, two] = [await start(), await start()]
  const first = await one.connect(ana)
  time += 9_000
  await speak(first)
  time += 1_000
  expect((await hello(await one.connect(ana))).lastActiveAt).toBe(time - 1_000)
  // Another node knows it to the heartbeat.
  expect((await hello(await two.connect(ana))).lastActiveAt).toBe(time)
})
