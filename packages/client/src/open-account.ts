import {
  accountDocument,
  type CommandId,
  type ConversationId,
  furthest,
  type rest,
  type Seq,
  type UserId,
} from '@parley/protocol'
import type { Account } from './account.ts'
import { openAccountDocument } from './account-document.ts'
import type { Api } from './api.ts'
import { openArchive } from './archive.ts'
import { openAttendance } from './attendance.ts'
import { commandMethods } from './commands.ts'
import { openConversations } from './conversations.ts'
import { openDirectory } from './directory.ts'
import { openDocuments } from './documents.ts'
import { openFilling } from './filling.ts'
import { openNews } from './news.ts'
import { openNotes } from './notes.ts'
import { type Observable, source } from './observable.ts'
import { openOutbox } from './outbox.ts'
import type { ClientOptions } from './ports.ts'
import { openPresences } from './presence.ts'
import { openProfiles } from './profiles.ts'
import { watchSaving } from './saving.ts'
import { openReads } from './reads.ts'
import { openSocket } from './socket.ts'
import { isWaiting } from './fate.ts'
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
}

/** Puts together all that a signed-in person has on this device, from what the device keeps. */
export async function openAccount(options: AccountOptions): Promise<OpenAccount> {
  const { api, clock, storage, random = Math.random } = options
  const me = source<rest.Me>(options.me)
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

  const socket = openSocket(options)
  const documents = openDocuments(socket, options)
  const isLive = () => socket.link.get().state === 'live'
  const expire = () => socket.refuse('unauthenticated')

  const outbox = openOutbox(own, clock, isLive)
  const notes = openNotes(own, clock, (conversation): Seq => {
    const stored = directory.get(conversation)
    return furthest(stored?.summary.readSeq ?? 0, stored?.reads[id] ?? 0)
  })
  const news = openNews({
    api,
    archive,
    directory,
    profiles,
    clock,
    random,
    isLive,
    isAttended: (conversation) => attendance.awareness(conversation) !== undefined,
    onMe: (next) => {
      // Another tab has signed somebody else in: the cookie is theirs now.
      if (next.id !== id) return expire()
      me.set(next)
      profiles.met([next])
      options.onMe(next)
    },
    onUnauthenticated: expire,
  })
  // First of all documents: it says who is there, and carries what waits.
  const attached = documents.attach(accountDocument(id), own.doc, null, {
    changed: (attachment) => {
      if (attachment.state === 'denied') expire()
      if (attachment.state !== 'synced') return
      socket.ready()
      outbox.handedOver()
      news.refresh()
      filling.wake()
      profiles.wake()
    },
    told: news.take,
  })
  const attendance = openAttendance({
    documents,
    archive,
    directory,
    store,
    saving,
    clock,
    onUnauthenticated: expire,
  })
  socket.onOpen(attendance.begin)
  const filling = openFilling({
    archive,
    directory,
    api,
    clock,
    random,
    isLive,
    canKeep: () => saving.state.get().state === 'sound',
  })
  const presences = openPresences(attendance, clock, id)
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
  let created = new Set<CommandId>()
  outbox.commands.subscribe(() => {
    // A conversation that the server has just made is asked for at once: its document may now be opened.
    const taken = outbox.unseen().filter(({ command }) => command?.type === 'conversation.create')
    for (const { id: each, command } of taken) {
      if (command?.type === 'conversation.create' && !created.has(each)) void news.ask(command.conversation)
    }
    created = new Set(taken.map((each) => each.id))
  })
  socket.link.subscribe(() => {
    if (!isLive()) profiles.lostTouch()
    const link = socket.link.get()
    if (link.state === 'refused' && link.code === 'unauthenticated') options.onExpired()
  })

  const timelines = new Map<ConversationId, Timeline>()
  const timeline = (conversation: ConversationId): Timeline => {
    const known =
      timelines.get(conversation) ??
      openTimeline({
        conversation,
        me: id,
        archive,
        filling,
        serverSeq: () => directory.get(conversation)?.summary.lastSeq ?? 0,
        commands: () => conversations.commandsOf(conversation),
        others: conversations.view(conversation),
        open: () => attendance.open(conversation),
      })
    timelines.set(conversation, known)
    return known
  }

  const reads = new Map<ConversationId, Observable<ReadonlyMap<UserId, Seq>>>()
  const forget = async (conversation: ConversationId) => {
    await attendance.restart(conversation)
    await directory.forget(conversation)
    conversations.invalidate(conversation)
  }

  const close = () => {
    notes.close()
    presences.close()
    filling.close()
    news.close()
    attendance.close()
    attached.detach()
    socket.close()
    conversations.close()
    profiles.close()
    directory.close()
    own.close()
  }

  const account: Account = {
    me,
    link: socket.link,
    storage: saving.state,
    history: filling.progress,
    welcome: news.welcome,
    conversations: conversations.list,
    conversation: conversations.view,
    timeline,
    forget,
    takeServersLog: async (conversation) => {
      await attendance.restart(conversation)
      directory.restart(conversation)
      await news.ask(conversation)
      filling.wake()
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
      sent: presences.stopTyping,
    }),
    markRead: (conversation, seq) => {
      notes.markRead(conversation, seq)
      directory.sawReads(conversation, { [id]: seq })
    },
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
    reconnect: socket.wake,
    api,
  }

  socket.start()
  return {
    account,
    resume: (next) => {
      me.set(next)
      socket.drop()
      documents.reconsider()
      socket.wake()
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
