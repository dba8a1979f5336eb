import {
  type ConversationId,
  DEFAULT_LIMITS,
  furthest,
  isConversationCommand,
  type rest,
  type Seq,
  type UserId,
} from '@parley/protocol'
import type { Account } from './account.ts'
import { openAccountDocument } from './own/account-document.ts'
import type { Api } from './connection/api.ts'
import { openArchive } from './archive/archive.ts'
import { commandMethods } from './outbox/commands.ts'
import { openConversations } from './conversations/conversations.ts'
import { openDirectory } from './conversations/directory.ts'
import { openFacts } from './tabs/facts.ts'
import { isWaiting } from './outbox/fate.ts'
import { openFriends } from './people/friends.ts'
import { openHistory } from './archive/history.ts'
import { openLead } from './lead.ts'
import { openLooks } from './tabs/looks.ts'
import { openLosses } from './divergence/losses.ts'
import { lossMethods } from './divergence/loss-methods.ts'
import { type MishapLog, openMishaps } from './store/mishaps.ts'
import { openNotes } from './own/notes.ts'
import { openNotifications } from './people/notifications.ts'
import type { Observable } from './observable.ts'
import { openFates } from './outbox/fates.ts'
import { openOutbox } from './outbox/outbox.ts'
import type { ClientOptions } from './ports.ts'
import { openPresences } from './people/presence.ts'
import { openProfiles } from './people/profiles.ts'
import { preferenceMethods } from './own/preferences.ts'
import { openReads } from './own/reads.ts'
import { mendingStore } from './archive/repair.ts'
import { type StorageState, watchSaving } from './store/saving.ts'
import { openAccountSearch } from './search/account-search.ts'
import { ALWAYS_VISIBLE } from './tabs/sight.ts'
import type { Range } from './store/store.ts'
import { soon } from './soon.ts'
import { aloneTab, joinTabs } from './tabs/tabs.ts'
import { openTaken } from './outbox/taken.ts'
import { openTallies } from './archive/tallies.ts'
import { countThinned } from './archive/thinning.ts'
import { keepTrace } from './store/trace.ts'
import { openTimeline } from './timeline/timeline.ts'
import type { Timeline } from './timeline/timeline-types.ts'
import { openHeld } from './uploads/held.ts'
import { openSending } from './uploads/sending.ts'

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
  const { api, clock, storage, firstShown } = options
  const { id } = options.me
  const saving = watchSaving(clock)
  let rewrite: () => void = () => undefined
  const store = await storage.open(id, saving.failed, () => rewrite())
  const mend = (conversation: ConversationId, { from, to }: Range) =>
    tabs.wish({ wish: 'mend', conversation, from, to })
  const mending = mendingStore(store, mend, (conversation) => archive.tip(conversation)?.seq ?? 0)
  const fates = openFates()
  // All at once: a screen waits for the slowest of them.
  let readingMishaps: Promise<MishapLog> | undefined
  const readMishaps = () => (readingMishaps ??= openMishaps(store, saving))
  const openOwn = async () => {
    const setAside = async (count: number) => (await readMishaps()).setAside(count)
    const opened = await openAccountDocument(store, saving, clock, setAside)
    // Not before: what another window, or the service worker, has set aside is missing in the document without a word.
    return [opened, await readMishaps()] as const
  }
  const [[own, mishaps], archive, losses, directory, profiles, held, taken] = await Promise.all([
    openOwn(),
    openArchive(mending, saving),
    openLosses(store, saving),
    openDirectory(store, saving, clock),
    openProfiles(store, saving, api, clock),
    openHeld(store, saving, clock, fates),
    openTaken(store, saving),
  ])
  profiles.met([options.me])

  const isOnline = options.network?.isOnline() ?? true
  const facts = openFacts(options.me, isOnline ? { state: 'connecting', attempt: 0 } : { state: 'offline' })
  const isLive = () => facts.link.get().state === 'live'
  const limits = () => facts.welcome.get()?.limits
  const maxCommands = () => limits()?.['outboxCommands'] ?? DEFAULT_LIMITS.outboxCommands
  const outbox = openOutbox(
    own,
    clock,
    isLive,
    maxCommands,
    fates,
    (command) => isConversationCommand(command) && archive.fault(command.conversation) !== undefined,
    taken,
  )
  const sending = openSending(outbox, held, fates, maxCommands)
  const serverReadSeq = (conversation: ConversationId): Seq => {
    const stored = directory.get(conversation)
    return furthest(stored?.summary.readSeq ?? 0, stored?.reads[id] ?? 0)
  }
  const { channel, locks, traces, sight = ALWAYS_VISIBLE } = options
  const notes = openNotes(own, clock, serverReadSeq, sight)
  const looks = openLooks(soon(() => tabs.showed()))
  const presences = openPresences(looks, facts.presences, clock)
  const [trace, tallies, friends] = await Promise.all([
    traces && keepTrace({ user: id, traces, store, saving, outbox: sending, mishaps, clock }),
    openTallies({
      archive,
      me: id,
      readSeq: notes.readSeq,
      changed: (conversation) => conversations.invalidate(conversation),
      store,
      saving,
      clock,
      firstShown,
    }),
    openFriends(id, store, saving, outbox, profiles),
  ])
  /** The browser's data was cleared while this tab was open: what it has it puts back. */
  rewrite = () => {
    own.rewrite()
    held.rewrite()
    directory.rewrite()
    for (const each of archive.known()) archive.heardDropped(each, { from: 1, to: Infinity }, undefined)
    trace?.renew()
  }
  const notifications = await openNotifications({
    store,
    saving,
    readSeq: notes.readSeq,
    isAnswered: friends.isAnswered,
  })
  const conversations = openConversations({
    me: id,
    friends,
    archive,
    directory,
    outbox: sending,
    profiles,
    tallies,
    readSeq: notes.readSeq,
    draft: notes.draftText,
  })

  archive.subscribe(({ events }) => {
    mishaps.said(events)
    for (const event of events) if (event.author === id) outbox.said(event.id, event.seq)
  })
  notes.subscribe((conversation) => {
    tallies.review(conversation)
    conversations.invalidate(conversation)
    notifications.invalidate()
  })
  friends.view.subscribe(notifications.invalidate)
  facts.link.subscribe(() => {
    const link = facts.link.get()
    if (link.state === 'live') {
      outbox.handedOver()
      profiles.wake()
      options.onLive()
    } else profiles.lostTouch()
    if (link.state === 'refused' && link.code === 'unauthenticated') options.onExpired()
  })

  const models = { own, outbox, held, archive, directory, profiles, losses, friends, notifications, facts }
  const connect = () => openLead({ ...options, ...models, id, notes, store, saving, fates })
  const tabs =
    channel === undefined || locks === undefined
      ? aloneTab(connect, looks.card)
      : joinTabs({ id, clock, channel, locks, sight, models, card: looks.card, connect, firstShown })

  const history = openHistory(archive, directory, facts)
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
        readSeq: () => notes.readSeq(conversation),
        commands: () => conversations.commandsOf(conversation),
        others: conversations.view(conversation),
        open: () => looks.open(conversation),
      })
    timelines.set(conversation, known)
    return known
  }

  const reads = new Map<ConversationId, Observable<ReadonlyMap<UserId, Seq>>>()
  const close = () => {
    trace?.close()
    notes.close()
    presences.close()
    tabs.close()
    conversations.close()
    tallies.close()
    friends.close()
    profiles.close()
    directory.flush()
    held.close()
    own.close()
  }

  const account: Account = {
    me: facts.me,
    link: facts.link,
    storage: worst(saving.state, facts.storage),
    audit: facts.audit,
    room: facts.room,
    isThinned: facts.isThinned,
    countThinned: () =>
      countThinned(new Map([...archive.known()].map((each) => [each, archive.ranges(each)]))),
    thin: () => tabs.wish({ wish: 'thin' }),
    restore: () => tabs.wish({ wish: 'restore' }),
    mishaps: mishaps.now,
    dismissMishaps: mishaps.dismiss,
    history,
    ...openAccountSearch({ me: id, directory, profiles, tabs, index: facts.index, history }),
    welcome: facts.welcome,
    conversations: conversations.list,
    conversation: conversations.view,
    timeline,
    said: async (conversation, seq) => {
      try {
        const around = { after: seq - 1, before: seq + 1, limit: 1, from: 'oldest' } as const
        return (await archive.read(conversation, around))[0]
      } catch {
        // `saving` has been told, which shows it: here it is only not there.
        return undefined
      }
    },
    saidAs: async (conversation, event) => {
      try {
        return await archive.eventById(conversation, event)
      } catch {
        // As with `said`.
        return undefined
      }
    },
    heldEvents: (conversation, after, limit) => archive.read(conversation, { after, limit, from: 'oldest' }),
    forget: async (conversation) => {
      await tabs.wish({ wish: 'forget', conversation })
    },
    takeServersLog: (conversation) => tabs.wish({ wish: 'take-servers-log', conversation }),
    ...lossMethods({ me: id, archive, losses, outbox, api, wish: (wish) => tabs.wish(wish) }),
    commands: sending.commands,
    fate: sending.fate,
    retry: sending.retry,
    discard: sending.discard,
    uploads: facts.uploads,
    fileBytes: held.bytes,
    ...commandMethods({
      me: id,
      outbox: sending,
      now: clock.now,
      exists: (conversation) => {
        const view = conversations.view(conversation).get()
        return view !== undefined && view.standing !== 'refused'
      },
      sending: notes.sent,
      sent: (conversation, saved) => {
        presences.stopTyping(conversation)
        notes.keepUntil(conversation, saved)
      },
      limits,
    }),
    markRead: notes.markRead,
    reads: (conversation) => {
      const known = reads.get(conversation) ?? openReads(directory, conversation, id)
      reads.set(conversation, known)
      return known
    },
    draft: notes.draft,
    setDraft: notes.setDraft,
    draftReply: notes.draftReply,
    setDraftReply: notes.setDraftReply,
    ...preferenceMethods(own),
    presence: presences.of,
    typing: presences.typing,
    stopTyping: presences.stopTyping,
    setActive: presences.setActive,
    profile: profiles.of,
    friends: friends.view,
    notifications: notifications.view,
    seen: (notification) => notifications.seen([notification]),
    seenAll: () => notifications.seen(notifications.view.get().waiting.map((each) => each.id)),
    reconnect: () => void tabs.wish({ wish: 'connect' }),
    api,
  }

  return {
    account,
    resume: (next) => {
      facts.me.set(next)
      void tabs.wish({ wish: 'resume' })
    },
    unsent: () => sending.commands.get().filter(({ fate }) => isWaiting(fate)).length,
    close: () => {
      close()
      // What was written just before would be lost if it waits behind another write.
      void Promise.all([archive.settled(), held.settled(), own.saved()]).finally(() => store.close())
    },
    wipe: async () => {
      trace?.erase()
      close()
      await archive.settled()
      await held.settled()
      await own.saved()
      await Promise.all([store.wipe(), options.search?.wipe(id)])
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
