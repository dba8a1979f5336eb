import type { ConversationId, UserId } from '@parley/protocol'
import type { Attendance } from '../conversations/attendance.ts'
import { type Card, joinCards } from '../tabs/looks.ts'
import type { Source } from '../observable.ts'
import { NOBODY, type Presence, presenceOf } from './presence.ts'

/** All tabs of this person, as the server is to see them: one. */
export interface Audience {
  show(tab: string, card: Card): void
  gone(tab: string): void
  /** Whether any tab shows a conversation. */
  isShown(id: ConversationId): boolean
  close(): void
}

/** Attends to what any tab shows, says of the person what any tab says, and sees who else is there. */
export function openAudience(
  attendance: Attendance,
  presences: Source<ReadonlyMap<ConversationId, Presence>>,
  me: UserId,
): Audience {
  const cards = new Map<string, Card>()
  let joined: Card = {}

  const speak = (id: ConversationId) => {
    const awareness = attendance.awareness(id)
    if (awareness === undefined) return
    const { typing = false, active = false } = joined[id] ?? {}
    const next = typing || active ? { typing, active } : null
    const before = awareness.getLocalState()
    // Each change goes out to every member: saying the same again would be a frame for nothing.
    if (before?.['typing'] === next?.typing && before?.['active'] === next?.active && !before === !next)
      return
    // Hocuspocus 4.7 lets a state without content be lost on its way through `beforeHandleAwareness`. So the
    // others are told "no" in words; after that nothing is renewed, and they forget the state by themselves.
    if (next === null) awareness.setLocalState({ typing: false, active: false })
    awareness.setLocalState(next)
  }
  const see = (id: ConversationId) => {
    const before = presences.get().get(id)
    const states = attendance.awareness(id)?.getStates().values() ?? []
    const next = presenceOf(states, me, before)
    if (next === (before ?? NOBODY)) return
    const all = new Map(presences.get())
    if (next.typing.length + next.active.length > 0) all.set(id, next)
    else all.delete(id)
    presences.set(all)
  }
  const review = () => {
    const before = joined
    joined = joinCards(cards.values())
    const ids = new Set([...Object.keys(before), ...Object.keys(joined)] as ConversationId[])
    attendance.attend(new Set(Object.keys(joined) as ConversationId[]))
    for (const id of ids) speak(id)
  }
  // A conversation that is attended to anew has a fresh awareness, which knows nothing of what was said before.
  const end = attendance.subscribe((id) => {
    speak(id)
    see(id)
  })

  return {
    show: (tab, card) => {
      cards.set(tab, card)
      review()
    },
    gone: (tab) => {
      if (cards.delete(tab)) review()
    },
    isShown: (id) => joined[id] !== undefined,
    close: () => {
      end()
      presences.set(new Map())
    },
  }
}
