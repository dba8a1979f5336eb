import {
  canonicalJson,
  type Command,
  type CommandId,
  commandId,
  type FriendCommand,
  type FriendRequestId,
  isConversationCommand,
  type rest,
  type UserId,
} from '@parley/protocol'
import { z } from 'zod'
import { type Fate, isWaiting } from '../outbox/fate.ts'
import {
  afterCommands,
  effectOf,
  type Relation,
  relations,
  type Relations,
  relationsOf,
} from './friend-relations.ts'
import { type FriendsView, type Overlay, type Own, sameList, viewFriends } from './friends-view.ts'
import { derived, type Observable } from '../observable.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { Profiles } from './profiles.ts'
import type { Saving } from '../store/saving.ts'
import { soon } from '../soon.ts'
import type { Store } from '../store/store.ts'

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
  outbox: Pick<Outbox, 'commands' | 'unseen' | 'onOverdue'>,
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

  const view = derived<FriendsView>((previous) =>
    viewFriends(current(), isComplete, (user) => profiles.peek(user) ?? profiles.of(user).get(), previous),
  )

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
    outbox.onOverdue(() => current()),
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

/** The relations after open commands. */
function overlaid(
  base: Relations,
  me: UserId,
  commands: readonly { readonly command: FriendCommand; readonly fate: Fate }[],
): Overlay {
  if (commands.length === 0) return { now: base, own: NOTHING_OWN }
  const now = new Map(base)
  const own = new Map<UserId, Own>()
  for (const { command, fate } of commands) {
    const effect = effectOf(now, me, command)
    if (effect === undefined) continue
    const { user, relation } = effect
    const was = own.has(user) ? own.get(user)?.was : now.get(user)?.is
    if (relation === undefined) now.delete(user)
    else now.set(user, relation)
    if (isWaiting(fate)) own.set(user, { command: command.id, fate, at: command.createdAt, was })
    else own.delete(user)
  }
  return { now, own }
}

const NOTHING_OWN: ReadonlyMap<UserId, Own> = new Map()
