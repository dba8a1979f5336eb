import {
  type CommandId,
  type ConversationId,
  type EventId,
  type Kind,
  type Limits,
  type Millis,
  type Role,
  type UserId,
} from '@parley/protocol'

/**
 * The reference model: the domain rules said a second time, as simply as they can be said, to hold the
 * server against. It keeps whole logs in memory and asks nothing of the code that decides, folds or
 * permits on the server; of the protocol it takes names and types, and the id that a pair derives.
 */
export interface World {
  now: Millis
  readonly limits: Pick<Limits, 'messageBytes' | 'titleCharacters' | 'groupMembers'>
  readonly people: Map<UserId, { name: string; isDeleted: boolean }>
  /** Unordered pairs, by {@link pairOf}. */
  readonly friends: Set<string>
  /** `who whom`. */
  readonly blocks: Set<string>
  readonly requests: AskedRequest[]
  readonly conversations: Map<ConversationId, Talk>
  /** Commands that have taken effect, and whose they were. */
  readonly taken: Map<CommandId, UserId>
}

export interface AskedRequest {
  readonly id: string
  readonly from: UserId
  readonly to: UserId
  status: 'PENDING' | 'ACCEPTED' | 'REJECTED'
  answeredAt: Millis | undefined
}

export interface Talk {
  readonly id: ConversationId
  readonly kind: Kind
  isDeleted: boolean
  title: string
  topic: string
  avatar: string
  archived: boolean
  posting: 'members' | 'admins'
  inviting: 'admins' | 'members'
  readonly members: Map<UserId, Participant>
  readonly log: Said[]
}

export interface Participant {
  role: Role
  readonly since: number
  /** How far this person has read. */
  read: number
}

/** An event without what only the server knows. */
export interface Said {
  /** Undefined where the server makes it, until it has been seen. */
  id: EventId | undefined
  readonly type: 'message' | 'reaction' | 'member' | 'meta'
  readonly author: UserId
  readonly payload: Readonly<Record<string, unknown>>
}

export const emptyWorld = (limits: World['limits']): World => ({
  now: 0,
  limits,
  people: new Map(),
  friends: new Set(),
  blocks: new Set(),
  requests: [],
  conversations: new Map(),
  taken: new Map(),
})

export const pairOf = (one: UserId, other: UserId): string => [one, other].toSorted().join(' ')
export const blocking = (who: UserId, whom: UserId): string => `${who} ${whom}`

export const exists = (world: World, user: UserId): boolean => world.people.get(user)?.isDeleted === false

export const areFriends = (world: World, one: UserId, other: UserId): boolean =>
  world.friends.has(pairOf(one, other))

/** The conversation as somebody who is in it has it; undefined for everybody else, and when there is none. */
export function talkOf(world: World, id: ConversationId, user: UserId): Talk | undefined {
  const talk = world.conversations.get(id)
  return talk?.isDeleted === false && talk.members.has(user) ? talk : undefined
}

/** Messages that others wrote beyond what `user` has read, and how many of them mention them. */
export function unreadOf(talk: Talk, user: UserId): { unread: number; mentions: number } {
  const read = talk.members.get(user)?.read ?? 0
  const unread = talk.log.slice(read).filter(({ type, author }) => type === 'message' && author !== user)
  const mentioning = unread.filter(({ payload }) => {
    const mentions = (payload['mentions'] ?? []) as readonly string[]
    return mentions.includes(user) || mentions.includes('everyone')
  })
  return { unread: unread.length, mentions: mentioning.length }
}

/** Position `seq` joined with what was known: it never falls, and never passes the end of the log. */
export function read(world: World, user: UserId, id: ConversationId, seq: number): void {
  const talk = talkOf(world, id, user)
  const self = talk?.members.get(user)
  if (talk === undefined || self === undefined) return
  self.read = Math.max(self.read, Math.min(seq, talk.log.length))
}
