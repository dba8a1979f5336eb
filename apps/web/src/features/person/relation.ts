import type { Acquaintance, FriendsView, Requested } from '@parley/client'
import type { UserId } from '@parley/protocol'

/** What somebody is to this person. */
export type RelationTo =
  | { readonly is: 'self' }
  | { readonly is: 'stranger' }
  | { readonly is: 'friend' | 'blocked'; readonly entry: Acquaintance }
  | { readonly is: 'incoming' | 'outgoing'; readonly entry: Requested }

export function relationTo(user: UserId, self: UserId, view: FriendsView): RelationTo {
  if (user === self) return { is: 'self' }
  const among = <T extends Acquaintance>(entries: readonly T[]): T | undefined =>
    entries.find(({ id }) => id === user)
  const blocked = among(view.blocked)
  if (blocked !== undefined) return { is: 'blocked', entry: blocked }
  const friend = among(view.friends)
  if (friend !== undefined) return { is: 'friend', entry: friend }
  const incoming = among(view.incoming)
  if (incoming !== undefined) return { is: 'incoming', entry: incoming }
  const outgoing = among(view.outgoing)
  return outgoing === undefined ? { is: 'stranger' } : { is: 'outgoing', entry: outgoing }
}
