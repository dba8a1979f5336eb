import { type AccountRoots, accountRoots } from '@parley/protocol'
import * as Y from 'yjs'
import type { Clock } from './ports.ts'
import type { Saving } from './saving.ts'
import type { Store, StoreFault } from './store.ts'

/** More stored updates than this are merged into one. */
const COMPACT_ABOVE = 200

/** How long a failed write waits for its next try, when nothing else is written before. */
const TRY_AGAIN_AFTER = 5_000

export interface AccountDocument {
  readonly doc: Y.Doc
  readonly roots: AccountRoots
  /** Resolves once all that was changed up to now is on disk, or with why it is not. */
  saved(): Promise<StoreFault | undefined>
  /** Hears of it each time that everything is on disk, also after failures that were tried again. */
  onSaved(listener: () => void): void
  close(): void
}

/**
 * The person's own document, kept on disk by us: every change is one durable transaction, and who
 * made it can wait for that. Decision 0006 says why this is not y-indexeddb.
 */
export async function openAccountDocument(
  store: Store,
  saving: Saving,
  clock: Clock,
): Promise<AccountDocument> {
  const doc = new Y.Doc()
  const stored = await store.loadAccount()
  const fromDisk = {}
  Y.transact(doc, () => stored.forEach(({ update }) => Y.applyUpdate(doc, update, fromDisk)), fromDisk)
  const keys = stored.map(({ key }) => key)

  /** Made and not yet on disk. After a failure they stay: a later update alone would be unreadable without them. */
  let unsaved: Uint8Array[] = []
  let writing: Promise<StoreFault | undefined> | undefined
  let cancelRetry: () => void = () => undefined
  let isClosed = false
  const savedListeners = new Set<() => void>()

  const append = async (batch: readonly Uint8Array[]) => {
    keys.push(await store.appendAccount(Y.mergeUpdates([...batch])))
  }
  const compact = async () => {
    const merged = keys.splice(0)
    keys.push(await store.compactAccount(merged, Y.encodeStateAsUpdate(doc)))
  }

  const write = async (): Promise<StoreFault | undefined> => {
    while (unsaved.length > 0) {
      const batch = unsaved
      unsaved = []
      const fault = await saving.run(() => append(batch))
      if (fault === undefined) continue
      unsaved = [...batch, ...unsaved]
      if (!isClosed) cancelRetry = clock.after(TRY_AGAIN_AFTER, () => void saved())
      writing = undefined
      return fault
    }
    if (keys.length > COMPACT_ABOVE) await saving.run(compact)
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
    if (origin === fromDisk) return
    unsaved.push(update)
    void saved()
  })

  return {
    doc,
    roots: accountRoots(doc),
    saved,
    onSaved: (listener) => savedListeners.add(listener),
    close: () => {
      isClosed = true
      cancelRetry()
      doc.destroy()
    },
  }
}
