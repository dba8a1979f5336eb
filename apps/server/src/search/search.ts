import {
  type CalendarDate,
  conversationId,
  type ConversationId,
  formatSearchQuery,
  millis,
  type Millis,
  parseSearchQuery,
  type rest,
  type SearchQuery,
  startOfDay,
  type UserId,
  type Wants,
  wantsOf,
} from '@parley/protocol'
import { sql } from 'kysely'
import { z } from 'zod'
import type { Db } from '../queries/db.ts'
import { byScore, type Candidate, type Matches, newestMatches } from './candidates.ts'
import { toIndexQuery } from './lexemes.ts'
import { peopleIn } from './people.ts'
import { placesOf } from './places.ts'
import { readResults } from './results.ts'

export interface SearchRequest {
  readonly user: UserId
  /** As {@link parseSearchQuery} understands it. */
  readonly typed: string
  readonly conversation?: ConversationId | undefined
  readonly author?: UserId | undefined
  /** Said before this moment. */
  readonly before?: Millis | undefined
  /** Said at this moment or later. */
  readonly after?: Millis | undefined
  readonly limit: number
  /** Where the page before ended. */
  readonly from?: SearchCursor | undefined
}

const key = z.tuple([millis, conversationId, z.int()])
/** The window that the page before ended in, and its last result if there is more in that window. */
export const searchCursor = z.strictObject({
  below: key.optional(),
  last: z.strictObject({ key, score: z.int() }).optional(),
})
export type SearchCursor = z.infer<typeof searchCursor>

export interface Found {
  readonly results: readonly rest.SearchResult[]
  readonly next?: SearchCursor
}

/**
 * How many matches are ranked together: the newest so many that match are ordered by score, then the
 * next so many. So a word that is in every message is found without looking at every message.
 */
const WINDOW = 200
/** When a window's messages have all gone while we look, so many more are tried; then the page is short. */
const MAX_WINDOWS = 4
const STATEMENT_MS = 2_000

/**
 * Messages that answer a query, of the conversations the user is in at this moment; undefined when
 * `conversation` is none of them. Rejects when the database takes too long.
 */
export function search(db: Db, request: SearchRequest): Promise<Found | undefined> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (tx) => {
      // The planner cannot know how few messages a place and a word have in common.
      await sql`SELECT set_config('statement_timeout', ${String(STATEMENT_MS)}, true),
                       set_config('enable_seqscan', 'off', true)`.execute(tx)
      return findPage(tx, request)
    })
}

async function findPage(db: Db, request: SearchRequest): Promise<Found | undefined> {
  const { user, conversation, author, limit } = request
  const parsed = parseSearchQuery(request.typed)
  const wants = wantsOf(parsed)
  const named = await peopleIn(db, parsed)
  const places = await placesOf(db, user, conversation, named.where)
  if (places === undefined) return undefined
  const authors =
    author === undefined ? named.authors : (named.authors ?? [author]).filter((id) => id === author)
  if (isEmpty(parsed, wants) || authors?.length === 0) return { results: [] }

  const query = toIndexQuery(wants, { authors, hasFile: parsed.hasFile })
  const range = {
    before: Math.min(request.before ?? END_OF_TIME, startOf(parsed.before) ?? END_OF_TIME),
    after: Math.max(request.after ?? 0, startOf(parsed.after) ?? 0),
  }
  const results: rest.SearchResult[] = []
  let next = request.from ?? {}
  for (let windows = 0; windows < MAX_WINDOWS && results.length < limit; windows += 1) {
    const matches = await newestMatches(db, query, places, { ...range, below: next.below }, WINDOW)
    const page = pageOf(matches, next.last, limit - results.length)
    results.push(...(await readResults(db, user, page.found, wants)))
    if (page.next === undefined) return { results }
    next = page.next
  }
  return { results, next }
}

const END_OF_TIME = Number.MAX_SAFE_INTEGER
const startOf = (date: CalendarDate | undefined): Millis | undefined =>
  date === undefined ? undefined : startOfDay(date)

/** Signs alone, and nothing that narrows: everything would match. */
const isEmpty = (query: SearchQuery, { present, absent }: Wants): boolean =>
  present.length + absent.length === 0 && formatSearchQuery({ ...query, terms: [] }) === ''

/** Of the matches of a window, those behind `last`, best first. */
function pageOf(
  { matches, hasMore }: Matches,
  last: Candidate | undefined,
  size: number,
): { readonly found: readonly Candidate[]; readonly next?: SearchCursor } {
  const [newest, oldest] = [matches.at(0), matches.at(-1)]
  if (newest === undefined || oldest === undefined) return { found: [] }
  const left = matches.toSorted(byScore).filter((match) => last === undefined || byScore(match, last) > 0)
  const found = left.slice(0, size)
  if (left.length > size) {
    // The same window again, whatever is said meanwhile.
    const [at, conversation, seq] = newest.key
    return { found, next: { below: [at, conversation, seq + 1], last: found.at(-1) } }
  }
  return hasMore ? { found, next: { below: oldest.key } } : { found }
}
