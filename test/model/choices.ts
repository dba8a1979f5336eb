import type { Command, ConversationId, EventId, FriendRequestId, Mention, UserId } from '@parley/protocol'
import { areFriends, type Said, talkOf, type World } from './world.ts'

/** A command that was given before, and by whom. */
export interface Given {
  readonly author: UserId
  readonly command: Command
}

/** What the numbers of a step choose from. */
export interface Scene {
  readonly world: World
  readonly people: readonly UserId[]
  readonly given: readonly Given[]
  /** What the titles of this run begin with, to tell its channels from those of other runs. */
  readonly tag: string
  readonly now: number
}

/** Nobody's, and always the same within a run: nothing has this id. */
export const NOTHING = '01890000-0000-7000-8000-00000000dead'

/** Mostly one of the author's own (or one that they lead), else any, also a deleted one, or none. */
export function conversationAt(world: World, author: UserId, n: number, isLed: boolean): ConversationId {
  const all = [...world.conversations.values()]
  const own = all.filter(({ id }) => talkOf(world, id, author) !== undefined)
  const led = own.filter(({ kind, members }) => kind !== 'direct' && members.get(author)?.role !== 'member')
  const from = isLed && n < 80 && led.length > 0 ? led : n < 90 && own.length > 0 ? own : all
  return n === 99 ? (NOTHING as ConversationId) : (from[n % from.length]?.id ?? (NOTHING as ConversationId))
}

export function joinableAt(world: World, n: number): ConversationId {
  const all = [...world.conversations.values()]
  const from = n < 70 ? all.filter(({ kind, isDeleted }) => kind === 'channel' && !isDeleted) : all
  return from[n % from.length]?.id ?? (NOTHING as ConversationId)
}

/** Anybody, and at the end nobody. */
export const personAt = ({ people }: Scene, n: number): UserId =>
  (n === 99 ? undefined : people[n % people.length]) ?? (NOTHING as UserId)

/** Mostly one of `likely`, where there are any, else anybody. */
const likelyAt = (scene: Scene, likely: readonly UserId[], n: number): UserId =>
  (n < 75 ? likely[n % likely.length] : undefined) ?? personAt(scene, n)

/** A member, often one who is what the author is. */
export function memberAt(scene: Scene, author: UserId, conversation: ConversationId, n: number): UserId {
  const members = [...(scene.world.conversations.get(conversation)?.members ?? [])]
  const role = members.find(([user]) => user === author)?.[1].role
  const peers = members.filter(([user, self]) => user !== author && self.role === role)
  return likelyAt(
    scene,
    (n < 30 && peers.length > 0 ? peers : members).map(([user]) => user),
    n,
  )
}

export function newcomerAt(scene: Scene, author: UserId, conversation: ConversationId, n: number): UserId {
  const { people, world } = scene
  const members = world.conversations.get(conversation)?.members
  return n < 40
    ? likelyAt(
        scene,
        people.filter((user) => members?.has(user) !== true),
        n,
      )
    : companyAt(scene, author, n)
}

/** Whom one would have with one, if there is nobody who would rather not. */
export function companyAt(scene: Scene, author: UserId, n: number): UserId {
  const unwilling = scene.people.filter((user) => scene.world.blocks.has(`${user} ${author}`))
  return n >= 67 ? likelyAt(scene, unwilling, n - 67) : personAt(scene, n)
}

export const friendAt = (scene: Scene, author: UserId, n: number): UserId =>
  likelyAt(
    scene,
    scene.people.filter((user) => areFriends(scene.world, author, user)),
    n,
  )

export const blockedAt = (scene: Scene, author: UserId, n: number): UserId =>
  likelyAt(
    scene,
    scene.people.filter((user) => scene.world.blocks.has(`${author} ${user}`)),
    n,
  )

/** Mostly somebody with whom there was something before, first of all who has declined. */
export function acquaintanceAt(scene: Scene, author: UserId, n: number): UserId {
  const { requests, blocks } = scene.world
  const declined = requests.flatMap(({ from, to, status }) =>
    from === author && status === 'REJECTED' ? [to] : [],
  )
  const before = requests.flatMap(({ from, to }) => (from === author ? [to] : to === author ? [from] : []))
  const blocked = scene.people.filter(
    (user) => blocks.has(`${author} ${user}`) || blocks.has(`${user} ${author}`),
  )
  if (n < 30 && declined.length > 0) return likelyAt(scene, declined, n)
  return n < 50 ? likelyAt(scene, [...before, ...blocked], n) : personAt(scene, n)
}

/** Mostly of members, else of anybody. */
export function mentionAt(scene: Scene, conversation: ConversationId, n: number): Mention {
  const members = [...(scene.world.conversations.get(conversation)?.members.keys() ?? [])]
  return n >= 100
    ? 'everyone'
    : n < 90
      ? (members[n % members.length] ?? personAt(scene, 0))
      : personAt(scene, n)
}

/**
 * Mostly a message of the conversation, else an event of another kind, a message of elsewhere, or nothing;
 * undefined where there is none of what it should be.
 */
export function eventAt(world: World, conversation: ConversationId, n: number): EventId | undefined {
  if (n === 99) return NOTHING as EventId
  const here = world.conversations.get(conversation)?.log ?? []
  const elsewhere = [...world.conversations.values()].flatMap(({ id, log }) =>
    id === conversation ? [] : log,
  )
  const isMessage = ({ type }: Said): boolean => type === 'message'
  const from =
    n < 88
      ? here.filter(isMessage)
      : n < 94
        ? here.filter((said) => !isMessage(said))
        : elsewhere.filter(isMessage)
  const known = from.flatMap(({ id }) => (id === undefined ? [] : [id]))
  return known[n % known.length]
}

export function textAt({ limits }: World, n: number): string {
  if (n === 99) return ' \n'
  if (n >= 96) return 'é'.repeat(limits.messageBytes / 2 + 1)
  return n === 95 ? 'é'.repeat(limits.messageBytes / 2) : `text ${n} 🏳️‍🌈`
}

export function titleAt({ tag, world }: Scene, n: number): string | undefined {
  if (n >= 97) return 'x'.repeat(world.limits.titleCharacters + 1)
  return n < 20 ? undefined : `${tag} ${n % 7}`
}

/** What is one way becomes the other. */
export function changeAt(scene: Scene, conversation: ConversationId, n: number): object {
  const title = titleAt(scene, n) ?? `${scene.tag} anew`
  const talk = scene.world.conversations.get(conversation)
  const changes = [
    { title },
    { topic: `topic ${n % 5}` },
    { archived: talk?.archived !== true },
    { archived: talk?.archived !== true },
    { posting: talk?.posting === 'admins' ? 'members' : 'admins' },
    { inviting: talk?.inviting === 'admins' ? 'members' : 'admins' },
    { avatar: `avatar ${n % 3}`, title },
    {},
  ]
  return changes[n % changes.length] as object
}

/** Any command of the author's, or of the others'; of one's own now and then one that took effect without a word. */
export function givenAt(
  { given, world }: Scene,
  user: UserId,
  n: number,
  isOwn: boolean,
): Command | undefined {
  const all = given.filter(({ author }) => (author === user) === isOwn).map(({ command }) => command)
  const said = new Set([...world.conversations.values()].flatMap(({ log }) => log.map(({ id }) => id)))
  const silent = all.filter(
    (command) => 'conversation' in command && world.taken.has(command.id) && !said.has(command.id),
  )
  return isOwn && n < 40 && silent.length > 0 ? silent[n % silent.length] : all[n % all.length]
}

/** Mostly one that waits for the author's answer, else any, or none. */
export function requestAt(world: World, author: UserId, n: number): FriendRequestId {
  const waiting = world.requests.filter(({ to, status }) => to === author && status === 'PENDING')
  const from = n < 70 && waiting.length > 0 ? waiting : world.requests
  return (n === 99 ? NOTHING : (from[n % from.length]?.id ?? NOTHING)) as FriendRequestId
}
