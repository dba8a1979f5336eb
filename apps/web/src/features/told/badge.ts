import type { ConversationView } from '@parley/client'
import { levelNow, type Millis, type Preferences } from '@parley/protocol'

/** What the title, the icon and the app's badge show of what waits to be read. */
export interface Badge {
  /** How many messages. */
  readonly count: number
  /** Something was said where the person is told of it or not: the icon has a mark. */
  readonly isMarked: boolean
}

type Counted = Pick<ConversationView, 'id' | 'kind' | 'standing' | 'archived' | 'unread' | 'mentions'>

/**
 * Of a conversation that tells everything all that is unread counts; of one that tells of mentions only these; of one
 * that is muted or tells nothing, none: but who is mentioned is mentioned, there too.
 */
export function badgeOf(views: readonly Counted[], preferences: Preferences, now: Millis): Badge {
  const count = views.reduce((sum, view) => sum + countedOf(view, preferences, now), 0)
  return { count, isMarked: count > 0 }
}

function countedOf(
  { id, kind, standing, unread, mentions }: Counted,
  preferences: Preferences,
  now: Millis,
): number {
  if (standing === 'left' || standing === 'refused') return 0
  return levelNow(preferences, id, kind, now) === 'all' ? unread : mentions
}

/** When the next mute of these ends, and the count with it; undefined: none does. */
export const nextUnmuted = ({ mutedUntil }: Preferences, now: Millis): Millis | undefined =>
  [...mutedUntil.values()].filter((until) => until > now).toSorted((a, b) => a - b)[0]
