import { conversationRoots, event, type Event, findChainFault } from '@parley/protocol'
import type * as Y from 'yjs'

/** The newest event of a document; undefined for an empty one, or one that this app cannot read. */
export function tailOf(doc: Y.Doc): Event | undefined {
  const { events } = conversationRoots(doc)
  return events.length === 0 ? undefined : event.safeParse(events.get(events.length - 1)).data
}

/**
 * Whether a document that ended with `tail` has been continued by the log it is made of. All histories of a
 * conversation are written by one Yjs client: a server that was restored writes other events under numbers that
 * this device knows already, and Yjs joins the two without a word. What it makes of them cannot pass here: nothing
 * changes without an event, and what was added must follow from `tail` by its hashes (L7).
 */
export function continues(tail: Event | undefined, doc: Y.Doc, changed: Y.Transaction['changed']): boolean {
  const { events, members, meta } = conversationRoots(doc)
  const types = new Set<unknown>(changed.keys())
  if (![events, members, meta].some((each) => types.has(each))) return true
  // A first filling continues nothing.
  if (tail === undefined) return true
  const fresh: Event[] = []
  for (let index = events.length - 1; index >= 0; index -= 1) {
    const { success, data } = event.safeParse(events.get(index))
    // Of two histories Yjs may make anything; if it is only an event that this app does not know, it comes again whole.
    if (!success) return false
    if (data.hash === tail.hash && data.seq === tail.seq)
      return fresh.length > 0 && findChainFault(tail, fresh.reverse()) === undefined
    fresh.push(data)
  }
  return false
}
