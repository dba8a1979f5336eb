import { directConversationId, type ConversationId, type Kind, type Millis } from '@parley/protocol'
import type { Random } from '../../test/kit/random.ts'
import { distinct, idAt, skewed } from './draw.ts'
import type { People } from './people.ts'
import { END, type Sizes, START } from './sizes.ts'

/** What a conversation is going to be, before anything is said in it. */
export interface Plan {
  readonly id: ConversationId
  readonly kind: Kind
  /** Places of users, the owner first: everybody who is ever going to be in it. */
  readonly people: readonly number[]
  /** How many of them are in it from the beginning. */
  readonly founders: number
  readonly events: number
  readonly from: Millis
  readonly to: Millis
}

/** The one conversation that is far longer than the others has this share of all events. */
const LONGEST_SHARE = 0.105
const GROUPS_OF_A_THOUSAND = 5
const CHANNELS = 0.05
const DIRECT = 0.5
/** People who are in hundreds of conversations, and how often a seat is theirs. */
const BUSY = 10
const BUSY_SEATS = 0.015

/** Half the conversations are of two friends; sizes and lengths are skewed; together they have about `events` events. */
export function planConversations(random: Random, people: People, sizes: Sizes): Plan[] {
  const { below, chance } = random
  const total = people.users.length
  const anybody = () => (chance(BUSY_SEATS) ? below(Math.min(BUSY, total)) : below(total))
  const someone = (count: number) => distinct(Math.min(count, total), total, anybody)

  const directs = Math.min(Math.floor(sizes.conversations * DIRECT), people.friends.length)
  const channels = Math.max(1, Math.floor(sizes.conversations * CHANNELS))
  const groups = Math.max(1, sizes.conversations - directs - channels)
  // The longest of all is a group of a thousand, too.
  const members = [
    ...Array.from({ length: groups }, (_, n) =>
      n < GROUPS_OF_A_THOUSAND ? Math.min(1000, total >> 1) : 3 + skewed(random, 60),
    ).map((count) => ['group', someone(count)] as const),
    ...Array.from({ length: channels }, (_, n) =>
      Math.max(2, Math.min(Math.floor(total / (5 * (n + 1))), total >> 1)),
    ).map((count) => ['channel', someone(count)] as const),
    ...distinct(directs, people.friends.length, () => below(people.friends.length)).map(
      (pair) => ['direct', people.friends[pair] ?? []] as const,
    ),
  ]
  const seats = members.reduce((sum, [, { length }]) => sum + length + 1, 0)
  const longest = Math.floor(sizes.events * LONGEST_SHARE)
  const weights = members.map(([, { length }], n) => (n === 0 ? 0 : weight(random, length)))
  const sum = weights.reduce((a, b) => a + b, 0)
  const left = Math.max(0, sizes.events - seats - longest)

  return members.map(([kind, places], n): Plan => {
    const [first = 0, second = 0] = places
    const [owner, other] = [people.users[first], people.users[second]]
    if (owner === undefined || other === undefined) throw new Error('a conversation of nobody')
    const begin = Math.max(START + (END - START) / 2, owner.createdAt, other.createdAt)
    // Some ended long ago; what is long is still going on.
    const isOver = n >= GROUPS_OF_A_THOUSAND && chance(0.3)
    const from = Math.floor(begin + (n < GROUPS_OF_A_THOUSAND ? 0 : below((END - begin) * 0.8)))
    const to = Math.floor(isOver ? from + below(END - from) : END - skewed(random, 30) * 3_600_000)
    const said = n === 0 ? longest : Math.round(left * ((weights[n] ?? 0) / sum))
    return {
      id: kind === 'direct' ? directConversationId(owner.id, other.id) : idAt(random, from),
      kind,
      people: places,
      founders: kind === 'direct' ? 2 : kind === 'channel' ? 1 : Math.ceil(places.length * 0.7),
      events: places.length + 1 + said,
      from,
      to: Math.max(to, from + 1),
    }
  })
}

/** Who talks twice as much is half as common; and the more people, the more talk. */
const weight = ({ below }: Random, people: number): number =>
  (1_000_000 / (1 + below(1_000_000))) * Math.log2(people + 2)
