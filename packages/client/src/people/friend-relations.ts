import {
  type FriendCommand,
  friendRequestId,
  type FriendRequestId,
  type rest,
  unreachable,
  type UserId,
  userId,
} from '@parley/protocol'
import { z } from 'zod'

const asked = { request: friendRequestId, at: z.number() }

/** What somebody is to this person. It is one thing: friends have no request open, and who is blocked has nothing. */
export const relation = z.discriminatedUnion('is', [
  z.object({ is: z.literal('friend'), since: z.number() }),
  /** They have asked, and wait for an answer. */
  z.object({ is: z.literal('incoming'), ...asked }),
  z.object({ is: z.literal('outgoing'), ...asked }),
  /** `asked`: they had asked before, which comes back when the block ends. */
  z.object({ is: z.literal('blocked'), at: z.number(), asked: z.object(asked).optional() }),
])
export type Relation = z.infer<typeof relation>

export const relations = z.array(z.tuple([userId, relation]))

/** Nobody is in it who is nothing to this person. */
export type Relations = ReadonlyMap<UserId, Relation>

/**
 * The server's lists as one. It answers them one by one, so that they may be of different moments: what cannot be at
 * the same time is then shown as one of the two, until it has answered again.
 */
export function relationsOf(
  me: UserId,
  friends: readonly rest.Friend[],
  pending: readonly rest.FriendRequest[],
  blocks: readonly rest.Block[],
): Relations {
  const found = new Map<UserId, Relation>()
  for (const { id: request, from, to, createdAt: at } of pending) {
    if (to.id === me) found.set(from.id, { is: 'incoming', request, at })
    else if (!found.has(to.id)) found.set(to.id, { is: 'outgoing', request, at })
  }
  for (const { id, since } of friends) found.set(id, { is: 'friend', since })
  for (const { user, at } of blocks) found.set(user.id, { is: 'blocked', at })
  return found
}

/**
 * What a command of this person's changes, by the rules the server decides by; undefined: nothing, or the server will
 * refuse it. A command that is applied once more to what it has made changes nothing further.
 */
export function effectOf(
  before: Relations,
  me: UserId,
  command: FriendCommand,
): { readonly user: UserId; readonly relation: Relation | undefined } | undefined {
  const at = command.createdAt
  if (command.type === 'friend.answer') {
    for (const [user, relation] of before) {
      if (relation.is === 'incoming' && relation.request === command.request)
        return { user, relation: command.accept ? { is: 'friend', since: at } : undefined }
    }
    return undefined
  }
  const { user } = command
  if (user === me) return undefined
  const known = before.get(user)
  switch (command.type) {
    case 'friend.request':
      if (known?.is === 'incoming') return { user, relation: { is: 'friend', since: at } }
      // A request has its command's id.
      if (known === undefined)
        return { user, relation: { is: 'outgoing', request: command.id as string as FriendRequestId, at } }
      return undefined
    case 'friend.remove':
      return known?.is === 'friend' ? { user, relation: undefined } : undefined
    case 'user.block': {
      if (known?.is === 'blocked') return undefined
      const asked = known?.is === 'incoming' ? { asked: { request: known.request, at: known.at } } : undefined
      return { user, relation: { is: 'blocked', at, ...asked } }
    }
    case 'user.unblock':
      if (known?.is !== 'blocked') return undefined
      return { user, relation: known.asked && { is: 'incoming', ...known.asked } }
    default:
      return unreachable(command)
  }
}

/** The relations after this person's commands in their order. */
export function afterCommands(before: Relations, me: UserId, commands: Iterable<FriendCommand>): Relations {
  let next: Map<UserId, Relation> | undefined
  for (const command of commands) {
    const effect = effectOf(next ?? before, me, command)
    if (effect === undefined) continue
    next ??= new Map(before)
    if (effect.relation === undefined) next.delete(effect.user)
    else next.set(effect.user, effect.relation)
  }
  return next ?? before
}
