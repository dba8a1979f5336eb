import {
  type ConversationCommand,
  type ConversationCreate,
  type ConversationUpdate,
  directConversationId,
  type EventId,
  type MessageSend,
  type ReactionSet,
  type RefusalCode,
  type UserId,
} from '@parley/protocol'
import { add, canBeAdded, changeRole, enter, expel, join, leave } from './members.ts'
import { append, because, end, isAdmin, type Place, type Reasons } from './place.ts'
import { areFriends, blocking, exists, type Talk, talkOf, type World } from './world.ts'

/** What comes of a command that concerns a conversation, by 2-domain; the world is changed if nothing speaks against it. */
export function converse(
  world: World,
  author: UserId,
  command: ConversationCommand,
  id: EventId | undefined,
): Reasons {
  if (command.type === 'conversation.create') return create(world, author, command, id)
  const talk = world.conversations.get(command.conversation)
  if (talk === undefined || talk.isDeleted) return because('forbidden')
  if (command.type === 'member.add' && command.user === author) return join(talk, command, id)
  const self = talkOf(world, command.conversation, author)?.members.get(author)
  // An outsider is told nothing that an outsider of nothing would not be told.
  if (self === undefined) return because('forbidden')
  const place: Place = { world, talk, author, self, id }
  switch (command.type) {
    case 'message.send':
      return say(place, command)
    case 'reaction.set':
      return react(place, command)
    case 'conversation.update':
      return update(place, command)
    case 'conversation.delete':
      return remove(place)
    case 'member.add':
      return add(place, command)
    case 'member.remove':
      return command.user === author ? leave(place) : expel(place, command)
    case 'member.role':
      return changeRole(place, command)
  }
}

/** Archived; no longer friends; a channel in which only admins post. */
function whyNotSpeak({ world, talk, self }: Place): (RefusalCode | false)[] {
  return [
    talk.archived && 'archived',
    talk.kind === 'direct' && !mayTalk(world, talk) && 'not_friends',
    talk.kind === 'channel' && talk.posting === 'admins' && !isAdmin(self) && 'forbidden',
  ]
}

function mayTalk(world: World, { members }: Talk): boolean {
  const [one, other] = [...members.keys()] as [UserId, UserId]
  return (
    areFriends(world, one, other) &&
    !world.blocks.has(blocking(one, other)) &&
    !world.blocks.has(blocking(other, one))
  )
}

const isMessageIn = (talk: Talk, id: EventId): boolean =>
  talk.log.some((said) => said.type === 'message' && said.id === id)

function say(place: Place, command: MessageSend): Reasons {
  const { world, talk, self } = place
  const { text, replyTo, mentions = [] } = command
  const mayMentionAll = isAdmin(self) || (talk.kind !== 'channel' && talk.members.size <= 50)
  const reasons = because(
    ...whyNotSpeak(place),
    text.trim() === '' && 'invalid',
    new TextEncoder().encode(text).length > world.limits.messageBytes && 'too_large',
    replyTo !== undefined && !isMessageIn(talk, replyTo) && 'invalid',
    mentions.some((user) => user !== 'everyone' && !talk.members.has(user)) && 'invalid',
    mentions.includes('everyone') && !mayMentionAll && 'forbidden',
  )
  if (reasons.size === 0)
    append(place, place.id, 'message', {
      text,
      replyTo,
      mentions: mentions.length > 0 ? mentions : undefined,
    })
  return reasons
}

function react(place: Place, { to, emoji, on }: ReactionSet): Reasons {
  const { talk, author } = place
  const reasons = because(...whyNotSpeak(place), !isMessageIn(talk, to) && 'invalid')
  if (reasons.size > 0) return reasons
  const last = talk.log.findLast(
    ({ type, author: by, payload }) =>
      type === 'reaction' && by === author && payload['to'] === to && payload['emoji'] === emoji,
  )
  if ((last?.payload['on'] ?? false) !== on) append(place, place.id, 'reaction', { to, emoji, on })
  return reasons
}

function create(world: World, author: UserId, command: ConversationCreate, id: EventId | undefined): Reasons {
  const { conversation, kind, title, topic } = command
  const others = (command.members ?? []).filter((user) => user !== author)
  const there = world.conversations.get(conversation)
  const [peer] = others
  if (kind === 'direct') {
    if (peer === undefined || others.length > 1 || directConversationId(author, peer) !== conversation)
      return because('invalid')
    if (there !== undefined) return because()
  }
  const reasons = because(
    there !== undefined && 'conflict',
    title !== undefined && title.length > world.limits.titleCharacters && 'too_large',
    kind === 'group' && others.length + 1 > world.limits.groupMembers && 'too_large',
    kind === 'direct' && !canBefriended(world, author, peer) && 'not_friends',
    kind !== 'direct' && others.some((user) => !canBeAdded(world, author, user)) && 'forbidden',
  )
  if (reasons.size > 0) return reasons
  const named = kind === 'direct' ? {} : { title, topic }
  const talk: Talk = {
    id: conversation,
    kind,
    isDeleted: false,
    title: named.title ?? '',
    topic: named.topic ?? '',
    avatar: '',
    archived: false,
    posting: 'members',
    inviting: 'admins',
    members: new Map(),
    log: [],
  }
  world.conversations.set(conversation, talk)
  append({ talk, author }, id, 'meta', { kind, ...named })
  enter({ talk, author }, undefined, author, 'owner', 'created')
  for (const user of others) enter({ talk, author }, undefined, user, 'member', 'added')
  return reasons
}

const canBefriended = (world: World, author: UserId, peer: UserId | undefined): boolean =>
  peer !== undefined &&
  exists(world, peer) &&
  areFriends(world, author, peer) &&
  !world.blocks.has(blocking(author, peer)) &&
  !world.blocks.has(blocking(peer, author))

function update(place: Place, command: ConversationUpdate): Reasons {
  const { world, talk, self } = place
  const { id: _id, type: _type, createdAt: _createdAt, conversation: _conversation, ...wanted } = command
  const reasons = because(
    (talk.kind === 'direct' || !isAdmin(self)) && 'forbidden',
    (wanted.title?.length ?? 0) > world.limits.titleCharacters && 'too_large',
  )
  if (reasons.size > 0) return reasons
  const changed = Object.entries(wanted).filter(([key, value]) => talk[key as keyof typeof wanted] !== value)
  if (changed.length > 0) {
    Object.assign(talk, Object.fromEntries(changed))
    append(place, place.id, 'meta', Object.fromEntries(changed))
  }
  return reasons
}

function remove({ talk, self }: Place): Reasons {
  const reasons = because((talk.kind === 'direct' || self.role !== 'owner') && 'forbidden')
  if (reasons.size === 0) end(talk)
  return reasons
}
