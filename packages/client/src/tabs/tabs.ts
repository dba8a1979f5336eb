import { newId, unreachable, type UserId } from '@parley/protocol'
import * as Y from 'yjs'
import { takeFacts } from './facts.ts'
import { type Leadership, openLeadership } from './leadership.ts'
import { type Leading, lifeOf, openLeading } from './leading.ts'
import type { Lead } from '../lead.ts'
import type { Card } from './looks.ts'
import type { Observable } from '../observable.ts'
import type { Models } from '../models.ts'
import type { Channel, Clock, Locks, Sight } from '../ports.ts'
import { openAsking } from '../search/asking.ts'
import type { SearchPage, SearchRequest } from '../search/searcher.ts'
import { type TabMessage, tabMessage } from './tab-messages.ts'
import type { Wish } from './wish.ts'

/** The way from this tab to the connection, wherever it is. */
export interface Tabs {
  /** Whether the tab that has the connection could do it. */
  wish(wish: Wish): Promise<boolean>
  /** Undefined: this device cannot be looked through now. */
  search(request: SearchRequest): Promise<SearchPage | undefined>
  /** What this tab shows has changed. */
  showed(): void
  close(): void
}

export interface TabsOptions {
  readonly id: UserId
  readonly clock: Clock
  readonly channel: Channel
  readonly locks: Locks
  readonly sight: Observable<Sight>
  readonly models: Models
  readonly card: () => Card
  readonly connect: () => Lead
  /** This tab leads, or follows, once this has settled. */
  readonly firstShown: Promise<unknown> | undefined
}

/** A tab that is the only one: it has the connection. */
export function aloneTab(connect: () => Lead, card: () => Card): Tabs {
  const lead = connect()
  const { search = async () => undefined } = lead
  return { wish: lead.grant, search, showed: () => lead.show('', card()), close: lead.close }
}

/**
 * One of the tabs that a person has open on this device. One of them leads: it has the connection and writes what
 * comes from there. The others follow: they hear from it what it learns, read the same disk, and write what
 * their person intends into their own copy of the account document, which all tabs keep equal.
 */
export function joinTabs(options: TabsOptions): Tabs {
  const { id, clock, channel, locks, sight, models, card, firstShown } = options
  const { own, outbox, held, archive, directory, profiles, losses, friends, notifications, facts } = models
  const tab = newId<string>()
  const name = `parley/${id}`
  /** Asked of a leader who has not answered. The next one is asked again. */
  const wishes = new Map<
    number,
    { readonly wish: Wish; readonly done: (isDone: boolean | Promise<boolean>) => void }
  >()
  let wished = 0
  let leading: Leading | undefined
  let leadership: Leadership | undefined

  const post = (said: TabMessage) => channel.post({ account: id, from: tab, said })
  const searches = openAsking<SearchRequest, SearchPage | undefined>((number, request) =>
    post({ type: 'search', number, request }),
  )
  const follow = () => post({ type: 'follow', vector: Y.encodeStateVector(own.doc), card: card() })
  held.onWritten(() => post({ type: 'held' }))
  outbox.onDiscard((command) => post({ type: 'discarded', id: command }))
  own.onChange((change) => post({ type: 'change', ...change }))
  own.onMoved((_, isOurs) => {
    if (isOurs) post({ type: 'moved' })
  })
  const endNotifications = notifications.onChange((change) =>
    post({
      type: 'notifications',
      change,
      isComplete: leading !== undefined && notifications.isComplete(),
    }),
  )

  const endChannel = channel.subscribe((message) => {
    const heard = tabMessage.safeParse(message)
    // A tab with another version of the app may say what this one does not know.
    if (!heard.success || heard.data.account !== id) return
    const { from, said } = heard.data
    if (said.type === 'change') own.join(said)
    else if (said.type === 'moved') void own.reload()
    else if (said.type === 'discarded') outbox.heardDiscarded(said.id)
    else if (said.type === 'held') void held.reload()
    else if (said.type === 'notifications') {
      notifications.heard(said.change)
      if (said.isComplete) notifications.heardAll()
    } else if (leading !== undefined) leading.hear(from, said)
    else hearLeader(said)
  })

  const hearLeader = (said: TabMessage) => {
    switch (said.type) {
      case 'lead':
        follow()
        for (const [number, { wish }] of wishes) post({ type: 'wish', number, wish })
        searches.again()
        break
      case 'welcome':
        if (said.to !== tab) break
        post({ type: 'change', ...own.since(said.vector) })
        profiles.heard(said.people)
        void archive.reload()
        void directory.reload()
        void held.reload()
        void notifications.reload()
        void losses.reloadAll()
        break
      case 'facts':
        takeFacts(facts, said.facts)
        if (said.isComplete) directory.heardAll()
        leadership?.heard(said.isSteady)
        break
      case 'granted':
        if (said.to !== tab) break
        wishes.get(said.number)?.done(said.isDone)
        wishes.delete(said.number)
        break
      case 'found':
        if (said.to === tab) searches.heard(said.number, said.page)
        break
      case 'events':
        archive.heard(said)
        break
      case 'written':
        archive.heardWritten(said.conversation, said.runs)
        break
      case 'fault':
        archive.raise(said.conversation, said.fault)
        break
      case 'cut':
        archive.heardCut(said.conversation, said.after, said.tip)
        break
      case 'dropped':
        archive.heardDropped(said.conversation, said.span, said.tip)
        break
      case 'losses':
        void losses.reload(said.conversation)
        break
      case 'conversation':
        directory.heard(said.id, said.conversation)
        break
      case 'people':
        profiles.heard(said.people)
        break
      case 'friends':
        friends.heard(said.kept, said.isComplete)
        break
      case 'change':
      case 'moved':
      case 'held':
      case 'discarded':
      case 'notifications':
      case 'follow':
      case 'card':
      case 'wish':
      case 'search':
        // Said to a leader, or to all.
        break
      default:
        unreachable(said)
    }
  }

  const lead = () => {
    void own.reload()
    void notifications.reload()
    archive.adopt()
    leading = openLeading({ lead: options.connect(), name, locks, sight, models, post })
    leading.show(tab, card())
    post({ type: 'lead' })
    for (const { wish, done } of wishes.values()) done(leading.grant(wish))
    wishes.clear()
    searches.answerAll(search)
  }
  const search = async (request: SearchRequest): Promise<SearchPage | undefined> => {
    if (leading === undefined) return await searches.ask(request)
    return await leading.search?.(request)
  }
  const cease = () => {
    leading?.close()
    leading = undefined
  }
  const ask = () => post({ type: 'card', card: card() })
  // Held for as long as this tab lives, and before anybody hears of it: by it a leader learns that it is gone.
  let isClosed = false
  const begin = () => {
    if (!isClosed) leadership = openLeadership({ name, locks, sight, clock, ask, follow, lead, cease })
  }
  const die = locks.hold(lifeOf(name, tab), {
    steal: false,
    held: () => {
      if (firstShown === undefined) begin()
      else void firstShown.finally(begin)
    },
    stolen: () => undefined,
  })

  return {
    wish: (wish) => {
      if (leading !== undefined) return leading.grant(wish)
      const number = (wished += 1)
      post({ type: 'wish', number, wish })
      return new Promise((done) => wishes.set(number, { wish, done }))
    },
    search,
    showed: () => {
      if (leading === undefined) ask()
      else leading.show(tab, card())
    },
    close: () => {
      isClosed = true
      leadership?.close()
      cease()
      endNotifications()
      endChannel()
      die()
    },
  }
}
