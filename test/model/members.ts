import type { EventId, MemberAdd, MemberRemove, MemberRole, UserId } from '@parley/protocol'
import { append, because, end, isAdmin, type Place, type Reasons } from './place.ts'
import { blocking, exists, type Participant, type Talk, type World } from './world.ts'

export const canBeAdded = (world: World, author: UserId, user: UserId): boolean =>
  exists(world, user) && !world.blocks.has(blocking(user, author))

/** Somebody comes, and has read what was said before. */
export function enter(
  place: Pick<Place, 'talk' | 'author'>,
  id: EventId | undefined,
  user: UserId,
  role: Participant['role'],
  cause: string,
): void {
  append(place, id, 'member', { user, role, cause })
  const seq = place.talk.log.length
  place.talk.members.set(user, { role, since: seq, read: seq })
}

export function join(talk: Talk, { user, role = 'member' }: MemberAdd, id: EventId | undefined): Reasons {
  if (talk.members.has(user)) return because()
  const reasons = because((talk.kind !== 'channel' || role !== 'member') && 'forbidden')
  if (reasons.size === 0) enter({ talk, author: user }, id, user, 'member', 'joined')
  return reasons
}

export function add(place: Place, { user, role = 'member' }: MemberAdd): Reasons {
  const { world, talk, author, self } = place
  const mayAdd =
    talk.kind === 'channel' || (talk.kind === 'group' && (isAdmin(self) || talk.inviting === 'members'))
  const mayGive = role === 'member' || self.role === 'owner' || (role === 'admin' && self.role === 'admin')
  if (!mayAdd || !mayGive) return because('forbidden')
  if (talk.members.has(user)) return because()
  const reasons = because(
    !canBeAdded(world, author, user) && 'forbidden',
    talk.kind === 'group' && talk.members.size >= world.limits.groupMembers && 'too_large',
  )
  if (reasons.size === 0) enter(place, place.id, user, role, 'added')
  return reasons
}

const ownersOf = (talk: Talk): number =>
  [...talk.members.values()].filter(({ role }) => role === 'owner').length

export function expel(place: Place, { user }: MemberRemove): Reasons {
  const { talk, self } = place
  const target = talk.members.get(user)
  const may = self.role === 'owner' || (self.role === 'admin' && (target?.role ?? 'member') === 'member')
  const reasons = because((talk.kind === 'direct' || !may) && 'forbidden')
  if (reasons.size > 0 || target === undefined) return reasons
  append(place, place.id, 'member', { user, role: null, cause: 'removed' })
  talk.members.delete(user)
  return reasons
}

/** An owner who leaves hands over to the longest-standing admin, else member; the last one to leave deletes it. */
export function leave(place: Pick<Place, 'talk' | 'author' | 'id'>): Reasons {
  const { talk, author, id } = place
  if (talk.kind === 'direct') return because('forbidden')
  const wasLastOwner = talk.members.get(author)?.role === 'owner' && ownersOf(talk) === 1
  if (talk.members.size === 1) {
    end(talk)
    return because()
  }
  append(place, id, 'member', { user: author, role: null, cause: 'left' })
  talk.members.delete(author)
  if (!wasLastOwner) return because()
  const byStanding = [...talk.members].sort(([, a], [, b]) => a.since - b.since)
  const next = byStanding.find(([, { role }]) => role === 'admin') ?? byStanding[0]
  if (next === undefined) throw new Error('there is somebody left, and nobody is')
  const [heir, self] = next
  append(place, undefined, 'member', { user: heir, role: 'owner', cause: 'handover' })
  self.role = 'owner'
  return because()
}

export function changeRole(place: Place, { user, role }: MemberRole): Reasons {
  const { talk, self } = place
  const target = talk.members.get(user)
  const isByOwner =
    self.role === 'owner' && !(target?.role === 'owner' && ownersOf(talk) === 1 && role !== 'owner')
  const isAdminMakingAdmin = self.role === 'admin' && target?.role === 'member' && role === 'admin'
  if (talk.kind === 'direct' || target === undefined || !(isByOwner || isAdminMakingAdmin))
    return because('forbidden')
  if (target.role !== role) {
    append(place, place.id, 'member', { user, role, cause: 'role' })
    target.role = role
  }
  return because()
}
