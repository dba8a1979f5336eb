import type { FriendRequestId, Millis, UserId } from '@parley/protocol'
import type { Random } from '../../test/kit/random.ts'
import { idAt, mostlyFew, skewed } from './draw.ts'
import { FIRST_NAMES, LAST_NAMES } from './names.ts'
import { END, type Sizes, START } from './sizes.ts'

export interface SeededUser {
  readonly id: UserId
  readonly username: string
  readonly name: string
  readonly createdAt: Millis
  readonly lastActiveAt: Millis
}

export interface SeededRequest {
  readonly id: FriendRequestId
  readonly from: UserId
  readonly to: UserId
  readonly status: 'PENDING' | 'ACCEPTED' | 'REJECTED'
  readonly createdAt: Millis
  readonly answeredAt: Millis | null
}

export interface People {
  readonly users: readonly SeededUser[]
  /** Pairs of places in `users`. */
  readonly friends: readonly (readonly [number, number])[]
  readonly requests: readonly SeededRequest[]
  readonly blocks: readonly { readonly blocker: UserId; readonly blocked: UserId; readonly at: Millis }[]
}

const DAY = 86_400_000
/** Whom everybody knows: each has so many friends and open requests. */
const POPULAR = 5
const FRIENDS_OF_POPULAR = 2_000
const REQUESTS_TO_POPULAR = 2_000

/** Everybody with an account, and what they are to each other. Each friendship began with a request. */
export function makePeople(random: Random, { users: count }: Sizes): People {
  const users = Array.from({ length: count }, (_, index) => makeUser(random, index, count))
  const pairs = new Set<string>()
  const friends: [number, number][] = []
  const requests: SeededRequest[] = []
  const blocks: { blocker: UserId; blocked: UserId; at: Millis }[] = []

  const meet = (a: number, b: number, become: (one: SeededUser, other: SeededUser, at: Millis) => void) => {
    const [one, other] = [users[a], users[b]]
    const pair = a < b ? `${a} ${b}` : `${b} ${a}`
    // Each two people have at most one thing between them, so that nothing contradicts anything.
    if (a === b || pairs.has(pair) || one === undefined || other === undefined) return
    pairs.add(pair)
    const since = Math.max(one.createdAt, other.createdAt)
    become(one, other, since + random.below(END - since))
  }
  const ask = (from: SeededUser, to: SeededUser, createdAt: Millis, status: SeededRequest['status']) => {
    const answeredAt = status === 'PENDING' ? null : Math.min(END, createdAt + random.below(DAY))
    requests.push({ id: idAt(random, createdAt), from: from.id, to: to.id, status, createdAt, answeredAt })
  }
  const befriend = (a: number, b: number) =>
    meet(a, b, (one, other, at) => {
      friends.push([a, b])
      ask(one, other, at, 'ACCEPTED')
    })

  for (let index = 0; index < count; index += 1) {
    // People know those who came at about the same time, and a few from elsewhere.
    const near = () => (index + 1 + skewed(random, Math.min(count, 500))) % count
    for (let n = mostlyFew(random, 1, 40); n > 0; n -= 1)
      befriend(index, random.chance(0.9) ? near() : random.below(count))
    if (random.chance(0.15)) meet(index, near(), (one, other, at) => ask(one, other, at, 'PENDING'))
    if (random.chance(0.05)) meet(index, near(), (one, other, at) => ask(one, other, at, 'REJECTED'))
    if (random.chance(0.03))
      meet(index, near(), (one, other, at) => blocks.push({ blocker: one.id, blocked: other.id, at }))
  }
  for (let popular = 0; popular < Math.min(POPULAR, count); popular += 1) {
    for (let n = Math.min(FRIENDS_OF_POPULAR, count >> 2); n > 0; n -= 1)
      befriend(random.below(count), popular)
    for (let n = Math.min(REQUESTS_TO_POPULAR, count >> 2); n > 0; n -= 1)
      meet(random.below(count), popular, (one, other, at) => ask(one, other, at, 'PENDING'))
  }
  return { users, friends, requests, blocks }
}

function makeUser(random: Random, index: number, count: number): SeededUser {
  const [first, firstHandle] = random.pick(FIRST_NAMES)
  const [last, lastHandle] = random.pick(LAST_NAMES)
  // The first half of the time everybody signs up: later there is talk.
  const createdAt = Math.floor(START + ((END - START) / 2) * (index / count))
  return {
    id: idAt(random, createdAt),
    username: `${firstHandle}.${lastHandle}.${index}`.slice(0, 30),
    name: `${first} ${last}`,
    createdAt,
    lastActiveAt: END - skewed(random, 300) * DAY - random.below(DAY),
  }
}
