import type { ConversationId, Seq } from '@parley/protocol'
import * as Y from 'yjs'
import { faultOf, type Saving } from '../store/saving.ts'
import type { EventQuery, Range, Store, StoredUpdate } from '../store/store.ts'

/** Whether bytes are a Yjs update, or a state, from beginning to end. */
export function isUpdate(bytes: Uint8Array): boolean {
  try {
    Y.decodeUpdate(bytes)
    return true
  } catch {
    // Yjs throws whatever its decoder stumbles over: there is nothing to tell apart.
    return false
  }
}

export type OnAside = (count: number) => Promise<void>

/**
 * The account document's updates that can be read. The others are kept apart, in the hope of better times: what the
 * server has of them comes back from it with the next connection. `onAside` hears how many there are, before they are
 * taken away: whoever opens the store meanwhile finds either them, or what `onAside` has left there.
 */
export async function readableUpdates(
  store: Store,
  saving: Saving,
  onAside: OnAside,
): Promise<readonly StoredUpdate[]> {
  const stored = await store.loadAccount()
  const damaged = stored.filter(({ update }) => !isUpdate(update))
  if (damaged.length === 0) return stored
  const keys = new Set(damaged.map(({ key }) => key))
  await onAside(keys.size)
  // Where even that fails they are found again at the next start.
  await saving.run(() => store.setAside([...keys]), 'own')
  return stored.filter(({ key }) => !keys.has(key))
}

const ALL: Range = { from: 1, to: Number.MAX_SAFE_INTEGER }

/** Where the answer to a query lies in a log without holes that ends with `tip`. */
const spanOf = ({ after = 0, before = Infinity, limit, from }: EventQuery, tip: Seq): Range => {
  const end = Math.min(before - 1, tip)
  return from === 'oldest'
    ? { from: after + 1, to: Math.min(end, after + limit) }
    : { from: Math.max(after, end - limit) + 1, to: end }
}

/**
 * A store whose damaged history is given up where it is met, to be fetched again: what is left is read, with a hole
 * for as long as the server cannot be asked. `mend` looks at a stretch and resolves when its damage is off the disk.
 */
export const mendingStore = (
  store: Store,
  mend: (id: ConversationId, span: Range) => Promise<unknown>,
  tipOf: (id: ConversationId) => Seq,
): Store => {
  /** Asks once more after mending; what is still damaged then is for the caller to hear. */
  const mended = async <T>(id: ConversationId, span: Range, read: () => Promise<T>): Promise<T> => {
    try {
      return await read()
    } catch (error) {
      if (faultOf(error) !== 'corrupt') throw error
      await mend(id, span)
      return await read()
    }
  }
  return {
    ...store,
    events: (id, query) =>
      mended(id, ALL, () => mended(id, spanOf(query, tipOf(id)), () => store.events(id, query))),
    // Which part of the log is damaged is not known: all of it is looked at, and who asks does not wait for that.
    eventById: async (id, event) => {
      try {
        return await store.eventById(id, event)
      } catch (error) {
        if (faultOf(error) !== 'corrupt') throw error
        void mend(id, ALL)
        return undefined
      }
    },
    reactionsTo: async (id, messages) => {
      try {
        return await store.reactionsTo(id, messages)
      } catch (error) {
        if (faultOf(error) !== 'corrupt') throw error
        void mend(id, ALL)
        return []
      }
    },
  }
}
