import type { Connection } from '@hocuspocus/server'
import { newId, type UserId } from '@parley/protocol'
import { expect, test, vi } from 'vitest'
import { useDatabase } from '../../../../test/kit/database.ts'
import { addPeople } from '../../../../test/kit/people.ts'
import { Bus } from '../log/bus.ts'
import { createLogger } from '../logger.ts'
import { createPresence, GRACE, type Presence } from './presence.ts'

const db = useDatabase()
const PEOPLE = 1_000

/** A connection without a socket under it: what it is told is kept. */
function connect(presence: Presence, user: UserId, heardAt: number) {
  let isOpen = true
  const endings: (() => void)[] = []
  const online = new Set<UserId>()
  let told = 0
  const connection = {
    document: { hasConnection: () => isOpen },
    onClose: (ending: () => void) => endings.push(ending),
    sendStateless: (payload: string) => {
      const message = JSON.parse(payload) as { user: UserId; online: boolean }
      told += 1
      if (message.online) online.add(message.user)
      else online.delete(message.user)
    },
  } as unknown as Connection
  const greeted = presence.opened(connection, { heardAt }, user).then((lastActiveAt) => {
    presence.listen(connection, user)
    return lastActiveAt
  })
  return {
    online,
    greeted,
    told: () => told,
    close: () => {
      isOpen = false
      for (const ending of endings) ending()
    },
  }
}

test('a thousand members of one group who come together, stay and go cost a handful of queries, and each hears of each once', async () => {
  const people = await addPeople(db.pool, PEOPLE)
  const group = newId()
  await db.pool.query(
    `INSERT INTO conversations (id, kind, created_by, created_at) VALUES ($1, 'group', $2, 0)`,
    [group, people[0]],
  )
  await db.pool.query(
    `INSERT INTO participants (conversation, user_id, role, since_seq) SELECT $1, unnest($2::uuid[]), 'member', 1`,
    [group, people],
  )
  let time = 1_000_000
  let queries = 0
  // What goes through the pool, and what goes through a connection taken from it for a transaction.
  const query = vi.spyOn(db.pool, 'query')
  const taken = vi.spyOn(db.pool, 'connect')
  const count = (): number =>
    query.mock.calls.length + 4 * (taken.mock.calls.length - query.mock.calls.length)
  const presence = createPresence({
    pool: db.pool,
    bus: new Bus(() => undefined),
    now: () => time,
    logger: createLogger('silent'),
  })
  let gone = 0
  presence.onGone(async () => void (gone += 1))

  const connections = people.map((user) => connect(presence, user, time))
  await Promise.all(connections.map(({ greeted }) => greeted))
  await expect
    .poll(() => connections.every(({ online }) => online.size === PEOPLE - 1), { timeout: 60_000 })
    .toBe(true)
  // Two statements store the rows (the first one alone, the others behind it), and ten read a hundred circles each.
  expect((queries = count())).toBeLessThan(20)
  expect(connections.map(({ told }) => told())).toEqual(connections.map(() => PEOPLE - 1))

  time += 20_000
  presence.beat()
  await expect
    .poll(async () => {
      const { rows } = await db.writers.query<{ n: number }>(`SELECT count(*) AS n FROM active_connections`)
      return rows[0]?.n
    })
    .toBe(PEOPLE)
  expect(count() - queries).toBeLessThan(4)
  queries = count()

  const [staying, ...leaving] = connections
  for (const each of leaving) each.close()
  await expect.poll(() => gone, { timeout: 60_000 }).toBe(PEOPLE - 1)
  time += GRACE
  await expect.poll(() => staying?.online.size, { timeout: 60_000 }).toBe(0)
  expect(count() - queries).toBeLessThan(20)
  expect(staying?.told()).toBe(2 * (PEOPLE - 1))
  await presence.close()
  query.mockRestore()
  taken.mockRestore()
})
