import { accountDocument, type UserId } from '@parley/protocol'
import type pg from 'pg'
import * as Y from 'yjs'
import type { CommandHandler } from '../commands/outcome.ts'
import type { Logger } from '../logger.ts'
import type { Positions } from '../reading/positions.ts'
import { loadAccount, mergeAccount } from './account-store.ts'
import { Denied } from './denied.ts'
import { OutboxDrain } from './outbox.ts'
import { ReadsRelay } from './reads-relay.ts'
import { Saver } from './saver.ts'

interface Open {
  readonly doc: Y.Doc
  readonly outbox: OutboxDrain
  readonly reads: ReadsRelay
  /** The document's encoded size when last known, and everything received since: never less than its size. */
  bytes: number
}

export interface AccountDocumentsOptions {
  readonly pool: pg.Pool
  readonly handler: CommandHandler
  readonly positions: Positions
  readonly logger: Logger
  /** How many bytes an account document may have. */
  readonly maxBytes: number
  /** Called when a document that was held back from unloading has been saved. */
  readonly onSaved: (name: string) => void
}

/** The account documents that are open on this node: loaded, drained, saved, and kept until they are. */
export class AccountDocuments {
  readonly #options: AccountDocumentsOptions
  readonly #open = new Map<UserId, Open>()
  readonly #saver: Saver

  constructor(options: AccountDocumentsOptions) {
    this.#options = options
    this.#saver = new Saver({
      save: (user) => this.#save(user as UserId),
      onSaved: (user) => options.onSaved(accountDocument(user as UserId)),
      logger: options.logger,
    })
  }

  /** Fills a fresh document and begins to drain it; throws {@link Denied} `unavailable` when the database does not answer. */
  async load(owner: UserId, doc: Y.Doc): Promise<void> {
    const { pool, handler, positions, logger } = this.#options
    let state: Uint8Array | undefined
    try {
      state = await loadAccount(pool, accountDocument(owner))
    } catch (error) {
      doc.destroy()
      throw new Denied('unavailable', { cause: error })
    }
    if (state !== undefined) Y.applyUpdate(doc, state)
    const outbox = new OutboxDrain({ doc, owner, handler, logger })
    const reads = new ReadsRelay({ doc, owner, positions, logger })
    const open: Open = { doc, outbox, reads, bytes: state?.length ?? 0 }
    this.#open.set(owner, open)
    doc.on('update', (update: Uint8Array) => {
      open.bytes += update.length
      this.#saver.touch(owner)
    })
    doc.once('destroy', () => {
      void outbox.close()
      reads.close()
      if (this.#open.get(owner) === open) this.#open.delete(owner)
    })
    outbox.drain()
  }

  /** Whether the document may take an update of this many bytes; asked before it is applied. */
  hasRoomFor(owner: UserId, bytes: number): boolean {
    const open = this.#open.get(owner)
    if (open === undefined || open.bytes + bytes <= this.#options.maxBytes) return true
    // Most of what was received has been merged, and drained commands leave next to nothing.
    open.bytes = Y.encodeStateAsUpdate(open.doc).length
    return open.bytes + bytes <= this.#options.maxBytes
  }

  /** Saves what has changed; rejects when that fails: the document is then to be kept [N5]. */
  async beforeUnload(owner: UserId): Promise<void> {
    // An answer that finds its document gone is lost. The next one would decide a refused command
    // again, perhaps accept it, and then it would take effect after what stood behind it [C2].
    await this.#open.get(owner)?.outbox.settled()
    await this.#saver.flush(owner)
  }

  /** Lets what is in flight have its answer and takes nothing further [N4]. */
  async finish(): Promise<void> {
    await Promise.all([...this.#open.values()].map(({ outbox }) => outbox.close()))
  }

  /** Saves what is not saved yet [N4]. */
  async close(): Promise<void> {
    const unsaved = await this.#saver.flushAll()
    if (unsaved.length > 0) {
      this.#options.logger.error(
        { count: unsaved.length },
        'account documents could not be saved; the devices still hold what is in them',
      )
    }
    this.#saver.stop()
  }

  async #save(owner: UserId): Promise<void> {
    const open = this.#open.get(owner)
    if (open === undefined) return
    const state = Y.encodeStateAsUpdate(open.doc)
    open.bytes = state.length
    await mergeAccount(this.#options.pool, accountDocument(owner), owner, state)
  }
}
