import { type RefusalCode, unreachable } from './codes.ts'
import type { Conversation, Member } from './conversation.ts'
import type { Role } from './events.ts'
import type { UserId } from './ids.ts'

/** What somebody may want to do with a conversation: the rows of the permission table. */
export type Action =
  | { readonly do: 'read' }
  | { readonly do: 'join' }
  | { readonly do: 'send' }
  | { readonly do: 'react' }
  | { readonly do: 'attach' }
  | { readonly do: 'mention-everyone' }
  | { readonly do: 'add-member'; readonly user: UserId; readonly role: Role }
  | { readonly do: 'remove-member'; readonly user: UserId }
  | { readonly do: 'leave' }
  | { readonly do: 'update' }
  | { readonly do: 'change-role'; readonly user: UserId; readonly role: Role }
  | { readonly do: 'delete' }

/** What of a conversation decides: its folded state and, for a direct one, whether the two may write. */
export type Governed = Pick<Conversation, 'kind' | 'archived' | 'posting' | 'inviting' | 'members'> & {
  /** Whether the two of a direct conversation are friends and neither has blocked the other. */
  readonly areFriends?: boolean
}

/** From this size on, `@everyone` in a group is for its admins and owner. */
export const EVERYONE_LIMIT = 50

/** Whether `actor` may; the single place that answers it, for the server to decide and the UI to show or hide. */
export const can = (actor: UserId, action: Action, conversation: Governed): boolean =>
  whyNot(actor, action, conversation) === undefined

/** Why `actor` may not do it; undefined when they may. */
export function whyNot(actor: UserId, action: Action, conversation: Governed): RefusalCode | undefined {
  const { kind, members } = conversation
  const self = members.get(actor)
  if (action.do === 'join') return allowedIf(kind === 'channel')
  if (self === undefined) return 'forbidden'
  switch (action.do) {
    case 'read':
      return undefined
    case 'send':
    case 'react':
    case 'attach':
      return whyNotSpeak(conversation) ?? allowedIf(!isReadingOnly(conversation, self))
    case 'mention-everyone':
      return allowedIf(isAdmin(self) || (kind !== 'channel' && members.size <= EVERYONE_LIMIT))
    case 'add-member':
      return allowedIf(mayAdd(conversation, self) && mayGive(self, action.role))
    case 'remove-member':
      // Removing oneself is leaving, which needs no rights over anybody.
      return allowedIf(
        kind !== 'direct' && (action.user === actor || mayRemove(self, members.get(action.user))),
      )
    case 'leave':
      return allowedIf(kind !== 'direct')
    case 'update':
      return allowedIf(kind !== 'direct' && isAdmin(self))
    case 'change-role':
      return allowedIf(kind !== 'direct' && mayChangeRole(conversation, self, action.user, action.role))
    case 'delete':
      return allowedIf(kind !== 'direct' && self.role === 'owner')
    default:
      return unreachable(action)
  }
}

const allowedIf = (allowed: boolean): RefusalCode | undefined => (allowed ? undefined : 'forbidden')

const isAdmin = (member: Member): boolean => member.role !== 'member'

function whyNotSpeak(conversation: Governed): RefusalCode | undefined {
  if (conversation.archived) return 'archived'
  return conversation.kind === 'direct' && conversation.areFriends === false ? 'not_friends' : undefined
}

/** In a channel whose posting is for admins, members read. */
const isReadingOnly = (conversation: Governed, self: Member): boolean =>
  conversation.kind === 'channel' && conversation.posting === 'admins' && !isAdmin(self)

function mayAdd({ kind, inviting }: Governed, self: Member): boolean {
  switch (kind) {
    case 'direct':
      return false
    case 'group':
      return isAdmin(self) || inviting === 'members'
    case 'channel':
      return true
    default:
      return unreachable(kind)
  }
}

/** An owner gives any role, an admin makes admins, a member brings members. */
function mayGive(self: Member, role: Role): boolean {
  switch (role) {
    case 'member':
      return true
    case 'admin':
      return isAdmin(self)
    case 'owner':
      return self.role === 'owner'
    default:
      return unreachable(role)
  }
}

/** The target is undefined for somebody who is not a member: who may remove anyone learns that it is so. */
const mayRemove = (self: Member, target: Member | undefined): boolean =>
  self.role === 'owner' || (self.role === 'admin' && (target === undefined || target.role === 'member'))

function mayChangeRole({ members }: Governed, self: Member, user: UserId, role: Role): boolean {
  const target = members.get(user)
  if (target === undefined) return false
  if (self.role === 'owner') {
    // A conversation always has an owner: the last one hands over by making another, or by leaving.
    const isLastOwner =
      target.role === 'owner' && [...members.values()].filter((m) => m.role === 'owner').length === 1
    return !isLastOwner || role === 'owner'
  }
  return self.role === 'admin' && target.role === 'member' && role === 'admin'
}

/** Who takes over when the last owner leaves: the longest-standing admin, else member; undefined: nobody is left. */
export function heir(members: ReadonlyMap<UserId, Member>, leaving: UserId): UserId | undefined {
  const others = [...members].filter(([user]) => user !== leaving)
  const admins = others.filter(([, member]) => member.role === 'admin')
  const [first] = (admins.length > 0 ? admins : others).toSorted(
    ([a, x], [b, y]) => x.since - y.since || (a < b ? -1 : 1),
  )
  return first?.[0]
}
