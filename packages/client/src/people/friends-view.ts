import type { FriendRequestId, Millis, UserId } from '@parley/protocol'
import type { Fate } from '../outbox/fate.ts'
import type { Relation, Relations } from './friend-relations.ts'
import type { Profile } from './profiles.ts'

/** Somebody in one of this person's lists. */
export interface Acquaintance {
  readonly id: UserId
  /** Undefined until the device has heard of them. */
  readonly profile: Profile | undefined
  /** Since when, by the server's clock, or by this device's while it waits. */
  readonly at: Millis
  /** It is so because of an own command that waits for the server; undefined: the server says so. */
  readonly fate: Fate | undefined
}
export interface Requested extends Acquaintance {
  readonly request: FriendRequestId
}

export interface FriendsView {
  /** By name. */
  readonly friends: readonly Acquaintance[]
  /** Who has asked and waits for an answer, newest first. */
  readonly incoming: readonly Requested[]
  /** Whom this person has asked, newest first. */
  readonly outgoing: readonly Requested[]
  /** By name. */
  readonly blocked: readonly Acquaintance[]
  /** The server has listed them since the app began. */
  readonly isComplete: boolean
}

/** The relations after open commands, and what became of those that made somebody what they are now. */
export interface Overlay {
  readonly now: Relations
  readonly fates: ReadonlyMap<UserId, Fate>
}

/** The lists as screens show them. What says the same as before stays the same objects. */
export function viewFriends(
  { now, fates }: Overlay,
  isComplete: boolean,
  profileOf: (user: UserId) => Profile | undefined,
  previous?: FriendsView,
): FriendsView {
  const known = new Map((previous === undefined ? [] : allOf(previous)).map((each) => [each.id, each]))
  const lists: Record<Relation['is'], Requested[]> = { friend: [], incoming: [], outgoing: [], blocked: [] }
  for (const [id, relation] of now) {
    const { is } = relation
    const at = is === 'friend' ? relation.since : relation.at
    const request = is === 'incoming' || is === 'outgoing' ? { request: relation.request } : {}
    const entry = { id, profile: profileOf(id), at, fate: fates.get(id), ...request } as Requested
    lists[is].push(sameOr(known.get(id), entry))
  }
  const next: FriendsView = {
    friends: sameList(previous?.friends, lists.friend.sort(byName)),
    incoming: sameList(previous?.incoming, lists.incoming.sort(newestFirst)),
    outgoing: sameList(previous?.outgoing, lists.outgoing.sort(newestFirst)),
    blocked: sameList(previous?.blocked, lists.blocked.sort(byName)),
    isComplete,
  }
  const keys = Object.keys(next) as (keyof FriendsView)[]
  return previous !== undefined && keys.every((key) => Object.is(previous[key], next[key])) ? previous : next
}

const allOf = ({ friends, incoming, outgoing, blocked }: FriendsView): readonly Acquaintance[] => [
  ...friends,
  ...incoming,
  ...outgoing,
  ...blocked,
]

const collator = new Intl.Collator()
const byName = (a: Acquaintance, b: Acquaintance): number =>
  collator.compare(a.profile?.name ?? '', b.profile?.name ?? '') || (a.id < b.id ? -1 : 1)
const newestFirst = (a: Acquaintance, b: Acquaintance): number => b.at - a.at || (a.id < b.id ? -1 : 1)

/** As it was, if it says the same. */
function sameOr(
  before: (Acquaintance & { readonly request?: FriendRequestId }) | undefined,
  next: Requested,
): Requested {
  const isSame =
    before !== undefined &&
    before.request === next.request &&
    before.profile === next.profile &&
    before.at === next.at &&
    before.fate === next.fate
  return isSame ? (before as Requested) : next
}

/** The list as it was, if it holds the same. */
export const sameList = <T>(before: readonly T[] | undefined, next: readonly T[]): readonly T[] =>
  before?.length === next.length && before.every((each, index) => each === next[index]) ? before : next
