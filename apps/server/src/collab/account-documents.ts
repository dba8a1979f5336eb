import { accountDocument, type Millis, type Seen, type UserId } from '@parley/protocol'
import type pg from 'pg'
import * as Y from 'yjs'
import type { CommandHandler } from '../commands/outcome.ts'
import type { Limit } from '../limits/limit.ts'
import type { Logger } from '../logger.ts'
import type { Positions } from '../reading/positions.ts'
import { renewAccount, seenBefore } from './account-generations.ts'
import { Ghosts } from './account-ghosts.ts'
import { MAX_WASTE_BYTES } from './account-rebuild.ts'
import { isLetIn, loadAccount, mergeAccount, type StoredAccount } from './account-store.ts'
import { Denied } from './denied.ts'
import { inFrames } from './intake.ts'
import { OutboxDrain } from './outbox.ts'
import { hasRoomForEntries } from './outbox-room.ts'
import { ReadsRelay } from './reads-relay.ts'
import { Saver } from './saver.ts'
import { ToldPreferences } from './told-preferences.ts'

interface Open {
  readonly doc: Y.Doc
  readonly outbox: OutboxDrain
  readonly reads: ReadsRelay
  readonly told: ToldPreferences
  /** The document's encoded size when last known, and everything received since: never less than its size. */
  bytes: number
  /** There are replicas of it from before it was begun anew. */
  readonly isRenewed: boolean
}

export interface AccountDocumentsOptions {
  readonly pool: pg.Pool
  readonly handler: CommandHandler
  readonly positions: Positions
  readonly logger: Logger
  readonly commands: Limit
  /** How many commands may wait in an outbox. */
  readonly maxCommands: number
  /** How many bytes an account document may have. */
  readonly maxBytes: number
  readonly now: () => Millis
  /** Called when nothing holds a document back from unloading any more. */
  readonly onFree: (name: string) => void
  /** Called for each update, with what it costs beyond its own size, in frames. */
  readonly onWork: (owner: UserId, frames: number) => void
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
      onSaved: (user) => options.onFree(accountDocument(user as UserId)),
      logger: options.logger,
    })
  }

  /** Fills a fresh document and begins to drain it; throws {@link Denied} `unavailable` when the database does not answer. */
  async load(owner: UserId, doc: Y.Doc): Promise<void> {
    const { pool, handler, positions, commands, logger, onFree } = this.#options
    let stored: StoredAccount | undefined
    try {
      stored = await this.#loadLean(owner)
    } catch (error) {
      doc.destroy()
      throw new Denied('unavailable', { cause: error })
    }
    if (stored !== undefined) Y.applyUpdate(doc, stored.state)
    const isRenewed = stored?.isRenewed ?? false
    const ghosts = new Ghosts({
      doc,
      seenBefore: async (writers) =>
        isRenewed ? await seenBefore(pool, accountDocument(owner), writers) : new Map(),
    })
    const outbox = new OutboxDrain({
      doc,
      owner,
      ghosts,
      handler,
      commands,
      logger,
      // Later, when an unloading that has just been refused is over: it would pass for the one that is asked for.
      onDrained: () => setImmediate(() => onFree(accountDocument(owner))),
    })
    const reads = new ReadsRelay({ doc, owner, positions, logger })
    const told = new ToldPreferences({ doc, owner, pool })
    const open: Open = { doc, outbox, reads, told, bytes: stored?.state.length ?? 0, isRenewed }
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

  /** What is stored, begun anew if it has come to hold too much beside its content: nobody has it open yet. */
  async #loadLean(owner: UserId): Promise<StoredAccount | undefined> {
    const { pool, logger, now } = this.#options
    const name = accountDocument(owner)
    const stored = await loadAccount(pool, name)
    if (stored === undefined || stored.state.length <= MAX_WASTE_BYTES) return stored
    try {
      const state = await renewAccount(pool, name, owner, now())
      return state === undefined ? stored : { state, isRenewed: true }
    } catch (error) {
      logger.warn(
        { err: error, user: owner },
        'an account document could not be begun anew; it stays as it is',
      )
      return stored
    }
  }

  /**
   * Of the writers in a device's replica, how much had been seen when the document was last begun anew; empty
   * if none is from before that. `vector` is the state vector that the device says it has.
   */
  async seenOf(owner: UserId, vector: Uint8Array): Promise<Seen> {
    const open = this.#open.get(owner)
    if (open?.isRenewed !== true) return NOTHING
    try {
      const writers = new Set(Y.decodeStateVector(vector).keys())
      const { clients } = open.doc.store
      if ([...writers].every((client) => clients.has(client))) return NOTHING
      return await seenBefore(this.#options.pool, accountDocument(owner), writers)
    } catch (error) {
      // It goes on with its replica as it is, and the document gets what is in there (account-ghosts.ts).
      this.#options.logger.debug({ err: error, user: owner }, 'a replica could not be looked at')
      return NOTHING
    }
  }

  /** Why the document may not take an update, undefined if it may; asked before it is applied. */
  whyNoRoom(owner: UserId, update: Uint8Array): string | undefined {
    const open = this.#open.get(owner)
    if (open === undefined) return undefined
    const { maxBytes, maxCommands, onWork } = this.#options
    if (open.bytes + update.length > maxBytes) {
      // Most of what was received has been merged, and drained commands leave next to nothing.
      open.bytes = Y.encodeStateAsUpdate(open.doc).length
      onWork(owner, inFrames(open.bytes))
      if (open.bytes + update.length > maxBytes)
        return `an account document holds at most ${maxBytes} bytes (LIMIT_ACCOUNT_BYTES)`
    }
    onWork(owner, workFor(open))
    return hasRoomForEntries(open.doc, update, maxCommands)
      ? undefined
      : `an outbox holds at most ${maxCommands} commands (LIMIT_OUTBOX_COMMANDS)`
  }

  /**
   * Saves what has changed; rejects when that fails: the document is then to be kept [N5]. So it is
   * while commands wait here for their owner's budget: whoever wrote them offline, and looked in only
   * to hand them over, has them sent. Those of somebody who is no longer let in are not.
   */
  async beforeUnload(owner: UserId): Promise<void> {
    const isWaiting = (): boolean => this.#open.get(owner)?.outbox.isWaitingForBudget === true
    for (;;) {
      // An answer that finds its document gone is lost. The next one would decide a refused command
      // again, perhaps accept it, and then it would take effect after what stood behind it [C2].
      await this.#open.get(owner)?.outbox.settled()
      // What is not stored by then is only in the document, and nobody looks for it there.
      await this.#open.get(owner)?.reads.settled()
      await this.#saver.flush(owner)
      if (!isWaiting() || !(await isLetIn(this.#options.pool, owner))) return
      if (isWaiting()) throw new Error('commands of this account wait to be taken')
    }
  }

  /** Lets what is in flight have its answer and takes nothing further [N4]. */
  async finish(): Promise<void> {
    await Promise.all([...this.#open.values()].map(({ outbox }) => outbox.close()))
    for (const owner of this.#open.keys()) this.#options.onFree(accountDocument(owner))
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
    await open.told.store()
  }
}

const NOTHING: Seen = new Map()

/** Yjs 13.6 takes a millisecond or so for an update among a thousand clients, or beside 400 KB of items at one place. */
const CLIENTS_A_FRAME = 256
const BYTES_A_FRAME = 64 * 1024

/**
 * What any update to this document costs, in frames, however small it is. Whoever invents clients, or
 * heaps up conflicts, slows down themselves alone [S5].
 */
function workFor({ doc, bytes }: Open): number {
  const { clients, pendingStructs } = doc.store
  return (
    Math.floor(clients.size / CLIENTS_A_FRAME) +
    Math.floor(bytes / BYTES_A_FRAME) +
    inFrames(pendingStructs?.update.length ?? 0)
  )
}
