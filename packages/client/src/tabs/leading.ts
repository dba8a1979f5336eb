import type { ConversationId } from '@parley/protocol'
import * as Y from 'yjs'
import type { ArchiveChange } from '../archive/archive.ts'
import { factsNow } from './facts.ts'
import type { Lead } from '../lead.ts'
import type { Models } from '../models.ts'
import type { Observable } from '../observable.ts'
import type { Locks, Sight } from '../ports.ts'
import { soon } from '../soon.ts'
import type { TabMessage } from './tab-messages.ts'

/** The leading tab's side of what tabs tell each other. */
export interface Leading extends Pick<Lead, 'grant' | 'show' | 'search' | 'close'> {
  hear(from: string, said: TabMessage): void
}

export interface LeadingOptions {
  readonly lead: Lead
  readonly name: string
  readonly locks: Locks
  readonly sight: Observable<Sight>
  readonly models: Models
  readonly post: (said: TabMessage) => void
}

/** The lock that a tab holds for as long as it lives. */
export const lifeOf = (name: string, tab: string): string => `${name}/tab/${tab}`

/** Tells the tabs that follow all that this one learns, and does for them what takes a connection. */
export function openLeading({ lead, name, locks, sight, models, post }: LeadingOptions): Leading {
  const { own, held, archive, directory, profiles, losses, friends, notifications, facts } = models
  /** Each with what ends the watch over its life. */
  const followers = new Map<string, () => void>()

  const tell = (said: TabMessage) => {
    if (followers.size > 0) post(said)
  }
  const tellFacts = () =>
    tell({
      type: 'facts',
      isSteady: sight.get() === 'visible' || facts.link.get().state === 'live',
      isComplete: directory.isComplete(),
      facts: factsNow(facts, lead.isShown),
    })
  const tellFactsSoon = soon(tellFacts)
  const tellFriends = () => {
    const known = friends.kept()
    if (known === undefined) return
    const { isComplete, ...kept } = known
    tell({ type: 'friends', kept, isComplete })
  }
  const tellConversation = (id: ConversationId) =>
    tell({ type: 'conversation', id, conversation: directory.get(id) })
  const tellFault = (conversation: ConversationId) => {
    const fault = archive.fault(conversation)
    tell({ type: 'fault', conversation, ...(fault !== undefined && { fault }) })
  }
  const tellChange = ({ conversation, events, isNewest, cutAfter, dropped }: ArchiveChange) => {
    if (events.length > 0) return tell({ type: 'events', conversation, events, isNewest })
    const tip = archive.tip(conversation)
    if (dropped !== undefined)
      return tell({ type: 'dropped', conversation, span: dropped, ...(tip !== undefined && { tip }) })
    if (cutAfter === undefined) return tellFault(conversation)
    tell({ type: 'cut', conversation, after: cutAfter, ...(tip !== undefined && { tip }) })
  }

  const watch = (from: string) => {
    const end = locks.hold(lifeOf(name, from), {
      steal: false,
      held: () => {
        end()
        followers.delete(from)
        lead.gone(from)
        // What it had just put on the disk it may have told nobody.
        void own.reload()
        void held.reload()
        void notifications.reload()
      },
      stolen: () => undefined,
    })
    followers.set(from, end)
  }

  const hear: Leading['hear'] = (from, said) => {
    switch (said.type) {
      case 'follow':
        if (!followers.has(from)) watch(from)
        lead.show(from, said.card)
        post({ type: 'change', ...own.since(said.vector) })
        post({
          type: 'welcome',
          to: from,
          vector: Y.encodeStateVector(own.doc),
          people: profiles.withPresence(),
        })
        for (const [conversation, events] of archive.unwritten())
          tellChange({ conversation, events, isNewest: events.at(-1) === archive.tip(conversation) })
        for (const id of archive.known()) if (archive.fault(id) !== undefined) tellFault(id)
        for (const id of directory.unwritten()) tellConversation(id)
        tellFriends()
        post({
          type: 'notifications',
          change: notifications.whole(),
          isComplete: notifications.isComplete(),
        })
        tellFacts()
        break
      case 'card':
        // Unknown: it was there before this tab led, and has not heard of that.
        if (!followers.has(from)) return post({ type: 'lead' })
        lead.show(from, said.card)
        tellFacts()
        break
      case 'wish':
        void lead
          .grant(said.wish)
          .then((isDone) => post({ type: 'granted', to: from, number: said.number, isDone }))
        break
      case 'search':
        // A leader that cannot search leaves it to the next one.
        void lead
          .search?.(said.request)
          .then((page) => post({ type: 'found', to: from, number: said.number, ...(page && { page }) }))
        break
      default:
      // What leaders say: this one has not yet heard that it is none any more.
    }
  }

  const endings = [
    archive.subscribe(tellChange),
    archive.onWritten((conversation, runs) => tell({ type: 'written', conversation, runs })),
    directory.subscribe((id) => (id === undefined ? tellFactsSoon() : tellConversation(id))),
    friends.onKept(tellFriends),
    profiles.onKnown((people) => tell({ type: 'people', people })),
    losses.onWritten((conversation) => tell({ type: 'losses', conversation })),
    ...Object.values(facts).map((fact: Observable<unknown>) => fact.subscribe(tellFactsSoon)),
  ]

  return {
    hear,
    grant: lead.grant,
    search: lead.search,
    show: lead.show,
    close: () => {
      for (const ending of endings) ending()
      for (const end of followers.values()) end()
      followers.clear()
      lead.close()
    },
  }
}
