import { conversationId, millis, seq } from '@parley/protocol'
import { z } from 'zod'
import { byNewest, type IndexMatch, type IndexMatches } from './index-port.ts'

const match = z.object({ conversation: conversationId, seq, at: millis, score: z.int() })

/** Where a page ended: the window it ended in, and its last result if there is more in that window. */
export const searchCursor = z.object({ below: z.int().optional(), last: match.optional() })
export type SearchCursor = z.infer<typeof searchCursor>

/** How many matches are ranked together, as on the server: the newest so many by score, then the next so many. */
const WINDOW = 200
/** When a window's messages have gone from the device while we look, so many more are tried. */
const MAX_WINDOWS = 4

export interface Page<T> {
  readonly hits: readonly T[]
  readonly next?: SearchCursor
}

/** One page of what `newest` finds, best first, each made a hit by `read`, which leaves out what has gone. */
export async function pageOf<T>(
  newest: (below: number | undefined, count: number) => Promise<IndexMatches>,
  read: (found: readonly IndexMatch[]) => Promise<readonly T[]>,
  limit: number,
  from: SearchCursor = {},
): Promise<Page<T>> {
  const hits: T[] = []
  let next: SearchCursor = from
  for (let windows = 0; windows < MAX_WINDOWS && hits.length < limit; windows += 1) {
    const cut = cutWindow(await newest(next.below, WINDOW), next.last, limit - hits.length)
    hits.push(...(await read(cut.found)))
    if (cut.next === undefined) return { hits }
    next = cut.next
  }
  return { hits, next }
}

function cutWindow(
  { matches, places, hasMore }: IndexMatches,
  last: IndexMatch | undefined,
  size: number,
): { readonly found: readonly IndexMatch[]; readonly next?: SearchCursor } {
  const left = matches.toSorted(byScore).filter((each) => last === undefined || byScore(each, last) > 0)
  const found = left.slice(0, size)
  // The same window again, whatever is said meanwhile.
  if (left.length > size) return { found, next: { below: places.to + 1, last: found.at(-1) } }
  return hasMore ? { found, next: { below: places.from } } : { found }
}

const byScore = (a: IndexMatch, b: IndexMatch): number => b.score - a.score || byNewest(a, b)
