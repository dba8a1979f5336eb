import type { UserId } from '@parley/protocol'
import type pg from 'pg'
import { addAccounts } from '../kit/accounts.ts'
import type { Actor, Doors } from '../kit/doors.ts'
import { befriend } from '../kit/people.ts'
import { viaOutbox } from './cases.ts'
import { type Cast, directPlaceOf, type Place, type Standing } from './places.ts'

export const STANDINGS: readonly Standing[] = ['owner', 'admin', 'member', 'removed', 'stranger']

/** One place that many act on, who speak there or are refused. */
export interface Shared {
  readonly place: Place
  /** Who acts there, by what they are to it. */
  readonly actors: ReadonlyMap<string, Actor>
}

export async function castOf(doors: Doors, pool: pg.Pool): Promise<Cast> {
  const [owner, admin, member, removed, stranger] = (await doors.actors(
    'Owner',
    'Admin',
    'Member',
    'Removed',
    'Stranger',
  )) as [Actor, Actor, Actor, Actor, Actor]
  const [owner2, admin2, member2, newcomer, blocker] = (
    await addAccounts(pool, ['Owner2', 'Admin2', 'Member2', 'Newcomer', 'Blocker'])
  ).map(({ id }) => id) as [UserId, UserId, UserId, UserId, UserId]
  await pool.query(`INSERT INTO blocks (blocker, blocked, at) SELECT $1, id, 0 FROM users WHERE id <> $1`, [
    blocker,
  ])
  return { owner, admin, member, removed, stranger, owner2, admin2, member2, newcomer, blocker }
}

/** What becomes of two who were friends when their conversation began. */
const ENDINGS: Readonly<Record<string, (one: Actor, other: Actor) => Promise<unknown>>> = {
  'direct, friends': () => Promise.resolve(),
  'direct, friends no more': (one, other) => one.ask('DELETE', `/api/friends/${other.id}`),
  'direct, the first has blocked the other': (one, other) => one.ask('PUT', `/api/blocks/${other.id}`),
  'direct, the other has blocked the first': (one, other) => other.ask('PUT', `/api/blocks/${one.id}`),
  'direct, the other is deleted': (_one, other) => other.ask('DELETE', '/api/users/me'),
}
export const DIRECT = Object.keys(ENDINGS)

/** Who there is to a conversation of two. */
export const standingsIn = (direct: string): readonly Standing[] =>
  direct.endsWith('deleted') ? ['owner', 'stranger'] : ['owner', 'member', 'stranger']

/** A conversation of two for each of the endings; `before` is done while they are friends. */
export async function directPlaces(
  doors: Doors,
  pool: pg.Pool,
  stranger: Actor,
  before: (place: Place, one: Actor) => Promise<unknown> = () => Promise.resolve(),
): Promise<Shared[]> {
  const places: Shared[] = []
  for (const [name, end] of Object.entries(ENDINGS)) {
    const [one, other] = (await doors.actors('One', 'Other')) as [Actor, Actor]
    await befriend(pool, one.id, other.id)
    const areFriends = name === 'direct, friends'
    const { place, commands } = directPlaceOf(one, other, areFriends, name)
    await viaOutbox(one, commands)
    await before(place, one)
    await end(one, other)
    const actors = { owner: one, member: other, stranger }
    const standings = standingsIn(name) as readonly (keyof typeof actors)[]
    places.push({ place, actors: new Map(standings.map((standing) => [standing, actors[standing]])) })
  }
  return places
}
