import { type AccountRoots, accountRoots, joinSeen, newId, type Seen } from '@parley/protocol'
import * as Y from 'yjs'
import { carryOver } from './account-move.ts'
import type { Clock } from '../ports.ts'
import { type OnAside, readableUpdates } from '../archive/repair.ts'
import type { Saving } from '../store/saving.ts'
import { ACCOUNT_MOVE, accountMove, type AccountMove, FIRST_GENERATION } from '../store/store.ts'
import type { Store, StoredUpdate, StoreFault } from '../store/store.ts'

/** More stored updates than this are merged into one. */
const COMPACT_ABOVE = 200

/** How long a failed write waits for its next try, when nothing else is written before. */
const TRY_AGAIN_AFTER = 5_000

/** A change of the document as it goes from tab to tab. */
export interface Change {
  readonly update: Uint8Array
  readonly isOnDisk: boolean
  /** Of which of this device's generations of the document. */
  readonly generation: string
}

export interface AccountDocument {
  /** Another one after each move. */
  readonly doc: Y.Doc
  readonly roots: AccountRoots
  /**
   * Replaces the document by one that the server began anew, on disk and then here; what the server has not
   * seen of the old one goes along. `seen`: what it has. False: it could not be put on disk, or another tab has
   * done the same meanwhile; what there is now is in `doc`.
   */
  move(next: Y.Doc, seen: Seen): Promise<boolean>
  /** Hears of it when there is another document: this tab has moved it, or has found on disk that one did. */
  onMoved(listener: (before: AccountRoots, isOurs: boolean) => void): () => void
  /** Resolves once all that was changed up to now is on disk, or with why it is not. */
  saved(): Promise<StoreFault | undefined>
  /** Hears of it each time that everything is on disk, also after failures that were tried again. */
  onSaved(listener: () => void): void
  /** Nothing is in the document that is not on disk. */
  isOnDisk(): boolean
  /** What a replica with this state vector lacks. */
  since(vector: Uint8Array): Change
  /** Hears of every change that this tab has brought in, once it is on disk or could not be put there. */
  onChange(listener: (change: Change) => void): void
  /** Takes in what another tab has. What that one could not save, this one tries to. */
  join(change: Change): void
  /** Takes in what other tabs have put on disk: one that is gone may have told nobody. */
  reload(): Promise<void>
  /** Puts the whole document on a disk that has lost it. */
  rewrite(): void
  close(): void
}

/**
 * The person's own document, kept on disk by us: every change is one durable transaction, and who
 * made it can wait for that. Decision 0007 says why this is not y-indexeddb.
 */
export async function openAccountDocument(
  store: Store,
  saving: Saving,
  clock: Clock,
  onAside: OnAside = async () => undefined,
): Promise<AccountDocument> {
  let doc = new Y.Doc()
  let roots = accountRoots(doc)
  let generation = FIRST_GENERATION
  const keys = new Set<number>()
  const onDisk = {}

  const lastMove = async () => accountMove.safeParse(await store.record(ACCOUNT_MOVE)).data
  /** The updates on disk, with the move that they come after. */
  const read = async () => {
    for (let move = await lastMove(); ;) {
      const stored = await readableUpdates(store, saving, onAside)
      const now = await lastMove()
      if (now?.generation === move?.generation) return { move, stored }
      move = now
    }
  }
  const take = (into: Y.Doc, stored: readonly StoredUpdate[]) => {
    Y.transact(into, () => stored.forEach(({ update }) => Y.applyUpdate(into, update, onDisk)), onDisk)
    for (const { key } of stored) keys.add(key)
  }
  const load = async () => {
    for (;;) {
      const ours = generation
      const { move, stored } = await read()
      // What was read may be from before what has happened here since.
      if (generation !== ours) continue
      if ((move?.generation ?? FIRST_GENERATION) === ours) return take(doc, stored)
      // Not a move, but a disk that was emptied: `rewrite` puts this document there again.
      if (move === undefined) return
      const next = new Y.Doc()
      keys.clear()
      take(next, stored)
      return adopt(next, move, false)
    }
  }

  /** Made and not yet on disk. After a failure they stay: a later update alone would be unreadable without them. */
  let unsaved: Uint8Array[] = []
  let writing: Promise<StoreFault | undefined> | undefined
  let cancelRetry: () => void = () => undefined
  let isClosed = false
  let isLost = false
  const savedListeners = new Set<() => void>()
  const changeListeners = new Set<(change: Change) => void>()
  const moveListeners = new Set<(before: AccountRoots, isOurs: boolean) => void>()
  const told = new WeakSet<Uint8Array>()

  const isOnDisk = () => unsaved.length === 0 && writing === undefined
  /** Whether it was written: another tab may have moved the document. */
  const append = async (batch: readonly Uint8Array[]) => {
    if (isLost) await putBack()
    const key = await store.appendAccount(Y.mergeUpdates([...batch]), generation)
    if (key !== undefined) keys.add(key)
    return key !== undefined
  }
  /** On a disk that was emptied, says again of which generation the document is. */
  const putBack = async () => {
    const move = { generation, from: FIRST_GENERATION, seen: [] }
    while (isLost && generation !== FIRST_GENERATION && (await lastMove()) === undefined) {
      const stored = await readableUpdates(store, saving, onAside)
      // A tab that found nothing has begun a document of its own: it goes into this one.
      take(doc, stored)
      const key = await store.moveAccount([...keys], Y.encodeStateAsUpdate(doc), move)
      if (key === undefined) continue
      keys.clear()
      keys.add(key)
    }
    isLost = false
  }
  const compact = async () => {
    const merged = [...keys]
    const key = await store.compactAccount(merged, Y.encodeStateAsUpdate(doc), generation)
    if (key === undefined) return
    for (const each of merged) keys.delete(each)
    keys.add(key)
  }
  // Not before the disk has answered: what another tab builds on it and calls saved could not be read
  // without it. What the disk did not take is told all the same, once: it goes out while the app runs.
  const tell = (batch: readonly Uint8Array[], isOnDisk: boolean) => {
    const fresh = batch.filter((update) => isOnDisk || !told.has(update))
    for (const update of fresh) told.add(update)
    if (fresh.length === 0) return
    const change = { update: Y.mergeUpdates(fresh), isOnDisk, generation }
    for (const listener of [...changeListeners]) listener(change)
  }

  const write = async (): Promise<StoreFault | undefined> => {
    while (unsaved.length > 0) {
      const batch = unsaved
      const ours = generation
      unsaved = []
      let isWritten = false
      let fault = await saving.run(async () => {
        isWritten = await append(batch)
        // Moved by another tab: what is there now is taken in, and what this one has to add goes along.
        if (!isWritten) await load()
      }, 'own')
      // What was to be written is carried over.
      if (generation !== ours) continue
      if (fault === undefined && !isWritten) fault = 'failed'
      tell(batch, fault === undefined)
      if (fault === undefined) continue
      unsaved = [...batch, ...unsaved]
      if (!isClosed) cancelRetry = clock.after(TRY_AGAIN_AFTER, () => void saved())
      writing = undefined
      return fault
    }
    if (keys.size > COMPACT_ABOVE) await saving.run(compact)
    // In the same breath as the last look at `unsaved`: a change made later must start a new round.
    writing = undefined
    if (unsaved.length > 0) return await saved()
    for (const listener of [...savedListeners]) listener()
    return undefined
  }

  async function saved(): Promise<StoreFault | undefined> {
    if (writing === undefined && unsaved.length > 0) {
      cancelRetry()
      writing = write()
    }
    return await writing
  }

  const changed = (update: Uint8Array, origin: unknown) => {
    if (origin === onDisk) return
    unsaved.push(update)
    void saved()
  }
  doc.on('update', changed)
  await load()

  /** From now on `next` is the document. It is on disk as it is, but for what `meanwhile` says. */
  function adopt(next: Y.Doc, move: AccountMove, isOurs: boolean, meanwhile: readonly Uint8Array[] = []) {
    const before = doc
    const dealt = { seen: new Map(move.seen), isKnown: move.from === generation }
    before.off('update', changed)
    doc = next
    roots = accountRoots(doc)
    generation = move.generation
    unsaved = [...meanwhile]
    doc.on('update', changed)
    carryOver(before, doc, dealt)
    for (const listener of [...moveListeners]) listener(accountRoots(before), isOurs)
    before.destroy()
    if (unsaved.length > 0) void saved()
  }

  /** Whether it is done; not if another tab was faster. */
  const moveOnDisk = async (next: Y.Doc, seen: Seen): Promise<boolean> => {
    const ours = generation
    while (generation === ours) {
      const target = new Y.Doc()
      Y.applyUpdate(target, Y.encodeStateAsUpdate(next))
      carryOver(doc, target, { seen, isKnown: true })
      const state = Y.encodeStateAsUpdate(target)
      const known = joinSeen(seen, Y.decodeStateVector(Y.encodeStateVector(doc)))
      const move = { generation: newId<string>(), from: ours, seen: [...known] }
      const meanwhile: Uint8Array[] = []
      const note = (update: Uint8Array) => void meanwhile.push(update)
      next.on('update', note)
      const key = await store.moveAccount([...keys], state, move).finally(() => next.off('update', note))
      if (key === undefined) await load()
      else {
        keys.clear()
        keys.add(key)
        Y.applyUpdate(next, state, onDisk)
        adopt(next, move, true, meanwhile)
        return true
      }
    }
    return false
  }

  return {
    get doc() {
      return doc
    },
    get roots() {
      return roots
    },
    move: async (next, seen) => {
      // Nothing is written beside it: what is changed meanwhile is carried over at the end.
      while (writing !== undefined) await writing
      let isMoved = false
      writing = (async () => {
        const fault = await saving.run(async () => {
          isMoved = await moveOnDisk(next, seen)
        }, 'own')
        writing = undefined
        if (unsaved.length > 0) return await saved()
        if (isMoved) for (const listener of [...savedListeners]) listener()
        return fault
      })()
      await writing
      return isMoved
    },
    onMoved: (listener) => {
      moveListeners.add(listener)
      return () => moveListeners.delete(listener)
    },
    saved,
    onSaved: (listener) => savedListeners.add(listener),
    isOnDisk,
    since: (vector) => ({ update: Y.encodeStateAsUpdate(doc, vector), isOnDisk: isOnDisk(), generation }),
    onChange: (listener) => changeListeners.add(listener),
    join: (change) => {
      if (change.generation === generation)
        Y.applyUpdate(doc, change.update, change.isOnDisk ? onDisk : undefined)
      // One of the two has missed a move. Where it is this one, what is on disk says so.
      else void saving.run(load)
    },
    reload: async () => {
      await saving.run(load)
    },
    rewrite: () => {
      isLost = true
      keys.clear()
      // Before what is being written right now fails or lands: that rests upon what was there.
      unsaved = [Y.encodeStateAsUpdate(doc)]
      void saved()
    },
    close: () => {
      isClosed = true
      cancelRetry()
      doc.destroy()
    },
  }
}
