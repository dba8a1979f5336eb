import type { ConversationView } from '@parley/client'
import { type UserId, whyNot } from '@parley/protocol'
import type { PlainKey } from '../../i18n/translate.ts'

/** Why nothing can be written here now; undefined: it can. */
export function whyClosed(view: ConversationView, self: UserId): PlainKey | undefined {
  if (view.isLost) return 'compose.disabled.lost'
  if (view.standing === 'left') return 'compose.disabled.left'
  if (view.standing === 'leaving') return 'compose.disabled.leaving'
  if (view.standing === 'deleting') return 'compose.disabled.deleting'
  if (view.standing === 'refused') return 'compose.disabled.refused'
  const code = whyNot(self, { do: 'send' }, view)
  switch (code) {
    case undefined:
      return undefined
    case 'archived':
      return 'compose.disabled.archived'
    case 'not_friends':
      return 'compose.disabled.not_friends'
    case 'forbidden':
      return view.members.has(self) ? 'compose.disabled.forbidden' : 'compose.disabled.left'
    case 'invalid':
    case 'not_found':
    case 'too_large':
    case 'conflict':
      return 'compose.disabled.forbidden'
  }
}
