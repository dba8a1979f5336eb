import type { SearchHit } from '@parley/client'
import { findIn, parseSearchQuery, type rest, searchScore, wantsOf } from '@parley/protocol'

/** Hits of this device and of the server, each once, the best first. */
export function mergedHits(lists: readonly (readonly SearchHit[])[]): readonly SearchHit[] {
  const byId = new Map(lists.flat().map((hit) => [hit.event.id, hit]))
  return [...byId.values()].toSorted(
    (a, b) => b.score - a.score || b.event.at - a.event.at || b.event.seq - a.event.seq,
  )
}

/** What the server has found, as if it had been found here. */
export function asHits(typed: string, results: readonly rest.SearchResult[]): readonly SearchHit[] {
  const wants = wantsOf(parseSearchQuery(typed))
  return results.map(({ conversation, message, highlights }) => {
    const fit = findIn(message, wants)?.fit ?? { isWhole: false, isInOrder: false }
    return { conversation, event: message, highlights, score: searchScore(message.at, fit) }
  })
}
