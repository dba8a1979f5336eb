import { newId } from '@parley/protocol'
import pg from 'pg'
import { markedText } from '../load/marker.ts'
import type { Group } from '../world.ts'
import { type Contestant, Server } from './contestant.ts'

const BATCH = 10_000

export async function startFloor(database: string): Promise<Contestant> {
  const server = await Server.start({
    entry: new URL('./floor-server.ts', import.meta.url),
    environment: { DATABASE_URL: database },
    readyPath: '/',
  })
  return {
    dialect: 'floor',
    url: server.url,
    server,
    // Members name themselves when they come.
    settle: () => Promise.resolve(),
    fill: (group, count) => fill(database, group, count),
    stop: () => server.stop(),
  }
}

async function fill(database: string, { id, members }: Group, count: number): Promise<void> {
  const client = new pg.Client(database)
  await client.connect()
  const { rows } = await client.query(
    'SELECT 1 FROM messages WHERE conversation = $1 AND seq >= $2 LIMIT 1',
    [id, count],
  )
  for (let first = 0; first < (rows.length > 0 ? 0 : count); first += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, count - first) }, (_, index) => first + index)
    await client.query(
      `INSERT INTO messages (conversation, seq, id, author, at, text)
        SELECT $1, number + 1, id, $2, $3, text FROM unnest($4::bigint[], $5::uuid[], $6::text[]) AS m (number, id, text)`,
      [
        id,
        members[0]?.id,
        Date.now(),
        numbers,
        numbers.map(() => newId()),
        numbers.map((n) => markedText(0, n, 0)),
      ],
    )
  }
  await client.query('ANALYZE messages')
  await client.end()
}
