import {
  type ConversationId,
  directConversationId,
  isTitled,
  parseSearchQuery,
  type SearchQuery,
  type UserId,
} from '@parley/protocol'
import type { SearchRequest } from './searcher.ts'

/** What this device knows of whom and what a query may name. */
export interface Known {
  readonly me: UserId
  /** Nobody, if nobody of this name was ever met here. */
  readonly userNamed: (username: string) => UserId | undefined
  /** Conversations that have a title of their own, with it. */
  readonly titles: () => Iterable<readonly [ConversationId, string]>
}

/** Whom and which conversations a typed query names: who and what is not known here has said nothing here. */
export function namedIn(
  typed: string,
  known: Known,
  within?: ConversationId,
): Pick<SearchRequest, 'authors' | 'conversations'> {
  const query = parseSearchQuery(typed)
  const authors = query.from.flatMap((username) => known.userNamed(username) ?? [])
  const places = placesOf(query, known)
  const conversations =
    within === undefined ? places : places === undefined || places.includes(within) ? [within] : []
  return {
    ...(query.from.length > 0 && { authors }),
    ...(conversations !== undefined && { conversations }),
  }
}

function placesOf({ in: places }: SearchQuery, known: Known): readonly ConversationId[] | undefined {
  if (places.length === 0) return undefined
  const found = new Set<ConversationId>()
  for (const place of places) {
    if (place.startsWith('@')) {
      const user = known.userNamed(place.slice(1).toLowerCase())
      if (user !== undefined) found.add(directConversationId(known.me, user))
    } else {
      for (const [id, title] of known.titles())
        if (id === place || (title !== '' && isTitled(title, place))) found.add(id)
    }
  }
  return [...found]
}
