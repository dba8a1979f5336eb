import { accountRoots } from '@parley/protocol'
import * as Y from 'yjs'

/**
 * Whether an outbox keeps within its limit when an update is applied; asked before it is. What waits
 * in the document for updates that it builds on counts as well, or many small ones would add up
 * unseen. Where it is not certain that something is no entry it counts as one: that is little, for
 * honest devices, and a limit that somebody can talk himself past is none.
 */
export function hasRoomForEntries(doc: Y.Doc, update: Uint8Array, maxEntries: number): boolean {
  const { outbox } = accountRoots(doc)
  const pending = doc.store.pendingStructs?.update
  const free = maxEntries - outbox.length
  // An entry takes at least a byte: nearly every update is known to fit without being read.
  if (pending === undefined && update.length <= free) return true
  const entries =
    newEntries(doc, outbox, () => Y.decodeUpdate(update)) +
    // Yjs 13.6 keeps what is pending in its second format.
    (pending === undefined ? 0 : newEntries(doc, outbox, () => Y.decodeUpdateV2(pending)))
  return entries === 0 || entries <= free
}

type Decoded = ReturnType<typeof Y.decodeUpdate>

function newEntries(doc: Y.Doc, outbox: Y.Array<unknown>, decode: () => Decoded): number {
  let structs: Decoded['structs']
  try {
    structs = decode().structs
  } catch {
    // It is malformed, and its sender will be told when it is applied.
    return 0
  }
  let count = 0
  for (const struct of structs) {
    if (!(struct instanceof Y.Item) || !struct.content.isCountable()) continue
    const known = Math.max(0, Y.getState(doc.store, struct.id.client) - struct.id.clock)
    if (known < struct.length && mayBeEntry(doc, outbox, struct)) count += struct.length - known
  }
  return count
}

/** An item names its parent, or else a neighbour that has the same. */
function mayBeEntry(doc: Y.Doc, outbox: Y.Array<unknown>, item: Y.Item): boolean {
  const parent: unknown = item.parent
  if (typeof parent === 'string') return parent === 'outbox'
  // Within something that was itself put somewhere.
  if (parent !== null) return false
  const neighbour = item.origin ?? item.rightOrigin
  // What the update itself says of a neighbour is not followed: it can say two things.
  if (neighbour === null || Y.getState(doc.store, neighbour.client) <= neighbour.clock) return true
  const known = Y.getItem(doc.store, neighbour)
  return !(known instanceof Y.Item) || known.parent === outbox
}
