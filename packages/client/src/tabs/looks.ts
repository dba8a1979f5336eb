import type { ConversationId, PresenceSaid } from '@parley/protocol'

/** What one tab shows: the conversations open in it, and what it says of the person in each. */
export type Card = Readonly<Record<ConversationId, PresenceSaid>>

export interface Looks {
  /** Attends to a conversation until the answer is called, however old it is. */
  open(id: ConversationId): () => void
  /** Null: nothing is said of the person there. */
  say(id: ConversationId, said: PresenceSaid | null): void
  card(): Card
}

/** What this tab shows of its person's conversations; `changed` is called after each change. */
export function openLooks(changed: () => void): Looks {
  const opened = new Map<ConversationId, number>()
  const said = new Map<ConversationId, PresenceSaid>()
  return {
    open: (id) => {
      opened.set(id, (opened.get(id) ?? 0) + 1)
      changed()
      let isOpen = true
      return () => {
        if (!isOpen) return
        isOpen = false
        const left = (opened.get(id) ?? 1) - 1
        if (left > 0) opened.set(id, left)
        else opened.delete(id)
        changed()
      }
    },
    say: (id, next) => {
      const before = said.get(id) ?? null
      if (before?.typing === next?.typing && before?.active === next?.active && !before === !next) return
      if (next === null) said.delete(id)
      else said.set(id, next)
      changed()
    },
    card: () => {
      const ids = [...new Set([...opened.keys(), ...said.keys()])]
      return Object.fromEntries(ids.map((id) => [id, said.get(id) ?? {}]))
    },
  }
}

/** What several tabs say of one person: they are where any of them shows them. */
export function joinCards(cards: Iterable<Card>): Card {
  const joined: Record<ConversationId, PresenceSaid> = {}
  for (const card of cards) {
    for (const [id, { typing = false, active = false }] of Object.entries(card) as [
      ConversationId,
      PresenceSaid,
    ][]) {
      const before = joined[id]
      joined[id] = { typing: typing || before?.typing === true, active: active || before?.active === true }
    }
  }
  return joined
}
