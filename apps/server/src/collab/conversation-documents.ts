import {
  applyEvents,
  type ConversationId,
  conversationDocument,
  type Event,
  lastSeqOf,
  LogGapError,
  type Seq,
  WINDOW_STEP,
} from '@parley/protocol'
import type pg from 'pg'
import * as Y from 'yjs'
import type { Logger } from '../logger.ts'
import { Denied } from './denied.ts'
import { Saver } from './saver.ts'

/** The origin of the log's own writes; Hocuspocus then leaves storing them to us. */
const FROM_LOG = { source: 'local', skipStoreHooks: true } as const
const PAGE = 1_000

interface Open {
  readonly doc: Y.Doc
  /** Events that were committed while the document was being loaded; undefined once it is. */
  waiting: Event[] | undefined
  snapshotSeq: Seq
  catchingUp: Promise<void> | undefined
}

export interface ConversationDocumentsOptions {
  readonly pool: pg.Pool
  readonly eventsAfter: (conversation: ConversationId, after: Seq, limit: number) => Promise<Event[]>
  readonly logger: Logger
}

/**
 * The conversation documents that somebody has open on this node: each a pure function of its log
 * [L8], loaded from a snapshot and the events after it, and continued with what is committed.
 */
export class ConversationDocuments {
  readonly #options: ConversationDocumentsOptions
  readonly #open = new Map<ConversationId, Open>()
  readonly #snapshots: Saver

  constructor(options: ConversationDocumentsOptions) {
    this.#options = options
    this.#snapshots = new Saver({
      save: (id) => this.#saveSnapshot(id as ConversationId),
      logger: options.logger,
    })
  }

  /** Fills a fresh document; throws {@link Denied} `unavailable` when the database does not answer. */
  async load(conversation: ConversationId, doc: Y.Doc): Promise<void> {
    const open: Open = { doc, waiting: [], snapshotSeq: 0, catchingUp: undefined }
    // Registered before the first read, so that nothing committed meanwhile is missed.
    this.#open.set(conversation, open)
    doc.once('destroy', () => {
      if (this.#open.get(conversation) === open) this.#open.delete(conversation)
    })
    try {
      const { rows } = await this.#options.pool.query<{ state: Buffer; seq: Seq }>(
        `SELECT state, seq FROM documents WHERE name = $1`,
        [conversationDocument(conversation)],
      )
      const [snapshot] = rows
      if (snapshot !== undefined) {
        Y.applyUpdate(doc, snapshot.state, FROM_LOG)
        open.snapshotSeq = snapshot.seq
      }
      await this.#readOn(conversation, doc)
      const committedMeanwhile = open.waiting ?? []
      open.waiting = undefined
      this.#apply(conversation, open, committedMeanwhile)
    } catch (error) {
      doc.destroy()
      throw new Denied('unavailable', { cause: error })
    }
  }

  /** Continues an open document with what was just committed. */
  committed(conversation: ConversationId, events: readonly Event[]): void {
    const open = this.#open.get(conversation)
    if (open === undefined) return
    if (open.waiting !== undefined) open.waiting.push(...events)
    else this.#apply(conversation, open, events)
  }

  /** Stores what the snapshot lacks; a failure costs the next opening some time and nothing else. */
  async beforeUnload(conversation: ConversationId): Promise<void> {
    const open = this.#open.get(conversation)
    if (open === undefined) return
    if (lastSeqOf(open.doc) > open.snapshotSeq) this.#snapshots.touch(conversation)
    await this.#snapshots.flush(conversation).catch(() => this.#snapshots.drop(conversation))
  }

  /** Ends what was deleted: there is nothing to store any more. */
  forget(conversation: ConversationId): void {
    this.#snapshots.drop(conversation)
    this.#open.delete(conversation)
  }

  async close(): Promise<void> {
    await this.#snapshots.flushAll()
    this.#snapshots.stop()
  }

  #apply(conversation: ConversationId, open: Open, events: readonly Event[]): void {
    try {
      applyEvents(open.doc, events, FROM_LOG)
    } catch (error) {
      if (!(error instanceof LogGapError)) throw error
      this.#catchUp(conversation, open)
      return
    }
    if (lastSeqOf(open.doc) - open.snapshotSeq >= WINDOW_STEP) this.#snapshots.touch(conversation)
  }

  /** A word was missed: the log itself has what it said. */
  #catchUp(conversation: ConversationId, open: Open): void {
    open.catchingUp ??= this.#readOn(conversation, open.doc)
      .catch((error: unknown) => {
        // The next word that does not fit tries again.
        this.#options.logger.warn({ err: error, conversation }, 'a conversation document could not catch up')
      })
      .finally(() => {
        open.catchingUp = undefined
      })
  }

  async #readOn(conversation: ConversationId, doc: Y.Doc): Promise<void> {
    for (;;) {
      const events = await this.#options.eventsAfter(conversation, lastSeqOf(doc), PAGE)
      applyEvents(doc, events, FROM_LOG)
      if (events.length < PAGE) return
    }
  }

  async #saveSnapshot(conversation: ConversationId): Promise<void> {
    const open = this.#open.get(conversation)
    if (open === undefined || open.waiting !== undefined) return
    const seq = lastSeqOf(open.doc)
    await this.#options.pool.query(
      // Only while the conversation is there, and never an older snapshot over a newer one.
      `INSERT INTO documents (name, state, seq, updated_at)
       SELECT $1, $2, $3, $4 FROM conversations WHERE id = $5 AND deleted_at IS NULL
       ON CONFLICT (name) DO UPDATE SET state = excluded.state, seq = excluded.seq, updated_at = excluded.updated_at
       WHERE documents.seq < excluded.seq`,
      [conversationDocument(conversation), Y.encodeStateAsUpdate(open.doc), seq, Date.now(), conversation],
    )
    open.snapshotSeq = seq
  }
}
