import type { ConversationId, Millis } from '@parley/protocol'
import { addRange, missingRanges } from '../archive/ranges.ts'
import type { Range } from '../store/store.ts'

export interface Stretch {
  readonly conversation: ConversationId
  readonly span: Range
}

/** What is on the disk and not in the index yet, the newest first over all conversations. */
export interface Backlog {
  /** `at`: about when the newest of it was said. */
  want(conversation: ConversationId, runs: readonly Range[], at: Millis): void
  drop(conversation: ConversationId): void
  /** At most `size` events of the conversation of which the newest is left; undefined: nothing is left. */
  next(size: number): Stretch | undefined
  /** A stretch is done with; `at`: when its oldest was said. */
  done(stretch: Stretch, at: Millis): void
}

interface Pile {
  readonly runs: readonly Range[]
  readonly at: Millis
}

export function openBacklog(): Backlog {
  const piles = new Map<ConversationId, Pile>()
  return {
    want: (conversation, runs, at) => {
      const pile = piles.get(conversation)
      const next = runs.reduce(addRange, pile?.runs ?? [])
      if (next.length > 0) piles.set(conversation, { runs: next, at: Math.max(pile?.at ?? 0, at) })
    },
    drop: (conversation) => {
      piles.delete(conversation)
    },
    next: (size) => {
      let newest: (Pile & { readonly conversation: ConversationId }) | undefined
      for (const [conversation, pile] of piles)
        if (newest === undefined || pile.at > newest.at) newest = { conversation, ...pile }
      const last = newest?.runs.at(-1)
      if (newest === undefined || last === undefined) return undefined
      const { conversation } = newest
      return { conversation, span: { from: Math.max(last.from, last.to - size + 1), to: last.to } }
    },
    done: ({ conversation, span }, at) => {
      const pile = piles.get(conversation)
      if (pile === undefined) return
      const runs = pile.runs.flatMap((run) => missingRanges([span], run))
      if (runs.length === 0) piles.delete(conversation)
      else piles.set(conversation, { runs, at: Math.min(pile.at, at) })
    },
  }
}
