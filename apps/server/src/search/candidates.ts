import { type ConversationId, type Millis, searchScore, type Seq } from '@parley/protocol'
import { sql } from 'kysely'
import type { Db } from '../queries/db.ts'
import type { IndexQuery } from './lexemes.ts'
import type { Place } from './places.ts'

/** Where a message stands among all of them: newest first, and never two at the same place. */
export type Key = [at: Millis, conversation: ConversationId, seq: Seq]

export interface Candidate {
  readonly key: Key
  /** What results are ordered by, highest first. */
  readonly score: number
}

export interface Range {
  /** Only what comes behind this one, from new to old. */
  readonly below: Key | undefined
  /** Said before this moment. */
  readonly before: Millis
  /** Said at this moment or later. */
  readonly after: Millis
}

/** How many events are looked through first, and how much further at least when that was not enough. */
const FIRST_LOOK = 4096
const FURTHER = 4
const MAX_PLACES = 2000

/** Newest first. */
export interface Matches {
  readonly matches: readonly Candidate[]
  readonly hasMore: boolean
}

/** The newest `count` messages that fulfil the query, newest first, and whether there are more. */
export async function newestMatches(
  db: Db,
  query: IndexQuery,
  places: readonly Place[],
  range: Range,
  count: number,
): Promise<Matches> {
  const until = range.below === undefined ? range.before : Math.min(range.before, range.below[0] + 1)
  const inRange = places.filter(({ from, to }) => from < until && to >= range.after)
  let found: Candidate[] = []
  let looked = 0
  let look = FIRST_LOOK
  for (let next = 0; next < inRange.length;) {
    const batch = inRange.slice(next, next + countHolding(inRange, next, look))
    next += batch.length
    looked += batch.reduce((events, place) => events + place.events, 0)
    found = [...found, ...(await matchesIn(db, query, batch, range, count + 1))].toSorted(byNewest)
    // In the places that are left there may be something as new as this.
    const unseen = inRange[next]?.to ?? Number.NEGATIVE_INFINITY
    const isCertain = (found[count]?.key[0] ?? Number.NEGATIVE_INFINITY) > unseen
    if (isCertain) break
    // As far as it takes if matches stay as rare as they were; all the way where there was none.
    const missing = Math.max(0, count + 1 - found.length)
    look = Math.max(look * FURTHER, (looked * missing) / found.length)
  }
  return { matches: found.slice(0, count), hasMore: found.length > count }
}

/** How many places, from one on, hold about so many events. */
function countHolding(places: readonly Place[], from: number, look: number): number {
  let events = 0
  const end = places.findIndex((place, index) => index >= from && (events += place.events) >= look)
  return Math.min(end === -1 ? places.length - from : end - from + 1, MAX_PLACES)
}

interface Row {
  conversation: ConversationId
  seq: Seq
  at: Millis
  is_whole: boolean
  is_in_order: boolean
}

/**
 * Each place is asked for by itself: the index finds the few messages that are in a place and hold
 * rare words within microseconds. Asked for all places at once, it would compare each message with
 * each of them.
 */
async function matchesIn(
  db: Db,
  { candidates, condition, whole, ordered }: IndexQuery,
  places: readonly Place[],
  { below, before, after }: Range,
  limit: number,
): Promise<Candidate[]> {
  // As a call and not as an operator a condition is no business of the index.
  const holds = (query: string | undefined, otherwise: boolean) =>
    query === undefined ? sql`${sql.lit(otherwise)}` : sql`ts_match_vq(words, ${query}::tsquery)`
  const { rows } = await sql<Row>`
    SELECT conversation, seq, at, ${holds(whole, true)} AS is_whole, ${holds(ordered, false)} AS is_in_order
    FROM (
      SELECT m.* FROM unnest(${places.map(({ lexeme }) => `'${lexeme}'`)}::text[]) AS place
      CROSS JOIN LATERAL (
        SELECT conversation, seq, at, words FROM message_words
        WHERE words @@ (place::tsquery && ${candidates}::tsquery)
          AND at < ${before} AND at >= ${after} AND ${holds(condition, true)}
          ${below === undefined ? sql`` : sql`AND (at, conversation, seq) < (${below[0]}, ${below[1]}, ${below[2]})`}
      ) m
      ORDER BY at DESC, conversation DESC, seq DESC LIMIT ${limit}
    ) newest`.execute(db)
  return rows.map(({ at, conversation, seq, is_whole, is_in_order }) => ({
    key: [at, conversation, seq],
    score: searchScore(at, { isWhole: is_whole, isInOrder: is_in_order }),
  }))
}

/** As PostgreSQL orders them: ids by their bytes, which is the order of their hexadecimal digits. */
export const byNewest = ({ key: a }: Candidate, { key: b }: Candidate): number =>
  b[0] - a[0] || (a[1] === b[1] ? b[2] - a[2] : a[1] < b[1] ? 1 : -1)

export const byScore = (a: Candidate, b: Candidate): number => b.score - a.score || byNewest(a, b)
