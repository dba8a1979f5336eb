import { parseArgs } from 'node:util'
import pg from 'pg'
import { createPasswords } from '../apps/server/src/auth/passwords.ts'
import { openDatabase } from '../apps/server/src/db/database.ts'
import { migrate } from '../apps/server/src/db/migrate.ts'
import { createLogger } from '../apps/server/src/logger.ts'
import { seed } from './seed/seed.ts'

/**
 * Fills the empty PostgreSQL at DATABASE_URL with a made-up server that has run for a year:
 * `npx node scripts/seed.ts --users 100000 --conversations 20000 --events 2000000`. The same numbers and
 * the same `--seed` give the same world. Two million events take three and a half minutes on two quiet
 * cores, and 2 GB of memory; a server that is started on them has indexed them for search after another three.
 */
const PASSWORD = 'everybody in here has this password'

const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '1000' },
    conversations: { type: 'string', default: '200' },
    events: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
  },
})
const number = (name: keyof typeof values, min: number): number => {
  const value = Number(values[name])
  if (!Number.isSafeInteger(value) || value < min)
    throw new Error(`--${name} should be a whole number from ${min} on`)
  return value
}
const sizes = {
  users: number('users', 10),
  conversations: number('conversations', 5),
  events: number('events', 100),
  seed: number('seed', 0),
}
const connectionString = process.env['DATABASE_URL']
if (connectionString === undefined) throw new Error('set DATABASE_URL to an empty PostgreSQL database')

const logger = createLogger('warn')
const database = openDatabase({ url: connectionString, logger })
await migrate(database.pool, logger)
await database.close()

const started = performance.now()
const client = new pg.Client({ connectionString })
await client.connect()
try {
  const passwordHash = await createPasswords().hash(PASSWORD)
  const made = await seed(client, sizes, passwordHash, (events) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${events} events`)
  })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  process.stdout.write(
    `${made.users} users, ${made.conversations} conversations and ${made.events} events in ${seconds} s; ` +
      `everybody's password is "${PASSWORD}"\n`,
  )
} finally {
  await client.end()
}
