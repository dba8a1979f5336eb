import {
  type ConversationId,
  draftReplyKey,
  eventId,
  type EventId,
  furthest,
  type Millis,
  type Seq,
} from '@parley/protocol'
import type { AccountDocument } from './account-document.ts'
import { type Observable, type Source, source } from '../observable.ts'
import type { Saved } from '../outbox/outbox.ts'
import type { Clock, Sight } from '../ports.ts'
import { ALWAYS_VISIBLE } from '../tabs/sight.ts'

/** A draft goes to the document when its writer pauses: a keystroke is not worth a transaction. */
const DRAFT_RESTS: Millis = 400

/** What follows a person from device to device beside their commands: how far they have read, what they were writing. */
export interface Notes {
  readSeq(id: ConversationId): Seq
  markRead(id: ConversationId, seq: Seq): void
  draft(id: ConversationId): Observable<string>
  draftText(id: ConversationId): string
  setDraft(id: ConversationId, text: string): void
  /** The message that what is being written answers; undefined: none. */
  draftReply(id: ConversationId): Observable<EventId | undefined>
  setDraftReply(id: ConversationId, to: EventId | undefined): void
  /** The text is being sent: no draft any more, if it was one; nor is what it answers being answered. */
  sent(id: ConversationId, text: string, replyTo?: EventId): void
  /** A message was written from this draft: what the disk has of it stays there until the message is on it. */
  keepUntil(id: ConversationId, saved: Promise<Saved>): void
  subscribe(listener: (id: ConversationId) => void): () => void
  /** Writes drafts that are not in the document yet. */
  close(): void
}

export function openNotes(
  own: AccountDocument,
  clock: Clock,
  serverReadSeq: (id: ConversationId) => Seq,
  sight: Observable<Sight> = ALWAYS_VISIBLE,
): Notes {
  const listeners = new Set<(id: ConversationId) => void>()
  const reached = new Map<ConversationId, Seq>()
  const drafts = new Map<ConversationId, Source<string>>()
  const replies = new Map<ConversationId, Source<EventId | undefined>>()
  const unwritten = new Map<ConversationId, () => void>()
  const kept = new Map<ConversationId, number>()
  const tell = (id: ConversationId) => {
    for (const listener of [...listeners]) listener(id)
  }

  /** The map in the document may fall back when an old device returns; what was reached stays reached (R1). */
  const readSeq = (id: ConversationId): Seq => {
    const position = furthest(
      furthest(reached.get(id) ?? 0, serverReadSeq(id)),
      seqOf(own.roots.reads.get(id)),
    )
    reached.set(id, position)
    return position
  }
  const textIn = (id: ConversationId): string => {
    const stored: unknown = own.roots.drafts.get(id)
    return typeof stored === 'string' ? stored : ''
  }
  const draft = (id: ConversationId): Source<string> => {
    const known = drafts.get(id) ?? source(textIn(id))
    drafts.set(id, known)
    return known
  }
  const replyIn = (id: ConversationId): EventId | undefined =>
    eventId.safeParse(own.roots.prefs.get(draftReplyKey(id))).data
  const reply = (id: ConversationId): Source<EventId | undefined> => {
    const known = replies.get(id) ?? source(replyIn(id))
    replies.set(id, known)
    return known
  }
  const setReply = (id: ConversationId, to: EventId | undefined) => {
    if (replyIn(id) !== to) own.roots.prefs.set(draftReplyKey(id), to ?? '')
  }
  const write = (id: ConversationId) => {
    unwritten.get(id)?.()
    unwritten.delete(id)
    if (kept.has(id)) return
    const text = draft(id).get()
    if (text === textIn(id)) return
    // An emptied one is kept as such, until the server begins the document anew: what is merely gone looks as if
    // it had never been written here.
    own.roots.drafts.set(id, text)
  }

  const writeAll = () => {
    for (const id of unwritten.keys()) write(id)
  }
  // A tab that is out of sight may be ended without a word.
  const isHurried = () => sight.get() !== 'visible'
  const endSight = sight.subscribe(() => {
    if (isHurried()) writeAll()
  })

  const follow = () => {
    own.roots.reads.observe(({ changes }) => {
      for (const [key, { oldValue }] of changes.keys) {
        const id = key as ConversationId
        reached.set(id, furthest(reached.get(id) ?? 0, seqOf(oldValue)))
        // Of two devices that read apart the document keeps either's, and forgets the other's: who knows better says
        // so again, or neither the server nor the next start would ever hear of it.
        if (seqOf(own.roots.reads.get(id)) < readSeq(id)) own.roots.reads.set(id, readSeq(id))
        tell(id)
      }
    })
    own.roots.drafts.observe(({ keysChanged }) => refresh(keysChanged as Set<ConversationId>))
    own.roots.prefs.observe(refreshReplies)
  }
  const refreshReplies = () => {
    for (const [id, known] of replies) known.set(replyIn(id))
  }
  const refresh = (ids: Iterable<ConversationId>) => {
    for (const id of ids) {
      // Who is writing here goes on with their own text.
      if (!unwritten.has(id)) draft(id).set(textIn(id))
      tell(id)
    }
  }
  follow()
  own.onMoved((before) => {
    follow()
    // The server keeps how far was read, and not in here; what was reached stays reached (R1).
    for (const [id, stored] of before.reads.entries() as IterableIterator<[ConversationId, unknown]>) {
      reached.set(id, furthest(reached.get(id) ?? 0, seqOf(stored)))
      tell(id)
    }
    refresh(drafts.keys())
    refreshReplies()
  })

  return {
    readSeq,
    markRead: (id, seq) => {
      if (seq <= readSeq(id)) return
      reached.set(id, seq)
      own.doc.transact(() => own.roots.reads.set(id, seq))
    },
    draft,
    draftText: (id) => draft(id).get(),
    setDraft: (id, text) => {
      const clean = text.toWellFormed()
      draft(id).set(clean)
      unwritten.get(id)?.()
      unwritten.set(
        id,
        clock.after(DRAFT_RESTS, () => write(id)),
      )
      if (isHurried()) write(id)
      tell(id)
    },
    draftReply: reply,
    setDraftReply: setReply,
    sent: (id, text, replyTo) => {
      if (replyTo !== undefined && replyTo === replyIn(id)) setReply(id, undefined)
      if (draft(id).get().trim() !== text.trim()) return
      draft(id).set('')
      write(id)
    },
    keepUntil: (id, saved) => {
      kept.set(id, (kept.get(id) ?? 0) + 1)
      void saved.then((answer) => {
        const left = (kept.get(id) ?? 1) - 1
        if (left > 0) kept.set(id, left)
        else kept.delete(id)
        if (answer.saved) write(id)
      })
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    close: () => {
      endSight()
      writeAll()
    },
  }
}

/** The owner's other programs may write anything. */
const seqOf = (stored: unknown): Seq =>
  typeof stored === 'number' && Number.isSafeInteger(stored) ? stored : 0
