import type { ConversationView } from '@parley/client'
import type { ConversationId } from '@parley/protocol'

/**
 * The conversation beside the open one in the list, or the next with something unread, which goes round. With none
 * open: the first of them, or the last.
 */
export function neighbour(
  views: readonly Pick<ConversationView, 'id' | 'archived' | 'unread'>[],
  open: ConversationId | undefined,
  step: 1 | -1,
  isUnread: boolean,
): ConversationId | undefined {
  const at = views.findIndex(({ id }) => id === open)
  const start = at < 0 && step < 0 ? views.length : at
  for (let walked = 1; walked <= views.length; walked += 1) {
    const place = start + step * walked
    const view = isUnread ? views[(place + 2 * views.length) % views.length] : views[place]
    if (view === undefined) return undefined
    if (view.id !== open && !view.archived && (!isUnread || view.unread > 0)) return view.id
  }
  return undefined
}
