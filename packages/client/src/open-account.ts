import {
  type ConversationId,
  DEFAULT_LIMITS,
  furthest,
  type rest,
  type Seq,
  type UserId,
} from '@parley/protocol'
import type { Account } from './account.ts'
import { openAccountDocument } from './account-document.ts'
import type { Api } from './api.ts'
import { openArchive } from './archive.ts'
import { commandMethods } from './commands.ts'
import { openConversations } from './conversations.ts'
import { openDirectory } from './directory.ts'
import { openFacts } from './facts.ts'
import { isWaiting } from './fate.ts'
import { openHistory } from './history.ts'
import { openLead } from './lead.ts'
import { openLooks } from './looks.ts'
import { openNotes } from './notes.ts'
import type { Observable } from './observable.ts'
import { openOutbox } from './outbox.ts'
import type { ClientOptions } from './ports.ts'
import { openPresences } from './presence.ts'
import { openProfiles } from './profiles.ts'
import { openReads } from './reads.ts'
import { type StorageState, watchSaving } from './saving.ts'
import { ALWAYS_VISIBLE } from './sight.ts'
import { soon } from './soon.ts'
import { aloneTab, joinTabs } from './tabs.ts'
import { openTallies } from './tallies.ts'
import { openTimeline } from './timeline.ts'
import type { Timeline } from './timeline-types.ts'

/** An account with what its owner, the client, does to it. */
export interface OpenAccount {
  readonly account: Account
  /** Signed in again: connects with the new session. */
  resume(me: rest.Me): void
  /** Commands that the server has not answered. */
  unsent(): number
  close(): void
  /** Closes and forgets everything that the device keeps of this person. */
  wipe(): Promise<void>
}

interface AccountOptions extends ClientOptions {
  readonly api: Api
  readonly me: rest.Me
  readonly onMe: (me: rest.Me) => void
  /** The server does not know this session any more. */
  readonly onExpired: () => void
  /** The server has let this account in. */
  readonly onLive: () => void
}

/** Puts together all that a signed-in person has on this device, from what the device keeps. */
export async function openAccount(options: AccountOptions): Promise<OpenAccount> {
  const { api, clock, storage } = options
  const { id } = options.me
  const saving = watchSaving(clock)
  const store = await storage.open(id, saving.failed)
  const [own, archive, directory, profiles] = await Promise.all([
    openAccountDocument(store, saving, clock),
    openArchive(store, saving),
    openDirectory(store, saving, clock),
    openProfiles(store, saving, api, clock),
  ])
  profiles.met([options.me])

  const isOnline = options.network?.isOnline() ?? true
  const facts = openFacts(options.me, isOnline ? { state: 'connecting', attempt: 0 } : { state: 'offline' })
  const isLive = () => facts.link.get().state === 'live'
  const outbox = openOutbox(
    own,
    clock,
    isLive,
    () => facts.welcome.get()?.limits['outboxCommands'] ?? DEFAULT_LIMITS.outboxCommands,
  )
  const serverReadSeq = (conversation: ConversationId): Seq => {
    const stored = directory.get(conversation)
    return furthest(stored?.summary.readSeq ?? 0, stored?.reads[id] ?? 0)
  }
  const { channel, locks, sight = ALWAYS_VISIBLE } = options
  const notes = openNotes(own, clock, serverReadSeq, sight)
  const looks = openLooks(soon(() => tabs.showed()))
  const presences = openPresences(looks, facts.presences, clock)
  const tallies = openTallies(archive, id, notes.readSeq, (conversation) =>
    conversations.invalidate(conversation),
  )
  const conversations = openConversations({
    me: id,
    archive,
    directory,
    outbox,
    profiles,
    tallies,
    readSeq: notes.readSeq,
    draft: notes.draftText,
  })

  archive.subscribe(({ events }) => {
    for (const event of events) if (event.author === id) outbox.said(event.id, event.seq)
  })
  notes.subscribe((conversation) => {
    tallies.review(conversation)
    conversations.invalidate(conversation)
  })
  facts.link.subscribe(() => {
    const link = facts.link.get()
    if (link.state === 'live') {
      outbox.handedOver()
      profiles.wake()
      options.onLive()
    } else profiles.lostTouch()
    if (link.state === 'refused' && link.code === 'unauthenticated') options.onExpired()
  })

  const models = { own, outbox, archive, directory, profiles, facts }
  const connect = () => openLead({ ...options, ...models, id, notes, store, saving })
  const tabs =
    channel === undefined || locks === undefined
      ? aloneTab(connect, looks.card)
      : joinTabs({ id, clock, channel, locks, sight, models, card: looks.card, connect })

  const timelines = new Map<ConversationId, Timeline>()
  const timeline = (conversation: ConversationId): Timeline => {
    const known =
      timelines.get(conversation) ??
      openTimeline({
        conversation,
        me: id,
        archive,
        fetch: (span) => tabs.wish({ wish: 'fetch', conversation, ...span }),
        serverSeq: () => directory.get(conversation)?.summary.lastSeq ?? 0,
        commands: () => conversations.commandsOf(conversation),
        others: conversations.view(conversation),
        open: () => looks.open(conversation),
      })
    timelines.set(conversation, known)
    return known
  }

  const reads = new Map<ConversationId, Observable<ReadonlyMap<UserId, Seq>>>()
  const close = () => {
    notes.close()
    presences.close()
    tabs.close()
    conversations.close()
    profiles.close()
    directory.flush()
    own.close()
  }

  const account: Account = {
    me: facts.me,
    link: facts.link,
    storage: worst(saving.state, facts.storage),
    history: openHistory(archive, directory, facts.isFilling),
    welcome: facts.welcome,
    conversations: conversations.list,
    conversation: conversations.view,
    timeline,
    forget: async (conversation) => {
      await tabs.wish({ wish: 'forget', conversation })
    },
    takeServersLog: async (conversation) => {
      await tabs.wish({ wish: 'take-servers-log', conversation })
    },
    commands: outbox.commands,
    fate: outbox.fate,
    retry: outbox.retry,
    discard: outbox.discard,
    ...commandMethods({
      me: id,
      outbox,
      now: clock.now,
      exists: (conversation) => {
        const view = conversations.view(conversation).get()
        return view !== undefined && view.standing !== 'refused'
      },
      sending: notes.sent,
      sent: presences.stopTyping,
    }),
    markRead: notes.markRead,
    reads: (conversation) => {
      const known = reads.get(conversation) ?? openReads(directory, conversation, id)
      reads.set(conversation, known)
      return known
    },
    draft: notes.draft,
    setDraft: notes.setDraft,
    presence: presences.of,
    typing: presences.typing,
    stopTyping: presences.stopTyping,
    setActive: presences.setActive,
    profile: profiles.of,
    reconnect: () => void tabs.wish({ wish: 'connect' }),
    api,
  }

  return {
    account,
    resume: (next) => {
      facts.me.set(next)
      void tabs.wish({ wish: 'resume' })
    },
    unsent: () => outbox.commands.get().filter(({ fate }) => isWaiting(fate)).length,
    close: () => {
      close()
      // What was written just before would be lost if it waits behind another write.
      void Promise.all([archive.settled(), own.saved()]).finally(() => store.close())
    },
    wipe: async () => {
      close()
      await archive.settled()
      await own.saved()
      await store.wipe()
      store.close()
    },
  }
}

/** A disk is shared by all tabs, and one that fails any of them is worth a word in all. */
const worst = (
  own: Observable<StorageState>,
  leaders: Observable<StorageState>,
): Observable<StorageState> => ({
  get: () => (own.get().state === 'failing' ? own.get() : leaders.get()),
  subscribe: (listener) => {
    const endings = [own.subscribe(listener), leaders.subscribe(listener)]
    return () => endings.forEach((end) => end())
  },
})
