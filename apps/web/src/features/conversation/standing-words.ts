import type { ConversationView } from '@parley/client'
import type { PlainKey } from '../../i18n/translate.ts'

/** Why a conversation is not simply one that one takes part in; undefined: it is. */
export function standingWords({
  standing,
  isLost,
  archived,
}: Pick<ConversationView, 'standing' | 'isLost' | 'archived'>): PlainKey | undefined {
  if (isLost) return 'conversation.standing.lost'
  switch (standing) {
    case 'creating':
      return 'conversation.standing.creating'
    case 'joining':
      return 'conversation.standing.joining'
    case 'leaving':
      return 'conversation.standing.leaving'
    case 'deleting':
      return 'conversation.standing.deleting'
    case 'left':
      return 'conversation.standing.left'
    case 'refused':
      return 'conversation.standing.refused'
    case 'member':
      return archived ? 'conversation.standing.archived' : undefined
  }
}
