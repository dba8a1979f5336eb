import type { SearchQuery, UserId } from '@parley/protocol'
import type { Db } from '../queries/db.ts'
import type { WhereFilter } from './places.ts'

/** Whom a query names, as the people they are; undefined where it names none. */
export interface Named {
  readonly authors: readonly UserId[] | undefined
  readonly where: WhereFilter | undefined
}

/** Looks up the usernames behind `from:` and `in:@`; who does not exist is nobody, and so has said nothing. */
export async function peopleIn(
  db: Db,
  { from, in: places }: Pick<SearchQuery, 'from' | 'in'>,
): Promise<Named> {
  const titles = places.filter((place) => !place.startsWith('@'))
  const direct = places.filter((place) => place.startsWith('@')).map((place) => place.slice(1).toLowerCase())
  const names = [...from, ...direct]
  const rows =
    names.length === 0
      ? []
      : await db.selectFrom('users').select(['id', 'username']).where('username', 'in', names).execute()
  const called = (wanted: readonly string[]): UserId[] =>
    rows.flatMap(({ id, username }) => (username !== null && wanted.includes(username) ? [id] : []))
  return {
    authors: from.length === 0 ? undefined : called(from),
    where: places.length === 0 ? undefined : { titles, direct: called(direct) },
  }
}
