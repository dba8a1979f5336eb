import type { ConversationView } from '@parley/client'
import { heir, type UserId } from '@parley/protocol'

/** What becomes of a conversation that somebody leaves. */
export type AfterLeaving =
  | { readonly state: 'goes-on' }
  /** The last owner leaves, and this member takes over. */
  | { readonly state: 'handed-over'; readonly to: UserId }
  /** The last owner leaves, and the device does not know everybody who could take over. */
  | { readonly state: 'handed-over-to-somebody' }
  /** Nobody is left in it. */
  | { readonly state: 'deleted' }

export function afterLeaving(
  { kind, members, memberCount }: Pick<ConversationView, 'kind' | 'members' | 'memberCount'>,
  leaving: UserId,
): AfterLeaving {
  if (memberCount <= 1) return { state: 'deleted' }
  const isOwner = members.get(leaving)?.role === 'owner'
  const hasOther = [...members].some(([user, { role }]) => user !== leaving && role === 'owner')
  if (!isOwner || hasOther) return { state: 'goes-on' }
  const next = heir(members, leaving)
  // In a channel the device knows some of the members only: who is longest in it may be another.
  if (kind === 'channel' || next === undefined) return { state: 'handed-over-to-somebody' }
  return { state: 'handed-over', to: next }
}
