import {
  accountRoots,
  conversationId,
  type ConversationId,
  isNoDraftReply,
  type Place,
  placedEntries,
  placedValue,
  type Seq,
} from '@parley/protocol'
import * as Y from 'yjs'

/**
 * What a document may hold beside its content: an entry for each page load that ever wrote, and what is left
 * of what was removed. A device that is up to date sends and gets less than this of it, each twice.
 */
export const MAX_WASTE_BYTES = 6 * 1024

/**
 * Yjs draws the ids of writers below this. Of two values that do not know of each other the one with the
 * higher id counts: what was carried over wins over what an old replica brings back.
 */
const FIRST_ID = 2 ** 32

export interface Content {
  /** This was dealt with before: it came back with a replica of old. */
  readonly isOver: (place: Place) => boolean
  /** The position is where positions are kept, or a further one. */
  readonly isStored: (conversation: ConversationId, seq: Seq) => boolean
}

/** A document with the content of the given one and nothing else. Pure, but for the id of its one writer. */
export function rebuild(old: Y.Doc, { isOver, isStored }: Content): Y.Doc {
  const [from, next] = [accountRoots(old), new Y.Doc()]
  const to = accountRoots(next)
  const ownId = next.clientID
  next.clientID = FIRST_ID + ownId
  const carry = <T>(source: Y.Map<T>, target: Y.Map<T>, isWanted: (key: string, value: T) => boolean) => {
    for (const key of source.keys()) {
      const held = placedValue(source, key)
      if (held !== undefined && !isOver(held.place) && isWanted(key, held.value))
        target.set(key, copied(held.value))
    }
  }
  next.transact(() => {
    const waiting = placedEntries(from.outbox).filter(({ place }) => !isOver(place))
    to.outbox.push(waiting.map(({ value }) => copied(value)))
    carry(from.rejections, to.rejections, () => true)
    carry(from.reads, to.reads, (key, seq) => {
      const conversation = conversationId.safeParse(key)
      return conversation.success && typeof seq === 'number' && !isStored(conversation.data, seq)
    })
    carry(from.drafts, to.drafts, (_, text) => text !== '')
    carry(from.prefs, to.prefs, (key, value) => !isNoDraftReply(key, value))
  })
  next.clientID = ownId
  return next
}

/**
 * The state of a document begun anew, and the state vector of the old one; undefined where it need not be.
 * Whatever the old one held for updates that it still lacked is left out: who has those has it too.
 */
export function renewed(
  old: Y.Doc,
  bytes: number,
  content: Content,
): { readonly state: Uint8Array; readonly seen: Uint8Array } | undefined {
  const state = Y.encodeStateAsUpdate(rebuild(old, content))
  return isBloated(bytes, state.length) ? { state, seen: Y.encodeStateVector(old) } : undefined
}

/** Whether so much of a document is not its content that it should be begun anew. */
const isBloated = (bytes: number, rebuiltBytes: number): boolean => bytes - rebuiltBytes > MAX_WASTE_BYTES

/** A program of the owner may have put shared types where plain values are meant. */
const copied = <T>(value: T): T => (value instanceof Y.AbstractType ? (value.clone() as T) : value)
