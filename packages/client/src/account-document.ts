import { type AccountRoots, accountRoots } from '@parley/protocol'
import * as Y from 'yjs'
import type { Clock } from './ports.ts'
import type { Saving } from './saving.ts'
import type { Store, StoreFault } from './store.ts'

/** More stored updates than this are merged into one. */
const COMPACT_ABOVE = 200

/** How long a failed write waits for its next try, when nothing else is written before. */
const TRY_AGAIN_AFTER = 5_000

/** A change of the document as it goes from tab to tab. */
export interface Change {
  readonly update: Uint8Array
  readonly isOnDisk: boolean
}

export interface AccountDocument {
  readonly doc: Y.Doc
  readonly roots: AccountRoots
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
): Promise<AccountDocument> {
  const doc = new Y.Doc()
  const keys = new Set<number>()
  const onDisk = {}
  const load = async () => {
    const stored = await store.loadAccount()
    Y.transact(doc, () => stored.forEach(({ update }) => Y.applyUpdate(doc, update, onDisk)), onDisk)
    for (const { key } of stored) keys.add(key)
  }
  await load()

  /** Made and not yet on disk. After a failure they stay: a later update alone would be unreadable without them. */
  let unsaved: Uint8Array[] = []
  let writing: Promise<StoreFault | undefined> | undefined
  let cancelRetry: () => void = () => undefined
  let isClosed = false
  const savedListeners = new Set<() => void>()
  const changeListeners = new Set<(change: Change) => void>()
  const told = new WeakSet<Uint8Array>()

  const isOnDisk = () => unsaved.length === 0 && writing === undefined
  const append = async (batch: readonly Uint8Array[]) => {
    keys.add(await store.appendAccount(Y.mergeUpdates([...batch])))
  }
  const compact = async () => {
    const merged = [...keys]
    keys.clear()
    keys.add(await store.compactAccount(merged, Y.encodeStateAsUpdate(doc)))
  }
  // Not before the disk has answered: what another tab builds on it and calls saved could not be read
  // without it. What the disk did not take is told all the same, once: it goes out while the app runs.
  const tell = (batch: readonly Uint8Array[], isOnDisk: boolean) => {
    const fresh = batch.filter((update) => isOnDisk || !told.has(update))
    for (const update of fresh) told.add(update)
    if (fresh.length === 0) return
    const change = { update: Y.mergeUpdates(fresh), isOnDisk }
    for (const listener of [...changeListeners]) listener(change)
  }

  const write = async (): Promise<StoreFault | undefined> => {
    while (unsaved.length > 0) {
      const batch = unsaved
      unsaved = []
      const fault = await saving.run(() => append(batch))
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

  doc.on('update', (update: Uint8Array, origin: unknown) => {
    if (origin === onDisk) return
    unsaved.push(update)
    void saved()
  })

  return {
    doc,
    roots: accountRoots(doc),
    saved,
    onSaved: (listener) => savedListeners.add(listener),
    isOnDisk,
    since: (vector) => ({ update: Y.encodeStateAsUpdate(doc, vector), isOnDisk: isOnDisk() }),
    onChange: (listener) => changeListeners.add(listener),
    join: ({ update, isOnDisk }) => Y.applyUpdate(doc, update, isOnDisk ? onDisk : undefined),
    reload: async () => {
      await saving.run(load)
    },
    close: () => {
      isClosed = true
      cancelRetry()
      doc.destroy()
    },
  }
}
