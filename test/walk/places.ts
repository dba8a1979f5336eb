import {
  type Command,
  type ConversationId,
  directConversationId,
  type EventId,
  type Governed,
  type Kind,
  newId,
  type Role,
  type UserId,
} from '@parley/protocol'
import type { Actor } from '../kit/doors.ts'

/** Who somebody is to a conversation: a column of the walk. */
export type Standing = 'owner' | 'admin' | 'member' | 'removed' | 'stranger'

/** Under what circumstances: all that bears on what may be done, but for who it is. */
export interface Setting {
  readonly name: string
  readonly kind: Kind
  readonly archived: boolean
  readonly posting: 'members' | 'admins'
  readonly inviting: 'admins' | 'members'
  /** In a group or channel: whether there is another owner beside the first. */
  readonly hasSecondOwner: boolean
  readonly areFriends: boolean
  /** The conversation was deleted. */
  readonly isGone: boolean
}

/** All as usual, all the other way, or another thing altogether: enough for what the rest has no bearing on. */
export const isCorner = ({ archived, posting, inviting, hasSecondOwner, isGone }: Setting): boolean =>
  hasSecondOwner || isGone || (archived === (posting === 'admins') && archived === (inviting === 'members'))

export const setting = (kind: Kind, changes: Partial<Setting> = {}): Setting => {
  const all = {
    kind,
    archived: false,
    posting: 'members',
    inviting: 'admins',
    hasSecondOwner: false,
    ...changes,
  } as const
  const words = [
    kind,
    all.archived && 'archived',
    all.posting === 'admins' && 'admins post',
    all.inviting === 'members' && 'members invite',
    all.hasSecondOwner && 'two owners',
    changes.isGone === true && 'deleted',
  ]
  return { areFriends: true, isGone: false, name: words.filter((word) => word !== false).join(', '), ...all }
}

const both = [false, true]

/** Kind × archived × who posts × who invites; two owners; deleted. */
export const SETTINGS: readonly Setting[] = (['group', 'channel'] as const).flatMap((kind) => [
  ...both.flatMap((archived) =>
    both.flatMap((isClosed) =>
      both.map((isOpen) =>
        setting(kind, {
          archived,
          posting: isClosed ? 'admins' : 'members',
          inviting: isOpen ? 'members' : 'admins',
        }),
      ),
    ),
  ),
  setting(kind, { hasSecondOwner: true }),
  setting(kind, { isGone: true }),
])

/** Everybody who is in the walk's groups and channels, or outside them. */
export interface Cast {
  readonly owner: Actor
  readonly admin: Actor
  readonly member: Actor
  readonly removed: Actor
  readonly stranger: Actor
  /** Members to whom things are done. */
  readonly owner2: UserId
  readonly admin2: UserId
  readonly member2: UserId
  /** Somebody who can be added. */
  readonly newcomer: UserId
  /** Somebody who has blocked everybody else. */
  readonly blocker: UserId
}

/** One conversation to act on. */
export interface Place {
  readonly setting: Setting
  readonly conversation: ConversationId
  /** A message in it. */
  readonly message: EventId
  /** What it is to `whyNot`. */
  readonly governed: Governed | undefined
}

const command = <T extends object>(payload: T) => ({ id: newId<EventId>(), createdAt: 1, ...payload })

/** A place, and what its owner does to make it: first what needs rights that the setting takes away, then the setting. */
interface Made {
  readonly place: Place
  readonly commands: Command[]
  readonly closing: Command[]
}

/** A group or channel in a setting. */
export function placeOf(cast: Cast, where: Setting, more: readonly UserId[] = []): Made {
  const conversation = newId<ConversationId>()
  const message = newId<EventId>()
  const { kind, archived, posting, inviting, hasSecondOwner } = where
  const roles: [UserId, Role][] = [
    [cast.admin.id, 'admin'],
    [cast.admin2, 'admin'],
    [cast.owner2, hasSecondOwner ? 'owner' : 'member'],
  ]
  const members = [
    cast.admin.id,
    cast.admin2,
    cast.member.id,
    cast.member2,
    cast.owner2,
    cast.removed.id,
    ...more,
  ]
  const commands: Command[] = [
    command({ type: 'conversation.create', conversation, kind, title: 'Walk', members } as const),
    ...roles
      .filter(([, role]) => role !== 'member')
      .map(([user, role]) => command({ type: 'member.role', conversation, user, role } as const)),
    command({ type: 'member.remove', conversation, user: cast.removed.id } as const),
    { ...command({ type: 'message.send', conversation, text: 'first' } as const), id: message },
  ]
  const closing: Command[] = [
    command({ type: 'conversation.update', conversation, archived, posting, inviting } as const),
    ...(where.isGone ? [command({ type: 'conversation.delete', conversation } as const)] : []),
  ]
  const standing = new Map<UserId, Role>([
    [cast.owner.id, 'owner'],
    ...members.map((user): [UserId, Role] => [user, 'member']),
    ...roles,
  ])
  standing.delete(cast.removed.id)
  const governed: Governed = {
    kind,
    archived,
    posting,
    inviting,
    members: new Map([...standing].map(([user, role], i) => [user, { role, since: i + 2 }])),
  }
  return {
    place: { setting: where, conversation, message, governed: where.isGone ? undefined : governed },
    commands,
    closing,
  }
}

/** A direct conversation of two who were friends when it began. */
export function directPlaceOf(
  one: Actor,
  other: Actor,
  areFriends: boolean,
  name: string,
): { place: Place; commands: Command[] } {
  const conversation = directConversationId(one.id, other.id)
  const message = newId<EventId>()
  const commands: Command[] = [
    command({ type: 'conversation.create', conversation, kind: 'direct', members: [other.id] } as const),
    { ...command({ type: 'message.send', conversation, text: 'first' } as const), id: message },
  ]
  const governed: Governed = {
    kind: 'direct',
    archived: false,
    posting: 'members',
    inviting: 'admins',
    areFriends,
    members: new Map([
      [one.id, { role: 'owner', since: 2 }],
      [other.id, { role: 'member', since: 3 }],
    ]),
  }
  return {
    place: { setting: { ...setting('direct', { areFriends }), name }, conversation, message, governed },
    commands,
  }
}
