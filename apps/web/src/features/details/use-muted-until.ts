import type { ConversationId, Millis } from '@parley/protocol'
import { useAccount } from '../../context.tsx'
import { useMoment } from '../../moment.ts'
import { useObservable } from '../../observe.ts'

/** Until when a conversation is quiet; undefined: it is not, and from the moment that it ends it is not any more. */
export function useMutedUntil(conversation: ConversationId): Millis | undefined {
  const until = useObservable(useAccount().preferences).mutedUntil.get(conversation) ?? 0
  const nextAfter = (moment: Millis): Millis | undefined => (until > moment ? until : undefined)
  return nextAfter(useMoment(nextAfter))
}
