import { type ConversationId, newId } from '@parley/protocol'
import pg from 'pg'
import { afterEach, expect, test } from 'vitest'
import { useDatabase } from '../../../../test/kit/database.ts'
import { createLogger } from '../logger.ts'
import type { Announcement } from './announcement.ts'
import { announce, AnnouncementListener } from './announcements.ts'

const database = useDatabase()
const NEVER_MS = 2 ** 30

const listeners: AnnouncementListener[] = []
afterEach(async () => {
  await Promise.all(listeners.splice(0).map((listener) => listener.close()))
})

interface Ear {
  readonly heard: Announcement[]
  /** Resolves when this has been heard. */
  until(announcement: Announcement): Promise<void>
}

function listen(sweepMs = NEVER_MS, hear: (announcement: Announcement) => void = () => undefined): Ear {
  const heard: Announcement[] = []
  let wake = Promise.withResolvers<void>()
  const listener = new AnnouncementListener({
    url: database.url,
    db: database.kysely,
    logger: createLogger('silent'),
    sweepMs,
    hear: (announcement) => {
      hear(announcement)
      heard.push(announcement)
      wake.resolve()
      wake = Promise.withResolvers()
    },
  })
  listeners.push(listener)
  return {
    heard,
    async until(announcement) {
      while (!heard.some((each) => JSON.stringify(each) === JSON.stringify(announcement))) await wake.promise
    },
  }
}

const news = (): Announcement => ({ about: 'log', conversation: newId<ConversationId>(), after: 3 })

const idOf = (announcement: Announcement) => 'conversation' in announcement && announcement.conversation

const say = (...announcements: Announcement[]) => announce(database.kysely, announcements)

/** Says it until it is heard: a listener has no moment at which others can know that it listens. */
async function listening(ear: Ear): Promise<void> {
  const first = news()
  await say(first)
  await ear.until(first)
}

test('what one process announces every listener hears, each once and in order', async () => {
  const ears = [listen(), listen()]
  for (const ear of ears) await listening(ear)
  const said = [news(), news(), news()]
  await say(...said.slice(0, 2))
  await say(...said.slice(2))
  for (const ear of ears) {
    await ear.until(said[2] as Announcement)
    expect(ear.heard.filter((each) => said.some((one) => idOf(one) === idOf(each)))).toEqual(said)
  }
})

test('it is heard at the COMMIT of what it is about, and never if that is taken back', async () => {
  const ear = listen()
  await listening(ear)
  const [undone, done, last] = [news(), news(), news()]
  await expect(
    database.kysely.transaction().execute(async (tx) => {
      await announce(tx, [undone])
      throw new Error('taken back')
    }),
  ).rejects.toThrow('taken back')
  await database.kysely.transaction().execute(async (tx) => {
    await announce(tx, [done])
    await say(last)
    await ear.until(last)
    expect(ear.heard).not.toContainEqual(done)
  })
  await ear.until(done)
  expect(ear.heard).not.toContainEqual(undone)
})

test('[N3] what is said while the listening connection is lost is heard when it is back', async () => {
  const ear = listen()
  await listening(ear)
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  const missed = news()
  await client.query('BEGIN')
  // However soon the listener is back, what it reads then is with the insertion.
  await client.query('LOCK TABLE announcements')
  const { rowCount } = await client.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'parley announcements'`,
  )
  expect(rowCount).toBeGreaterThan(0)
  // Without a notification: only the return of the connection can bring it.
  await client.query('INSERT INTO announcements (announcement) VALUES ($1)', [missed])
  await client.query('COMMIT')
  await client.end()
  await ear.until(missed)
})

test('[N2] a notification that gets lost delays until the next sweep', async () => {
  const ear = listen(50)
  const silent = news()
  await database.pool.query('INSERT INTO announcements (announcement) VALUES ($1)', [silent])
  await ear.until(silent)
})

test('what could not be acted on is tried again; what a newer version says holds nothing up', async () => {
  const stubborn = news()
  let failures = 0
  const ear = listen(50, (announcement) => {
    if (idOf(announcement) !== idOf(stubborn)) return
    failures += 1
    if (failures < 3) throw new Error('not now')
  })
  await database.pool.query(`INSERT INTO announcements (announcement) VALUES ('{"about":"something new"}')`)
  await say(stubborn)
  await ear.until(stubborn)
  expect(failures).toBe(3)
})

test('announcements are kept for a day', async () => {
  await database.pool.query(
    `INSERT INTO announcements (said_at, announcement) VALUES (now() - interval '25 hours', '{"about":"old"}')`,
  )
  await say(news())
  const { rows } = await database.pool.query(
    `SELECT FROM announcements WHERE announcement ->> 'about' = 'old'`,
  )
  expect(rows).toEqual([])
})
