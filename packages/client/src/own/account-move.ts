import { accountRoots, isSeen, type Placed, placedEntries, placedValue, type Seen } from '@parley/protocol'
import type * as Y from 'yjs'

/** What of one generation of the account document is dealt with already: the server knows it, or the next one has it. */
export interface Dealt {
  readonly seen: Seen
  /** False: it says nothing about this generation, which is older. What it has of drafts may be older than what is there now. */
  readonly isKnown: boolean
}

/**
 * Brings what a person did in one generation of their account document, and nobody else knows of, into another:
 * commands in their order, the furthest read positions, drafts and preferences. A command that is there already
 * is left as it is; what was carried over before changes nothing.
 */
export function carryOver(from: Y.Doc, to: Y.Doc, { seen, isKnown }: Dealt): void {
  const [old, next] = [accountRoots(from), accountRoots(to)]
  const fresh = <T>(map: Y.Map<T>): [string, T][] =>
    [...map.keys()].flatMap((key) => {
      const held = placedValue(map, key)
      return held === undefined || isSeen(seen, held.place) ? [] : [[key, held.value]]
    })
  to.transact(() => {
    const there = new Set(next.outbox.map(idOf))
    const given = placedEntries(old.outbox).filter(
      ({ place, value }: Placed<unknown>) => !isSeen(seen, place) && !there.has(idOf(value)),
    )
    for (const { value } of given) {
      // It was refused, and given again here.
      next.rejections.delete(idOf(value) ?? '')
      // Its text is no draft any more, if it was one.
      const { conversation = '', text } = (value ?? {}) as { conversation?: string; text?: unknown }
      if (typeof text === 'string' && next.drafts.get(conversation)?.trim() === text.trim())
        next.drafts.delete(conversation)
    }
    if (given.length > 0) next.outbox.push(given.map(({ value }) => value))
    for (const id of given.map(({ value }) => idOf(value))) there.add(id)
    // Said by the server, which has forgotten it since: it died before it could keep it.
    for (const [id, rejection] of fresh(old.rejections))
      if (!there.has(id) && !next.rejections.has(id)) next.rejections.set(id, rejection)
    for (const [conversation, seq] of fresh(old.reads))
      if (typeof seq === 'number' && seq > (next.reads.get(conversation) ?? 0))
        next.reads.set(conversation, seq)
    if (!isKnown) return
    for (const [conversation, text] of fresh(old.drafts))
      if (text !== (next.drafts.get(conversation) ?? '')) next.drafts.set(conversation, text)
    for (const [name, value] of fresh(old.prefs)) next.prefs.set(name, value)
  })
}

/** The owner's programs may have put anything there; what has no id is carried over as it is. */
function idOf(entry: unknown): string | undefined {
  const id: unknown = typeof entry === 'object' && entry !== null && 'id' in entry ? entry.id : undefined
  return typeof id === 'string' ? id : undefined
}
