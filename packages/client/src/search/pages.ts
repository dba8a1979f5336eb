import { conversationId, millis, seq } from '@parley/protocol'
import { z } from 'zod'
import { byNewest, type Key } from './index-port.ts'

const key = z.object({ at: millis, conversation: conversationId, seq })

/** The window that a page ended in, and its last result if there is more in that window. */
export const searchCursor = z.object({
  below: key.optional(),
  last: key.extend({ score: z.int() }).optional(),
})
export type SearchCursor = z.infer<typeof searchCursor>

/** How many matches are ranked together, as on the server: the newest so many by score, then the next so many. */
const WINDOW = 200
/** When a window's messages have gone from the device while we look, so many more are tried. */
const MAX_WINDOWS = 4

export interface Ranked extends Key {
  /** What results are ordered by, highest first. */
  readonly score: number
}

/** Matches, newest first. */
export interface Window {
  readonly matches: readonly Ranked[]
  readonly hasMore: boolean
}

export interface Page<T> {
  readonly hits: readonly T[]
  readonly next?: SearchCursor
}

/** One page of what `newest` finds, best first, each made a hit by `read`, which leaves out what has gone. */
export async function pageOf<T>(
  newest: (below: Key | undefined, count: number) => Promise<Window>,
  read: (found: readonly Ranked[]) => Promise<readonly T[]>,
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
  { matches, hasMore }: Window,
  last: Ranked | undefined,
  size: number,
): { readonly found: readonly Ranked[]; readonly next?: SearchCursor } {
  const [newest, oldest] = [matches.at(0), matches.at(-1)]
  if (newest === undefined || oldest === undefined) return { found: [] }
  const left = matches.toSorted(byScore).filter((each) => last === undefined || byScore(each, last) > 0)
  const found = left.slice(0, size)
  if (left.length > size) {
    // The same window again, whatever is said meanwhile.
    const { at, conversation, seq } = newest
    return { found, next: { below: { at, conversation, seq: seq + 1 }, last: found.at(-1) } }
  }
  const { at, conversation, seq } = oldest
  return hasMore ? { found, next: { below: { at, conversation, seq } } } : { found }
}

const byScore = (a: Ranked, b: Ranked): number => b.score - a.score || byNewest(a, b)
