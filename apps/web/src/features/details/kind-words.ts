import type { ConversationView } from '@parley/client'
import type { PlainKey } from '../../i18n/translate.ts'

/** Who can be in a conversation, in words. */
export function kindWords({ kind }: Pick<ConversationView, 'kind'>): PlainKey {
  switch (kind) {
    case 'direct':
      return 'details.kind.direct'
    case 'group':
      return 'details.kind.group'
    case 'channel':
      return 'details.kind.channel'
  }
}
