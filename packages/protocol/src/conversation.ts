import { EMPTY_TIP, type Tip } from './chain.ts'
import type { Event, Kind, MemberEvent, MetaEvent, Role, Seq } from './events.ts'
import type { UserId } from './ids.ts'

export interface Member {
  readonly role: Role
  /** The event that made the person a member. */
  readonly since: Seq
}

/** What a log has made of its conversation: the state that the next command is decided against. */
export interface Conversation {
  readonly tip: Tip
  readonly kind: Kind
  readonly title: string
  readonly topic: string
  readonly avatar: string
  readonly archived: boolean
  readonly posting: 'members' | 'admins'
  readonly inviting: 'admins' | 'members'
  readonly members: ReadonlyMap<UserId, Member>
}

/** A conversation of which nothing has been said. */
export const EMPTY_CONVERSATION: Conversation = {
  tip: EMPTY_TIP,
  kind: 'group',
  title: '',
  topic: '',
  avatar: '',
  archived: false,
  posting: 'members',
  inviting: 'admins',
  members: new Map(),
}

/** Folds further events of a log into what it had made so far (log → title, members, roles, archived). */
export function foldConversation(
  events: Iterable<Event>,
  start: Conversation = EMPTY_CONVERSATION,
): Conversation {
  let conversation = start
  for (const event of events) {
    const tip: Tip = { seq: event.seq, hash: event.hash, at: event.at }
    if (event.type === 'member')
      conversation = { ...conversation, tip, members: withMember(conversation.members, event) }
    else if (event.type === 'meta') conversation = { ...withMeta(conversation, event), tip }
    else conversation = { ...conversation, tip }
  }
  return conversation
}

function withMember(members: ReadonlyMap<UserId, Member>, event: MemberEvent): ReadonlyMap<UserId, Member> {
  const next = new Map(members)
  if (event.role === null) next.delete(event.user)
  else next.set(event.user, { role: event.role, since: members.get(event.user)?.since ?? event.seq })
  return next
}

const withMeta = (conversation: Conversation, event: MetaEvent): Conversation => ({
  ...conversation,
  kind: event.kind ?? conversation.kind,
  title: event.title ?? conversation.title,
  topic: event.topic ?? conversation.topic,
  avatar: event.avatar ?? conversation.avatar,
  archived: event.archived ?? conversation.archived,
  posting: event.posting ?? conversation.posting,
  inviting: event.inviting ?? conversation.inviting,
})
