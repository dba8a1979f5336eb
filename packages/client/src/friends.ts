import {
  canonicalJson,
  type Command,
  type CommandId,
  commandId,
  type FriendCommand,
  type FriendRequestId,
  isConversationCommand,
  type Millis,
  type rest,
  type UserId,
} from '@parley/protocol'
import { z } from 'zod'
import { type Fate, isWaiting } from './fate.ts'
import {
  afterCommands,
  effectOf,
  type Relation,
  relations,
  type Relations,
  relationsOf,
} from './friend-relations.ts'
import { derived, type Observable } from './observable.ts'
import type { Outbox } from './outbox.ts'
import type { Profile, Profiles } from './profiles.ts'
import type { Saving } from './saving.ts'
import { soon } from './soon.ts'
import type { Store } from './store.ts'

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

/** What the tab with the connection knows, for the disk and for other tabs. */
export const keptFriends = z.object({
  relations,
  /** Own commands, taken by the server lately, whose effect is in the relations already. */
  settled: z.array(commandId),
})
export type KeptFriends = z.infer<typeof keptFriends>

export interface Friends {
  readonly view: Observable<FriendsView>
  /** Undefined: this device does not know. */
  isFriend(user: UserId): boolean | undefined
  /** An own command has answered it, or made it pointless; the server may not know yet. */
  isAnswered(request: FriendRequestId): boolean
  /** To be called before the server is asked for its lists; the answer takes them, and says whether they are newer than all that is known. */
  asking(): (lists: FriendLists) => boolean
  /** Takes in the effect of own commands that the server has taken; whether there were any. */
  settle(): boolean
  onKept(listener: () => void): () => void
  /** Undefined: nothing is known yet. */
  kept(): (KeptFriends & { readonly isComplete: boolean }) | undefined
  /** Another tab knows this. */
  heard(kept: KeptFriends, isComplete: boolean): void
  /** Takes in what other tabs have written. */
  reload(): Promise<void>
  close(): void
}

export interface FriendLists {
  readonly friends: readonly rest.Friend[]
  readonly pending: readonly rest.FriendRequest[]
  readonly blocks: readonly rest.Block[]
}

const RECORD = 'friends'
/** Commands stay in the outbox's memory for seconds after they were taken. */
const SETTLED = 200

/** Friends, requests and blocks: as the server last said, and on top of it what this person has done since. */
export async function openFriends(
  me: UserId,
  store: Store,
  saving: Saving,
  outbox: Pick<Outbox, 'commands' | 'unseen'>,
  profiles: Pick<Profiles, 'of' | 'peek' | 'met' | 'subscribe' | 'onKnown'>,
): Promise<Friends> {
  let base: Relations | undefined
  let settled: ReadonlySet<CommandId> = new Set()
  let isComplete = false
  /** Rises with what makes an answer that was asked for before it outdated. */
  let generation = 0
  const listeners = new Set<() => void>()

  const take = (kept: KeptFriends) => {
    base = new Map(kept.relations)
    settled = new Set(kept.settled)
    view.invalidate()
  }
  const keep = (next: Relations, nextSettled: ReadonlySet<CommandId>) => {
    const before = base === undefined ? undefined : forKeeping(base, settled)
    base = next
    settled = nextSettled
    const kept = forKeeping(next, nextSettled)
    if (before === undefined || canonicalJson(before) !== canonicalJson(kept))
      void saving.run(() => store.putRecord(RECORD, kept))
    view.invalidate()
    for (const listener of listeners) listener()
  }

  /** Own commands whose effect is not in what the server said, in their order. */
  const open = (): { readonly command: FriendCommand; readonly fate: Fate }[] =>
    [...outbox.unseen().filter(({ id }) => !settled.has(id)), ...outbox.commands.get()].flatMap(
      ({ command, fate }) =>
        isFriendCommand(command) && (isWaiting(fate) || fate.state === 'accepted') ? [{ command, fate }] : [],
    )

  let overlay: { readonly of: readonly unknown[]; readonly is: Overlay } | undefined
  /** Worked out anew only when something of it changed: every direct conversation asks. */
  const current = (): Overlay => {
    const of = [base, settled, outbox.commands.get(), ...outbox.unseen().map(({ id }) => id)]
    if (overlay === undefined || sameList(overlay.of, of) !== overlay.of) {
      overlay = { of, is: overlaid(base ?? NOBODY, me, open()) }
      view.invalidate()
    }
    return overlay.is
  }

  const view = derived<FriendsView>((previous) => {
    const { now, fates } = current()
    const known = new Map([...(previous ? allOf(previous) : [])].map((each) => [each.id, each]))
    const lists: Record<Relation['is'], Requested[]> = { friend: [], incoming: [], outgoing: [], blocked: [] }
    for (const [id, relation] of now) {
      const { is } = relation
      const at = is === 'friend' ? relation.since : relation.at
      const request = is === 'incoming' || is === 'outgoing' ? { request: relation.request } : {}
      const profile = profiles.peek(id) ?? profiles.of(id).get()
      lists[is].push(sameOr(known.get(id), { id, profile, at, fate: fates.get(id), ...request } as Requested))
    }
    const next: FriendsView = {
      friends: sameList(previous?.friends, lists.friend.sort(byName)),
      incoming: sameList(previous?.incoming, lists.incoming.sort(newestFirst)),
      outgoing: sameList(previous?.outgoing, lists.outgoing.sort(newestFirst)),
      blocked: sameList(previous?.blocked, lists.blocked.sort(byName)),
      isComplete,
    }
    const keys = Object.keys(next) as (keyof FriendsView)[]
    return previous !== undefined && keys.every((key) => Object.is(previous[key], next[key]))
      ? previous
      : next
  })

  const read = async () => {
    await saving.run(async () => {
      const kept = keptFriends.safeParse(await store.record(RECORD))
      // The server has the lists: what cannot be read is as if they had not been told yet.
      if (kept.success) take(kept.data)
    })
  }
  await read()

  const changedSoon = soon(() => view.invalidate())
  const endings = [
    outbox.commands.subscribe(() => current()),
    profiles.subscribe(changedSoon),
    profiles.onKnown(changedSoon),
  ]

  return {
    view: {
      get: () => {
        current()
        return view.get()
      },
      subscribe: view.subscribe,
    },
    isFriend: (user) => {
      const is = current().now.get(user)?.is
      return base === undefined && is === undefined ? undefined : is === 'friend'
    },
    isAnswered: (request) => {
      const holder = [...(base ?? NOBODY)].find(([, each]) => isRequest(each, request))
      if (holder === undefined) return open().some(({ command }) => answers(command, request))
      const after = current().now.get(holder[0])
      return after === undefined || !isRequest(after, request)
    },
    asking: () => {
      const askedAt = generation
      return ({ friends, pending, blocks }) => {
        profiles.met([
          ...friends.map(publicOf),
          ...pending.map(({ from, to }) => (from.id === me ? to : from)),
          ...blocks.map(({ user }) => user),
        ])
        if (askedAt !== generation) return false
        isComplete = true
        keep(relationsOf(me, friends, pending, blocks), settled)
        return true
      }
    },
    settle: () => {
      const taken = outbox
        .unseen()
        .flatMap(({ id, command }) => (isFriendCommand(command) && !settled.has(id) ? [command] : []))
      if (taken.length === 0) return false
      generation += 1
      const ids = [...settled, ...taken.map(({ id }) => id)].slice(-SETTLED)
      keep(afterCommands(base ?? NOBODY, me, taken), new Set(ids))
      return true
    },
    onKept: (listener) => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    kept: () => base && { ...forKeeping(base, settled), isComplete },
    heard: (kept, isWhole) => {
      isComplete = isWhole
      take(kept)
    },
    reload: read,
    close: () => {
      for (const end of endings) end()
    },
  }
}

const NOBODY: Relations = new Map()

const isFriendCommand = (command: Command | undefined): command is FriendCommand =>
  command !== undefined && !isConversationCommand(command)

const publicOf = (friend: rest.Friend): rest.User => {
  const { since: _, ...user } = friend
  return user
}

const isRequest = (relation: Relation, request: FriendRequestId): boolean =>
  relation.is === 'incoming' && relation.request === request

const answers = (command: FriendCommand, request: FriendRequestId): boolean =>
  command.type === 'friend.answer' && command.request === request

const forKeeping = (of: Relations, settled: ReadonlySet<CommandId>): KeptFriends => ({
  relations: [...of],
  settled: [...settled],
})

/** The relations after open commands, and what became of those that made somebody what they are now. */
interface Overlay {
  readonly now: Relations
  readonly fates: ReadonlyMap<UserId, Fate>
}

function overlaid(
  base: Relations,
  me: UserId,
  commands: readonly { readonly command: FriendCommand; readonly fate: Fate }[],
): Overlay {
  if (commands.length === 0) return { now: base, fates: NO_FATES }
  const now = new Map(base)
  const fates = new Map<UserId, Fate>()
  for (const { command, fate } of commands) {
    const effect = effectOf(now, me, command)
    if (effect === undefined) continue
    if (effect.relation === undefined) now.delete(effect.user)
    else now.set(effect.user, effect.relation)
    if (isWaiting(fate)) fates.set(effect.user, fate)
    else fates.delete(effect.user)
  }
  return { now, fates }
}

const NO_FATES: ReadonlyMap<UserId, Fate> = new Map()

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

const sameList = <T>(before: readonly T[] | undefined, next: readonly T[]): readonly T[] =>
  before?.length === next.length && before.every((each, index) => each === next[index]) ? before : next
