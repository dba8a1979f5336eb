import type { ConversationId, Seq, UserId } from '@parley/protocol'
import type { Archive } from '../archive/archive.ts'
import { type ConversationList, type ConversationView, viewConversation } from './conversation-view.ts'
import type { Directory } from './directory.ts'
import type { FatedCommand } from '../outbox/fate.ts'
import type { Friends } from '../people/friends.ts'
import { derived, type Observable, select } from '../observable.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { Profiles } from '../people/profiles.ts'
import type { Tallies } from '../archive/tallies.ts'

export interface ConversationsOptions {
  readonly me: UserId
  readonly archive: Archive
  readonly directory: Directory
  readonly outbox: Pick<Outbox, 'commands' | 'unseen' | 'onOverdue'>
  readonly profiles: Profiles
  readonly friends: Pick<Friends, 'view' | 'isFriend'>
  readonly tallies: Tallies
  readonly readSeq: (id: ConversationId) => Seq
  readonly draft: (id: ConversationId) => string
}

export interface Conversations {
  readonly list: Observable<ConversationList>
  view(id: ConversationId): Observable<ConversationView | undefined>
  /** Own commands of one conversation, waiting or just taken, in their order. */
  commandsOf(id: ConversationId): readonly FatedCommand[]
  /** What one conversation is made of has changed. */
  invalidate(id: ConversationId): void
  close(): void
}

/** All conversations of this person, worked out from what the device has; only what changed is worked out anew. */
export function openConversations(options: ConversationsOptions): Conversations {
  const { me, archive, directory, outbox, profiles, friends, tallies } = options
  const views = new Map<ConversationId, ConversationView>()
  const selections = new Map<ConversationId, Observable<ConversationView | undefined>>()
  const stale = new Set<ConversationId>()
  let commands: ReadonlyMap<ConversationId, readonly FatedCommand[]> = new Map()
  let areCommandsStale = true

  const readCommands = () => {
    if (!areCommandsStale) return commands
    areCommandsStale = false
    const next = new Map<ConversationId, FatedCommand[]>()
    for (const each of [...outbox.unseen(), ...outbox.commands.get()]) {
      if (each.command === undefined || !('conversation' in each.command)) continue
      const { conversation } = each.command
      const list = next.get(conversation) ?? []
      next.set(conversation, list)
      list.push(each)
    }
    for (const id of [...commands.keys(), ...next.keys()]) stale.add(id)
    commands = next
    return commands
  }

  const list = derived<ConversationList>((previous) => {
    readCommands()
    for (const id of stale) {
      const view = viewConversation({
        id,
        me,
        stored: directory.get(id),
        tip: archive.tip(id),
        tally: tallies.get(id),
        readSeq: options.readSeq(id),
        draft: options.draft(id),
        commands: commands.get(id) ?? [],
        fault: archive.fault(id),
        nameOf: profiles.name,
        isFriend: friends.isFriend,
      })
      if (view === undefined) views.delete(id)
      else views.set(id, view)
    }
    const isChanged = stale.size > 0
    stale.clear()
    const isComplete = directory.isComplete()
    if (views.size === 0 && !isComplete)
      return previous?.state === 'loading' ? previous : { state: 'loading' }
    if (!isChanged && previous?.state === 'known' && previous.isComplete === isComplete) return previous
    const conversations = [...views.values()].sort(
      (a, b) => b.activeAt - a.activeAt || (a.id < b.id ? -1 : 1),
    )
    return { state: 'known', conversations, isComplete }
  })

  const invalidate = (id: ConversationId) => {
    stale.add(id)
    list.invalidate()
  }
  const invalidateCommands = () => {
    areCommandsStale = true
    list.invalidate()
  }
  for (const id of directory.all().keys()) {
    stale.add(id)
    tallies.review(id)
  }

  const endings = [
    directory.subscribe((id) => {
      if (id === undefined) return list.invalidate()
      tallies.review(id)
      invalidate(id)
    }),
    archive.subscribe(({ conversation }) => {
      // An own event that was seen ends its command's waiting without a change of the list of open ones.
      areCommandsStale = true
      tallies.review(conversation)
      invalidate(conversation)
    }),
    outbox.commands.subscribe(invalidateCommands),
    outbox.onOverdue(invalidateCommands),
    friends.view.subscribe(() => {
      for (const { id, other, areFriends } of views.values())
        if (other !== undefined && friends.isFriend(other) !== areFriends) invalidate(id)
    }),
    profiles.subscribe(() => {
      for (const id of views.keys()) stale.add(id)
      list.invalidate()
    }),
  ]

  return {
    list,
    view: (id) => {
      const known = selections.get(id) ?? select(list, () => views.get(id))
      selections.set(id, known)
      return known
    },
    commandsOf: (id) => {
      // Just given ones are in the outbox before its listeners have heard of them.
      areCommandsStale = true
      return readCommands().get(id) ?? []
    },
    invalidate,
    close: () => {
      for (const ending of endings) ending()
    },
  }
}
