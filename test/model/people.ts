import { type CommandId, type FriendCommand, type Millis, type UserId } from '@parley/protocol'
import { leave } from './members.ts'
import { because, type Reasons } from './place.ts'
import { areFriends, type AskedRequest, blocking, exists, pairOf, type World } from './world.ts'

const DAY: Millis = 24 * 60 * 60 * 1000

/** What comes of a command that concerns two people, by 2-domain and the words about friends in the issue. */
export function relate(
  world: World,
  author: UserId,
  command: FriendCommand,
  id: CommandId | undefined,
): Reasons {
  if (command.type === 'friend.answer') return answer(world, author, command.request, command.accept)
  const { user } = command
  if (user === author) return because('invalid')
  switch (command.type) {
    case 'friend.request':
      return exists(world, user) ? ask(world, author, user, id) : because('not_found')
    case 'friend.remove':
      world.friends.delete(pairOf(author, user))
      return because()
    case 'user.block':
      return exists(world, user) ? block(world, author, user) : because('not_found')
    case 'user.unblock':
      world.blocks.delete(blocking(author, user))
      return because()
  }
}

function ask(world: World, author: UserId, user: UserId, id: CommandId | undefined): Reasons {
  if (world.blocks.has(blocking(author, user))) return because('forbidden')
  const last = world.requests.findLast(({ from, to }) => from === author && to === user)
  if (areFriends(world, author, user) || last?.status === 'PENDING') return because()
  if (last?.status === 'REJECTED' && world.now - (last.answeredAt ?? 0) < DAY) return because('conflict')
  const request: AskedRequest = {
    id: id ?? '',
    from: author,
    to: user,
    status: 'PENDING',
    answeredAt: undefined,
  }
  world.requests.push(request)
  // Two people who ask each other become friends.
  if (world.requests.some(({ from, to, status }) => from === user && to === author && status === 'PENDING'))
    befriend(world, author, user)
  return because()
}

function answer(world: World, author: UserId, id: string, accept: boolean): Reasons {
  const request = world.requests.find((each) => each.id === id && each.to === author)
  if (request === undefined) return because('forbidden')
  const status = accept ? 'ACCEPTED' : 'REJECTED'
  if (request.status === status) return because()
  if (request.status !== 'PENDING') return because('conflict')
  if (accept && world.blocks.has(blocking(author, request.from))) return because('forbidden')
  if (accept) befriend(world, author, request.from)
  else Object.assign(request, { status, answeredAt: world.now })
  return because()
}

function befriend(world: World, one: UserId, other: UserId): void {
  world.friends.add(pairOf(one, other))
  for (const request of world.requests)
    if (request.status === 'PENDING' && pairOf(request.from, request.to) === pairOf(one, other))
      Object.assign(request, { status: 'ACCEPTED', answeredAt: world.now })
}

/** Ends the friendship and takes back what the author has asked. */
function block(world: World, author: UserId, user: UserId): Reasons {
  world.blocks.add(blocking(author, user))
  world.friends.delete(pairOf(author, user))
  forgetRequests(world, ({ from, to, status }) => status === 'PENDING' && from === author && to === user)
  return because()
}

function forgetRequests(world: World, isIt: (request: AskedRequest) => boolean): void {
  const kept = world.requests.filter((request) => !isIt(request))
  world.requests.splice(0, world.requests.length, ...kept)
}

/** Deleting a user: what is theirs goes, what they own is handed over, what they said stays. */
export function erase(world: World, user: UserId): void {
  for (const talk of world.conversations.values())
    if (talk.members.has(user) && talk.kind !== 'direct') leave({ talk, author: user, id: undefined })
  for (const pair of [...world.friends]) if (pair.split(' ').includes(user)) world.friends.delete(pair)
  for (const pair of [...world.blocks]) if (pair.split(' ').includes(user)) world.blocks.delete(pair)
  forgetRequests(world, ({ from, to, status }) => status === 'PENDING' && (from === user || to === user))
  world.people.set(user, { name: 'Deleted user', isDeleted: true })
}
