import type { UserId } from '@parley/protocol'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { EXPIRES_AFTER } from '../../apps/server/src/presence/expiry.ts'
import { GRACE } from '../../apps/server/src/presence/presence.ts'
import { type Database, openDatabase } from '../../apps/server/src/db/database.ts'
import { createLogger } from '../../apps/server/src/logger.ts'
import { useDatabase } from '../kit/database.ts'
import { addPeople, befriend } from '../kit/people.ts'
import { hello, type PresenceNode, seen, startPresenceNode } from '../kit/presence.ts'
import { startDatabaseProxy, type TcpProxy } from '../kit/tcp-proxy.ts'

// The server reaches PostgreSQL through a network that can be cut; the test looks past it.
const direct = useDatabase()
let proxy: TcpProxy
let database: Database
let node: PresenceNode
let time = 1_000_000_000
let ana: UserId
let ben: UserId

beforeAll(async () => {
  const through = await startDatabaseProxy(direct.url)
  proxy = through.proxy
  database = openDatabase({ url: through.url, logger: createLogger('silent') })
  node = await startPresenceNode(database, () => time)
})
beforeEach(async () => {
  ;[ana, ben] = (await addPeople(direct.pool, 2)) as [UserId, UserId]
  await befriend(direct.pool, ana, ben)
})
afterAll(async () => {
  proxy.heal()
  await node.close()
  await database.close()
  await proxy.close()
})

const heartbeats = async (user: UserId): Promise<number[]> => {
  const { rows } = await direct.pool.query<{ heartbeat_at: number }>(
    `SELECT heartbeat_at FROM active_connections WHERE user_id = $1`,
    [user],
  )
  return rows.map((row) => row.heartbeat_at)
}
const soon = <T>(look: () => T) => expect.poll(look, { timeout: 30_000 })

test('[N3] who leaves while the database is away has left once it is back; who stays was there all the time', async () => {
  const leaving = await node.connect(ana)
  const staying = await node.connect(ben)
  const theirs = staying.account()
  await theirs.until(() => seen(theirs, ana)?.online === true)
  proxy.cut()
  time += 10_000
  leaving.close()
  node.core.presence.beat()
  const leftAt = time
  time += EXPIRES_AFTER
  expect(node.gone).toEqual([])
  expect(await heartbeats(ana)).toHaveLength(1)

  proxy.heal()
  await soon(() => heartbeats(ana)).toEqual([])
  await soon(() => node.gone.map(({ user }) => user)).toEqual([ana])
  await soon(() => {
    time += GRACE
    return seen(theirs, ana)?.online
  }).toBe(false)
  expect(seen(theirs, ana)?.lastActiveAt).toBe(node.gone[0]?.lastHeardAt)
  expect(node.gone[0]?.lastHeardAt).toBeGreaterThanOrEqual(leftAt)
  // A row that could not be renewed meanwhile is not swept with the first heartbeat after it.
  expect(await heartbeats(ben)).toHaveLength(1)
})

test('[N3] what should be done when somebody has gone is done when it can be', async () => {
  const missed: UserId[] = []
  let isAway = true
  node.core.presence.onGone(async (user) => {
    if (isAway) throw Object.assign(new Error('gone'), { code: 'ECONNREFUSED' })
    missed.push(user)
  })
  const leaving = await node.connect(ana)
  leaving.close()
  await soon(() => node.gone.some(({ user }) => user === ana)).toBe(true)
  const other = await node.connect(ben)
  expect((await hello(other)).lastActiveAt).toBeNull()
  isAway = false
  await soon(() => missed).toEqual([ana])
})
