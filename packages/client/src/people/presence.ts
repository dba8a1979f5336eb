import { type ConversationId, type Millis, presenceSeen, type UserId } from '@parley/protocol'
import type { Looks } from '../tabs/looks.ts'
import { type Observable, select } from '../observable.ts'
import type { Clock } from '../ports.ts'

/** How long a typing sign lasts without another key. */
export const TYPING_LASTS: Millis = 4_000

export interface Person {
  readonly id: UserId
  readonly name: string
}

export interface Presence {
  /** Others who are writing, in the order they began. */
  readonly typing: readonly Person[]
  /** Others who have the conversation open in front of them. */
  readonly active: readonly Person[]
}

export const NOBODY: Presence = { typing: [], active: [] }

/** Who else is in a conversation, from its awareness. A person with several devices is one person. */
export function presenceOf(states: Iterable<unknown>, me: UserId, previous: Presence = NOBODY): Presence {
  const typing = new Map<UserId, Person>()
  const active = new Map<UserId, Person>()
  for (const state of states) {
    const seen = presenceSeen.safeParse(state)
    if (!seen.success || seen.data.user.id === me) continue
    const { user } = seen.data
    if (seen.data.typing === true) typing.set(user.id, user)
    if (seen.data.active === true) active.set(user.id, user)
  }
  // Who was already typing keeps the place: names that change places while one reads them are a nuisance.
  const order = (before: readonly Person[], now: ReadonlyMap<UserId, Person>): readonly Person[] => {
    const stayed = before.flatMap(({ id }) => now.get(id) ?? [])
    const come = [...now.values()].filter(({ id }) => before.every((person) => person.id !== id))
    const next = [...stayed, ...come]
    const isSame =
      next.length === before.length &&
      next.every(({ id, name }, i) => id === before[i]?.id && name === before[i].name)
    return isSame ? before : next
  }
  const next = { typing: order(previous.typing, typing), active: order(previous.active, active) }
  return next.typing === previous.typing && next.active === previous.active ? previous : next
}

export interface Presences {
  of(id: ConversationId): Observable<Presence>
  typing(id: ConversationId): void
  stopTyping(id: ConversationId): void
  setActive(id: ConversationId, isActive: boolean): void
  close(): void
}

interface Said {
  isTyping: boolean
  isActive: boolean
  watchers: number
  cancel: (() => void) | undefined
}

/** What this person shows of themselves in conversations, and what they see of the others. */
export function openPresences(
  looks: Looks,
  seen: Observable<ReadonlyMap<ConversationId, Presence>>,
  clock: Clock,
): Presences {
  const said = new Map<ConversationId, Said>()
  const views = new Map<ConversationId, Observable<Presence>>()

  const saidIn = (id: ConversationId): Said => {
    const known = said.get(id) ?? { isTyping: false, isActive: true, watchers: 0, cancel: undefined }
    said.set(id, known)
    return known
  }
  const publish = (id: ConversationId) => {
    const { isTyping, isActive, watchers } = saidIn(id)
    const isHere = watchers > 0 && isActive
    looks.say(id, isHere || isTyping ? { typing: isTyping, active: isHere } : null)
  }
  const stopTyping = (id: ConversationId) => {
    const own = saidIn(id)
    own.cancel?.()
    own.cancel = undefined
    own.isTyping = false
    publish(id)
  }

  const view = (id: ConversationId): Observable<Presence> => {
    const presence = select(seen, (all) => all.get(id) ?? NOBODY)
    return {
      get: presence.get,
      subscribe: (listener) => {
        const own = saidIn(id)
        own.watchers += 1
        const endings = [presence.subscribe(listener), looks.open(id)]
        publish(id)
        let isWatching = true
        return () => {
          if (!isWatching) return
          isWatching = false
          own.watchers -= 1
          publish(id)
          for (const ending of endings) ending()
        }
      },
    }
  }

  return {
    of: (id) => {
      const known = views.get(id) ?? view(id)
      views.set(id, known)
      return known
    },
    typing: (id) => {
      const own = saidIn(id)
      own.cancel?.()
      own.cancel = clock.after(TYPING_LASTS, () => stopTyping(id))
      own.isTyping = true
      publish(id)
    },
    stopTyping,
    setActive: (id, isActive) => {
      saidIn(id).isActive = isActive
      if (!isActive) stopTyping(id)
      else publish(id)
    },
    close: () => {
      for (const own of said.values()) own.cancel?.()
    },
  }
}
