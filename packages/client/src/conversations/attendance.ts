import {
  type ConversationId,
  conversationDocument,
  conversationMessage,
  conversationRoots,
  event as eventSchema,
  type Event,
  type Millis,
  seq as seqSchema,
} from '@parley/protocol'
import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { z } from 'zod'
import type { Archive } from '../archive/archive.ts'
import type { Directory } from './directory.ts'
import { continues, tailOf } from '../divergence/divergence-document.ts'
import type { AttachedDocument, Documents } from '../connection/documents.ts'
import type { Clock } from '../ports.ts'
import { readJson } from '../connection/read-json.ts'
import { isUpdate } from '../archive/repair.ts'
import type { Saving } from '../store/saving.ts'
import { soon } from '../soon.ts'
import type { Store } from '../store/store.ts'

/** How many conversations are followed live: the open ones and the most recent. Of the others the account hears. */
export const ATTENDED = 100

const SNAPSHOT_AFTER: Millis = 5_000

interface Seat {
  readonly doc: Y.Doc
  readonly awareness: Awareness
  attached: AttachedDocument | undefined
  isGone: boolean
  isChanged: boolean
  cancelSave: (() => void) | undefined
}

export interface AttendanceOptions {
  readonly documents: Documents
  readonly archive: Archive
  readonly directory: Directory
  readonly store: Store
  readonly saving: Saving
  readonly clock: Clock
  readonly onUnauthenticated: () => void
  /** The server's document does not go on from the device's. */
  readonly onDoubt: (id: ConversationId) => void
}

export interface Attendance {
  /** There is a connection. Without one the archive has all there is, and reading documents would only delay the start. */
  begin(): void
  /** These are open somewhere: they are attended to however old they are. */
  attend(ids: ReadonlySet<ConversationId>): void
  awareness(id: ConversationId): Awareness | undefined
  /** Which conversations are attended to, or their awareness, has changed. */
  subscribe(listener: (id: ConversationId) => void): () => void
  /** Starts from the server's document instead of the device's, after `work` has been done without either. */
  restart(id: ConversationId, work: () => Promise<unknown>): Promise<void>
  close(): void
}

/** Which conversation documents are attached, and what comes from them: events, members, who is there. */
export function openAttendance(options: AttendanceOptions): Attendance {
  const { documents, archive, directory, store, saving, clock } = options
  const seats = new Map<ConversationId, Seat>()
  let opened: ReadonlySet<ConversationId> = new Set()
  const listeners = new Set<(id: ConversationId) => void>()
  const tell = (id: ConversationId) => {
    for (const listener of [...listeners]) listener(id)
  }

  const activity = (id: ConversationId): Millis =>
    Math.max(archive.tip(id)?.at ?? 0, directory.get(id)?.summary.lastAt ?? 0)

  const wanted = (): Set<ConversationId> => {
    const current = [...directory.all()].filter(([, { left }]) => !left).map(([id]) => id)
    const chosen = new Set(current.filter((id) => opened.has(id)))
    for (const id of current.sort((a, b) => activity(b) - activity(a))) {
      if (chosen.size >= ATTENDED) break
      chosen.add(id)
    }
    return chosen
  }

  const restarting = new Set<ConversationId>()
  let hasBegun = false
  let isTidy = false
  const review = () => {
    if (!hasBegun) return
    const chosen = wanted()
    const leaving = [...seats].filter(([id]) => !chosen.has(id))
    for (const [id, seat] of leaving) {
      seat.isChanged = false
      leave(id, seat)
    }
    if (leaving.length > 0 || !isTidy) {
      isTidy = true
      // A person with a thousand conversations keeps no more on disk than is attended to.
      void saving.run(() => store.keepSnapshots(chosen))
    }
    for (const id of chosen) if (!seats.has(id) && !restarting.has(id)) void sit(id)
  }

  const sit = async (id: ConversationId) => {
    const doc = new Y.Doc()
    const awareness = new Awareness(doc)
    // Nothing is said of the person until they have the conversation open.
    awareness.setLocalState(null)
    const seat: Seat = {
      doc,
      awareness,
      attached: undefined,
      isGone: false,
      isChanged: false,
      cancelSave: undefined,
    }
    seats.set(id, seat)
    const snapshot = await readSnapshot(id)
    if (seat.isGone) return
    if (snapshot !== undefined && isUpdate(snapshot)) Y.applyUpdate(doc, snapshot)
    takeEvents(id, doc)
    let tail = tailOf(doc)
    doc.on('update', (_update, _origin, _doc, { changed }: Y.Transaction) => {
      if (seat.isGone) return
      if (!continues(tail, doc, changed)) {
        // Not kept, and not shown: the server's history is another one now, and Yjs has merged the two.
        abandon(id, seat)
        options.onDoubt(id)
        save(id, { ...seat, doc: new Y.Doc(), isChanged: true })
        reviewSoon()
        return
      }
      tail = tailOf(doc)
      takeEvents(id, doc)
      directory.sawDocument(id, doc)
      saveSoon(id, seat)
    })
    awareness.on('change', () => tell(id))
    seat.attached = documents.attach(conversationDocument(id), doc, awareness, {
      changed: (attachment) => {
        if (attachment.state !== 'denied') return
        if (attachment.reason === 'forbidden') directory.left(id)
        else options.onUnauthenticated()
      },
      told: (payload) => takeMessage(id, payload),
    })
    tell(id)
  }

  /** A snapshot only saves bytes on the wire: one that cannot be read is fetched anew. */
  const readSnapshot = async (id: ConversationId): Promise<Uint8Array | undefined> => {
    let snapshot: Uint8Array | undefined
    await saving.run(async () => {
      snapshot = await store.snapshot(id)
    })
    return snapshot
  }

  const takeEvents = (id: ConversationId, doc: Y.Doc) => {
    const tip = archive.tip(id)?.seq ?? 0
    const fresh: Event[] = []
    for (const value of (conversationRoots(doc).events.toArray() as readonly unknown[]).toReversed()) {
      const parsed = eventSchema.safeParse(value)
      if (!parsed.success) {
        if (archive.fault(id) === undefined)
          archive.raise(id, { fault: 'unreadable', seq: numbered.safeParse(value).data?.seq ?? 0 })
        return
      }
      if (parsed.data.seq < tip) break
      fresh.push(parsed.data)
    }
    archive.addLive(id, fresh.reverse())
  }

  const takeMessage = (id: ConversationId, payload: string) => {
    const message = readJson(conversationMessage, payload)
    if (message !== undefined) directory.sawReads(id, message.reads)
  }

  const saveSoon = (id: ConversationId, seat: Seat) => {
    seat.isChanged = true
    seat.cancelSave ??= clock.after(SNAPSHOT_AFTER, () => save(id, seat))
  }
  const save = (id: ConversationId, seat: Seat) => {
    seat.cancelSave?.()
    seat.cancelSave = undefined
    if (!seat.isChanged) return
    seat.isChanged = false
    void saving.run(() => store.putSnapshot(id, Y.encodeStateAsUpdate(seat.doc)))
  }

  const leave = (id: ConversationId, seat: Seat) => {
    seats.delete(id)
    seat.isGone = true
    save(id, seat)
    seat.attached?.detach()
    seat.awareness.destroy()
    seat.doc.destroy()
    tell(id)
  }

  /** Leaves without keeping the document: it is not the server's any more. */
  const abandon = (id: ConversationId, seat: Seat) => {
    seat.isChanged = false
    leave(id, seat)
  }

  const reviewSoon = soon(review)
  const endDirectory = directory.subscribe(reviewSoon)

  return {
    begin: () => {
      hasBegun = true
      reviewSoon()
    },
    attend: (ids) => {
      opened = ids
      reviewSoon()
    },
    awareness: (id) => seats.get(id)?.awareness,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    restart: async (id, work) => {
      restarting.add(id)
      const seat = seats.get(id)
      if (seat !== undefined) abandon(id, seat)
      await work()
      restarting.delete(id)
      reviewSoon()
    },
    close: () => {
      hasBegun = false
      endDirectory()
      for (const [id, seat] of seats) leave(id, seat)
    },
  }
}

const numbered = z.object({ seq: seqSchema })
