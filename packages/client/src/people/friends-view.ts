import type { CommandId, FriendRequestId, Millis, UserId } from '@parley/protocol'
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
  /** That command, which can be taken back (`discard`). */
  readonly command: CommandId | undefined
}
export interface Requested extends Acquaintance {
  readonly request: FriendRequestId
}
/** Somebody who is in none of the lists any more because of an own command that waits. */
export interface Ended extends Acquaintance {
  readonly was: Relation['is']
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
  /** Removed, declined, or unblocked here, and the server has not answered; newest first. */
  readonly ended: readonly Ended[]
  /** The server has listed them since the app began. */
  readonly isComplete: boolean
}

/** The relations after open commands, and what became of those that made somebody what they are now. */
export interface Overlay {
  readonly now: Relations
  readonly own: ReadonlyMap<UserId, Own>
}

/** What an own command that waits has changed of somebody. */
export interface Own {
  readonly command: CommandId
  readonly fate: Fate
  readonly at: Millis
  /** What they were before the first of those that wait. */
  readonly was: Relation['is'] | undefined
}

/** The lists as screens show them. What says the same as before stays the same objects. */
export function viewFriends(
  { now, own }: Overlay,
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
    const { fate, command } = own.get(id) ?? NOT_OWN
    const entry = { id, profile: profileOf(id), at, fate, command, ...request } as Requested
    lists[is].push(sameOr(known.get(id), entry))
  }
  const ended: Ended[] = []
  for (const [id, { fate, command, at, was }] of own) {
    if (was === undefined || now.has(id)) continue
    const entry = { id, profile: profileOf(id), at, fate, command, was }
    ended.push(sameOr(known.get(id), entry))
  }
  const next: FriendsView = {
    friends: sameList(previous?.friends, lists.friend.sort(byName)),
    incoming: sameList(previous?.incoming, lists.incoming.sort(newestFirst)),
    outgoing: sameList(previous?.outgoing, lists.outgoing.sort(newestFirst)),
    blocked: sameList(previous?.blocked, lists.blocked.sort(byName)),
    ended: sameList(previous?.ended, ended.sort(newestFirst)),
    isComplete,
  }
  const keys = Object.keys(next) as (keyof FriendsView)[]
  return previous !== undefined && keys.every((key) => Object.is(previous[key], next[key])) ? previous : next
}

const NOT_OWN = { fate: undefined, command: undefined }

const allOf = ({ friends, incoming, outgoing, blocked, ended }: FriendsView): readonly Acquaintance[] => [
  ...friends,
  ...incoming,
  ...outgoing,
  ...blocked,
  ...ended,
]

const collator = new Intl.Collator()
const byName = (a: Acquaintance, b: Acquaintance): number =>
  collator.compare(a.profile?.name ?? '', b.profile?.name ?? '') || (a.id < b.id ? -1 : 1)
const newestFirst = (a: Acquaintance, b: Acquaintance): number => b.at - a.at || (a.id < b.id ? -1 : 1)

/** As it was, if it says the same. */
function sameOr<Entry extends Acquaintance>(before: Acquaintance | undefined, next: Entry): Entry {
  const keys = Object.keys(next) as (keyof Acquaintance)[]
  const isSame =
    before !== undefined &&
    keys.length === Object.keys(before).length &&
    keys.every((key) => before[key] === next[key])
  return isSame ? (before as Entry) : next
}

/** The list as it was, if it holds the same. */
export const sameList = <T>(before: readonly T[] | undefined, next: readonly T[]): readonly T[] =>
  before?.length === next.length && before.every((each, index) => each === next[index]) ? before : next
