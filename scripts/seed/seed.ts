import type { Millis, UserId } from '@parley/protocol'
import type pg from 'pg'
import { random } from '../../test/kit/random.ts'
import { makePeople } from './people.ts'
import { planConversations } from './plan.ts'
import { END, type Sizes, START } from './sizes.ts'
import {
  type Said,
  storeAttachments,
  storeConversations,
  storeEvents,
  storeMembers,
  storePeople,
  storeRequestNotices,
} from './store.ts'
import { Talk } from './talk.ts'
import { Waiting } from './waiting.ts'
import { createSpeech } from './words.ts'

export interface Seeded {
  readonly users: number
  readonly conversations: number
  readonly events: number
}

/** How much is said, about, between two visits to the database. */
const EVENTS_A_SLICE = 10_000

/**
 * Fills an empty, migrated database with a world: everything in it is what a server would have
 * stored if all of it had been said one by one. Time passes in slices over all conversations.
 */
export async function seed(
  client: pg.ClientBase,
  sizes: Sizes,
  passwordHash: string,
  onProgress: (events: number) => void = () => undefined,
): Promise<Seeded> {
  const { rows } = await client.query('SELECT FROM users LIMIT 1')
  if (rows.length > 0) throw new Error('there are people in this database already: seed an empty one')
  // What is lost in a power cut is made again.
  await client.query('SET synchronous_commit = off')
  const draws = random(sizes.seed)
  const people = makePeople(draws.fork(), sizes)
  await storePeople(client, people, passwordHash)

  const speech = createSpeech(draws.fork())
  const handles = new Map<UserId, string>(people.users.map(({ id, username }) => [id, username]))
  const talks = planConversations(draws.fork(), people, sizes).map(
    (plan) => new Talk(plan, people.users, handles, draws.fork(), speech),
  )
  const waiting = new Map(talks.map((talk) => [talk, new Waiting()]))
  const sent: Said[] = []
  let events = 0
  const step = Math.ceil((END - START) / 2 / Math.ceil(sizes.events / EVENTS_A_SLICE))
  let storing: Promise<void> = Promise.resolve()
  for (let time: Millis = START + (END - START) / 2; time < END + step; time += step) {
    const said: Said[] = []
    for (const talk of talks) {
      for (const event of talk.until(Math.min(time, END), (it) => waiting.get(talk)?.take(talk, it))) {
        said.push({ talk, event })
        if (event.type === 'message' && event.attachments !== undefined) sent.push({ talk, event })
      }
    }
    events += said.length
    await storing
    onProgress(events)
    storing = storeEvents(client, said)
    // Awaited a slice later; an unhandled rejection in between would end the process without a word.
    storing.catch(() => undefined)
  }
  await storing
  await storeConversations(client, talks)
  const rest = draws.fork()
  await storeMembers(client, rest, talks, waiting)
  await storeRequestNotices(client, rest, people)
  await storeAttachments(client, sent)
  await client.query('VACUUM ANALYZE')
  return { users: people.users.length, conversations: talks.length, events }
}
