import { accountDocument, type CommandId, type rest, type UserId } from '@parley/protocol'
import { openAcknowledging } from './people/acknowledging.ts'
import type { Api } from './connection/api.ts'
import { openAttendance } from './conversations/attendance.ts'
import { openAudit } from './archive/audit.ts'
import { type Audience, openAudience } from './people/audience.ts'
import { openDivergence } from './divergence/divergence-care.ts'
import { openDocuments } from './connection/documents.ts'
import type { Fates } from './outbox/fates.ts'
import { openFilling } from './archive/filling.ts'
import type { Models } from './models.ts'
import { openNews } from './news.ts'
import type { Notes } from './own/notes.ts'
import type { ClientOptions } from './ports.ts'
import { openRenewal, type Renewal } from './own/renewal.ts'
import { watchRoom, withRoom } from './archive/room.ts'
import { keepTrying, type Saving } from './store/saving.ts'
import { openDeviceSearch } from './search/device-search.ts'
import type { Searcher } from './search/searcher.ts'
import { openSocket } from './connection/socket.ts'
import type { Store } from './store/store.ts'
import { openThinning } from './archive/thinning.ts'
import { openUploading } from './uploads/uploading.ts'
import type { Wish } from './tabs/wish.ts'

/** The one tab that has the connection, and what goes on there for all of them. */
export interface Lead extends Pick<Audience, 'show' | 'gone' | 'isShown'> {
  /** Whether it could be done now. */
  grant(wish: Wish): Promise<boolean>
  /** Undefined: this tab cannot search, as the service worker's. */
  readonly search: Searcher['search'] | undefined
  close(): void
}

export interface LeadOptions extends ClientOptions, Models {
  readonly id: UserId
  readonly api: Api
  readonly notes: Notes
  readonly fates: Fates
  readonly store: Store
  readonly saving: Saving
  readonly onMe: (me: rest.Me) => void
}

/** Connects: fetches what this person's device lacks, and sends what waits. */
export function openLead(options: LeadOptions): Lead {
  const {
    id,
    api,
    own,
    archive,
    directory,
    profiles,
    friends,
    notifications,
    losses,
    outbox,
    held,
    fates,
    notes,
    store,
    saving,
    facts,
    clock,
  } = options
  const { random = Math.random } = options
  const socket = openSocket(options)
  const documents = openDocuments(socket, options)
  const isLive = () => socket.link.get().state === 'live'
  const expire = () => socket.refuse('unauthenticated')

  const news = openNews({
    api,
    archive,
    directory,
    profiles,
    friends,
    notifications,
    clock,
    random,
    isLive,
    isAttended: (conversation) => attendance.awareness(conversation) !== undefined,
    onRenewed: (seen) => renewal.begin(seen),
    onMe: (next) => {
      // Another tab has signed somebody else in: the cookie is theirs now.
      if (next.id !== id) return expire()
      facts.me.set(next)
      profiles.met([next])
      options.onMe(next)
    },
    onUnauthenticated: expire,
    onDoubt: (conversation) => divergence.doubt(conversation),
    onListed: () => divergence.listed(),
  })
  const acknowledging = openAcknowledging({
    api,
    notifications,
    clock,
    random,
    isLive,
    onUnauthenticated: expire,
  })
  const renewal: Renewal = openRenewal(
    own,
    () => attached,
    () => arrived(),
  )
  // First of all documents: it says who is there, and carries what waits.
  const attached = documents.attach(accountDocument(id), own.doc, null, {
    changed: ({ state }) => {
      if (state === 'denied') expire()
      if (state !== 'synced') renewal.lost()
      else if (renewal.arrived()) arrived()
    },
    told: news.take,
  })
  const arrived = () => {
    if (attached.state().state !== 'synced') return
    socket.ready()
    divergence.wake()
    news.refresh()
    filling.wake()
    uploading.wake()
    profiles.wake()
    acknowledging.wake()
  }
  const attendance = openAttendance({
    documents,
    archive,
    directory,
    store,
    saving,
    clock,
    onUnauthenticated: expire,
    onDoubt: (conversation) => divergence.doubt(conversation),
  })
  socket.onOpen(attendance.begin)
  // A conversation may be refused before the account document has come.
  socket.onOpen(() => divergence.arrive())
  const audience = openAudience(attendance, facts.presences, id)
  const filling = openFilling({
    archive,
    directory,
    api,
    clock,
    random,
    isLive,
    canKeep: () => saving.state.get().state === 'sound',
    isFilling: facts.isFilling,
    paced: facts.paced,
    beginOf: (conversation) => thinning.begin(conversation),
    conditions: withRoom(options.conditions, facts.room),
  })
  const divergence = openDivergence({
    archive,
    attendance,
    directory,
    losses,
    store,
    saving,
    api,
    clock,
    random,
    isLive,
    refresh: async (conversation) => {
      await news.ask(conversation)
      filling.wake()
    },
  })

  const searching = openDeviceSearch({
    id,
    host: options.search,
    store,
    archive,
    clock,
    progress: facts.index,
  })
  const uploading = openUploading({
    held,
    outbox,
    fates,
    own,
    archive,
    api,
    clock,
    random,
    isLive,
    progress: facts.uploads,
  })

  const room = watchRoom({ estimate: options.estimate, archive, clock, result: facts.room })
  const thinning = openThinning({
    archive,
    store,
    saving,
    isThinned: facts.isThinned,
    wake: () => filling.wake(),
  })
  const auditing = openAudit({
    archive,
    store,
    saving,
    clock,
    isBusy: facts.isFilling.get,
    result: facts.audit,
  })

  let created = new Set<CommandId>()
  const askForCreated = () => {
    // A conversation that the server has just made is asked for at once: its document may now be opened.
    const taken = outbox.unseen().filter(({ command }) => command?.type === 'conversation.create')
    for (const { id: each, command } of taken) {
      if (command?.type === 'conversation.create' && !created.has(each)) void news.ask(command.conversation)
    }
    created = new Set(taken.map((each) => each.id))
  }
  const endings = [
    outbox.commands.subscribe(askForCreated),
    outbox.commands.subscribe(() => {
      if (friends.settle()) news.friendsChanged()
    }),
    // Whatever tab or device it was read on.
    notes.subscribe((conversation) =>
      directory.sawReads(conversation, { [id]: notes.readSeq(conversation) }),
    ),
    // Damaged, or gone with everything else: the server has it.
    archive.subscribe(({ dropped }) => {
      if (dropped !== undefined) filling.wake()
    }),
    keepTrying(saving, clock, archive.adopt),
    news.welcome.subscribe(() => facts.welcome.set(news.welcome.get())),
    saving.state.subscribe(() => facts.storage.set(saving.state.get())),
    socket.link.subscribe(() => facts.link.set(socket.link.get())),
  ]
  facts.storage.set(saving.state.get())
  socket.start()

  return {
    show: audience.show,
    gone: audience.gone,
    isShown: audience.isShown,
    search: searching.search,
    grant: async (wish) => {
      switch (wish.wish) {
        case 'fetch':
          return await filling.want(wish.conversation, wish)
        case 'mend':
          return (await (await auditing).mend(wish.conversation, wish)) > 0
        case 'thin':
          return await thinning.thin()
        case 'restore':
          return await thinning.restore()
        case 'forget':
          await attendance.restart(wish.conversation, () => archive.forget(wish.conversation))
          await directory.forget(wish.conversation)
          return true
        case 'take-servers-log':
          return await divergence.takeServers(wish.conversation)
        case 'dismiss-loss':
          return await losses.dismiss(wish.conversation)
        case 'connect':
          socket.wake()
          return true
        case 'resume':
          socket.drop()
          documents.reconsider()
          socket.wake()
          return true
      }
    },
    close: () => {
      for (const ending of endings) ending()
      divergence.close()
      filling.close()
      room.close()
      void auditing.then(({ close }) => close())
      searching.close()
      uploading.close()
      news.close()
      acknowledging.close()
      audience.close()
      attendance.close()
      renewal.close()
      attached.detach()
      socket.close()
      // The next leader writes from now on, and a later word of this one would be older.
      directory.flush()
    },
  }
}
