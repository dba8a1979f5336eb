import type { ConversationView } from '@parley/client'
import type { NotificationLevel } from '@parley/protocol'

/**
 * Whether what is unread calls for the person, as they have chosen to be told of it: muted conversations and those of
 * which only mentions count are said quietly.
 */
export function isLoud(
  { unread, mentions }: Pick<ConversationView, 'unread' | 'mentions'>,
  level: NotificationLevel,
): boolean {
  switch (level) {
    case 'all':
      return unread > 0
    case 'mentions':
      return mentions > 0
    case 'none':
      return false
  }
}
