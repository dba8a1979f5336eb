import type { ConversationView } from '@parley/client'
import type { ConversationId } from '@parley/protocol'

export type Kept = 'all' | 'unread' | 'mentions'

export interface Shown {
  readonly current: readonly ConversationView[]
  readonly archived: readonly ConversationView[]
}

/**
 * What of the list is shown, in its order. The open conversation stays whatever is chosen: reading it would otherwise
 * take it from under the person's hand.
 */
export function shownOf(
  views: readonly ConversationView[],
  kept: Kept,
  isFound: (view: ConversationView) => boolean,
  open: ConversationId | undefined,
): Shown {
  const isKept = (view: ConversationView): boolean =>
    kept === 'all' || (kept === 'unread' ? view.unread > 0 : view.mentions > 0) || view.id === open
  const shown = views.filter((view) => isKept(view) && isFound(view))
  return {
    current: shown.filter(({ archived }) => !archived),
    archived: shown.filter(({ archived }) => archived),
  }
}
