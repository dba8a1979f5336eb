import {
  canonicalJson,
  type ConversationId,
  conversationRoots,
  furthest,
  inviting,
  lastSeqOf,
  type MemberEntry,
  memberEvent,
  type MemberPayload,
  type Millis,
  posting,
  type rest,
  role,
  type Seq,
  type UserId,
  userId,
} from '@parley/protocol'
import type * as Y from 'yjs'
import { z } from 'zod'
import type { Clock } from '../ports.ts'
import type { Saving } from '../store/saving.ts'
import type { ConversationShape, Store, StoredConversation } from '../store/store.ts'

export interface Directory {
  get(id: ConversationId): StoredConversation | undefined
  all(): ReadonlyMap<ConversationId, StoredConversation>
  /** The server has listed all conversations of this person since the app began. */
  isComplete(): boolean
  /**
   * The server is being asked for its whole list; the answer takes it. What is not in it, the person is no longer in:
   * but what was told meanwhile is newer.
   */
  asking(): (summaries: readonly rest.ConversationSummary[]) => void
  told(summary: rest.ConversationSummary): void
  /** The live document has changed. */
  sawDocument(id: ConversationId, doc: Y.Doc): void
  sawReads(id: ConversationId, reads: Readonly<Record<UserId, Seq>>): void
  left(id: ConversationId): void
  /** It ended for this person because the server has lost it. */
  lost(id: ConversationId): void
  /** The server's log is taken anew: it may end before what was told of the one before. */
  restart(id: ConversationId): void
  forget(id: ConversationId): Promise<void>
  /** Names the conversation that changed; undefined when only `isComplete` did. */
  subscribe(listener: (id: ConversationId | undefined) => void): () => void
  /** What has changed lately and is not written yet. */
  unwritten(): Iterable<ConversationId>
  /** What another tab knows of a conversation, and writes; undefined: it has forgotten it. */
  heard(id: ConversationId, conversation: StoredConversation | undefined): void
  /** Another tab has the server's whole list. */
  heardAll(): void
  /** Takes in what other tabs have written. */
  reload(): Promise<void>
  /** Writes what has changed lately. */
  flush(): void
  /** Writes everything, on a disk that has lost it. */
  rewrite(): void
}

/** In a busy conversation people read all the time: one write for many of such changes. */
const WRITE_AFTER: Millis = 500

/** The conversations that the server has told this device of, remembered for starting without it. */
export async function openDirectory(store: Store, saving: Saving, clock: Clock): Promise<Directory> {
  const known = new Map(await store.conversations())
  const listeners = new Set<(id: ConversationId | undefined) => void>()
  const tell = (id: ConversationId | undefined) => {
    for (const listener of [...listeners]) listener(id)
  }
  let isComplete = false

  /** Told by another tab since the last reading of the disk, which may not have it yet. */
  const heard = new Set<ConversationId>()
  const unwritten = new Set<ConversationId>()
  let cancelWrite: (() => void) | undefined

  const write = () => {
    cancelWrite = undefined
    for (const id of unwritten) {
      const conversation = known.get(id)
      if (conversation !== undefined) void saving.run(() => store.putConversation(id, conversation))
    }
    unwritten.clear()
  }
  const put = (id: ConversationId, next: StoredConversation) => {
    known.set(id, next)
    unwritten.add(id)
    cancelWrite ??= clock.after(WRITE_AFTER, write)
    tell(id)
  }

  /** Whether the person is in a conversation, as told while the server is asked for its list. */
  let toldSince = new Map<ConversationId, boolean>()

  const told = (summary: rest.ConversationSummary) => {
    toldSince.set(summary.id, true)
    const before = known.get(summary.id)
    // Answers may overtake each other; a log only grows, unless the server lost a part of it, which the archive notices.
    if (before !== undefined && !before.left && before.summary.lastSeq > summary.lastSeq) return
    if (before !== undefined && !before.left && isSame(before.summary, summary)) return
    put(summary.id, {
      ...(before?.shape === undefined ? {} : { shape: before.shape }),
      summary,
      members: before?.members ?? {},
      left: false,
      reads: before?.reads ?? {},
    })
  }

  return {
    get: (id) => known.get(id),
    all: () => known,
    isComplete: () => isComplete,
    told,
    asking: () => {
      const since = (toldSince = new Map())
      return (summaries) => {
        isComplete = true
        // Also with an empty list: that it is empty is news.
        tell(undefined)
        const current = new Set([...summaries.map(({ id }) => id), ...since.keys()])
        for (const summary of summaries.filter(({ id }) => since.get(id) !== false)) told(summary)
        for (const [id, conversation] of known) {
          if (!current.has(id) && !conversation.left) put(id, { ...conversation, left: true })
        }
      }
    },
    sawDocument: (id, doc) => {
      const before = known.get(id)
      if (before === undefined) return
      const shape = shapeOf(doc, before)
      if (shape.seq < (before.shape?.seq ?? 0)) return
      const members = before.summary.kind === 'channel' ? before.members : membersOf(doc)
      if (isSame(before.members, members) && isSame({ ...before.shape, seq: shape.seq }, shape)) {
        // Only the log went on: nobody shows this number, it decides which copy is the newer.
        known.set(id, { ...before, shape })
        return
      }
      put(id, { ...before, shape, members })
    },
    sawReads: (id, reads) => {
      const before = known.get(id)
      if (before === undefined) return
      const next = { ...before.reads }
      for (const [user, seq] of Object.entries(reads) as [UserId, Seq][])
        next[user] = furthest(next[user] ?? 0, seq)
      if (isSame(before.reads, next)) return
      put(id, { ...before, reads: next })
    },
    left: (id) => {
      toldSince.set(id, false)
      const before = known.get(id)
      if (before !== undefined && !before.left) put(id, { ...before, left: true })
    },
    lost: (id) => {
      const before = known.get(id)
      if (before?.left === true && before.isLost !== true) put(id, { ...before, isLost: true })
    },
    restart: (id) => {
      const before = known.get(id)
      if (before === undefined) return
      const { shape: _, ...rest } = before
      put(id, { ...rest, summary: { ...before.summary, lastSeq: 0 } })
    },
    forget: async (id) => {
      known.delete(id)
      unwritten.delete(id)
      await saving.run(() => store.forgetConversation(id))
      tell(id)
    },
    unwritten: () => unwritten,
    heard: (id, conversation) => {
      heard.add(id)
      if (conversation === undefined) known.delete(id)
      else known.set(id, conversation)
      tell(id)
    },
    heardAll: () => {
      if (isComplete) return
      isComplete = true
      tell(undefined)
    },
    reload: async () => {
      heard.clear()
      await saving.run(async () => {
        for (const [id, conversation] of await store.conversations()) {
          const before = known.get(id)
          const isNewer = heard.has(id) || unwritten.has(id)
          if (isNewer || (before !== undefined && isSame(before, conversation))) continue
          known.set(id, conversation)
          tell(id)
        }
      })
    },
    flush: () => {
      cancelWrite?.()
      write()
    },
    rewrite: () => {
      for (const id of known.keys()) unwritten.add(id)
      write()
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}

const isSame = (a: object, b: object): boolean => canonicalJson(a) === canonicalJson(b)

/** A document's bytes come from the server; what is not of the form is taken as not said. */
const meta = z.object({
  title: z.string().catch(''),
  topic: z.string().catch(''),
  avatar: z.string().catch(''),
  archived: z.boolean().catch(false),
  posting: posting.catch('members'),
  inviting: inviting.catch('admins'),
})

function shapeOf(doc: Y.Doc, before: StoredConversation): ConversationShape {
  const { title, kind } = before.summary
  const memberCount = kind === 'channel' ? countedMembers(doc, before) : undefined
  return {
    ...meta.parse({ title, ...conversationRoots(doc).meta.toJSON() }),
    seq: lastSeqOf(doc),
    ...(memberCount !== undefined && { memberCount }),
  }
}

/** What each event about a member does to their number. */
const MEMBERS_MORE: Readonly<Record<MemberPayload['cause'], number>> = {
  created: 1,
  added: 1,
  joined: 1,
  left: -1,
  removed: -1,
  role: 0,
  handover: 0,
}

/**
 * How many members a channel has: what was known last, and who has come and gone since. Undefined where the document
 * does not go back so far; the server says it again when the device connects the next time.
 */
function countedMembers(doc: Y.Doc, { summary, shape }: StoredConversation): number | undefined {
  const isShapeNewer = shape?.memberCount !== undefined && shape.seq >= summary.lastSeq
  // Of a log that is taken anew nothing is known: it is counted from its beginning.
  const told = summary.lastSeq === 0 ? 0 : summary.memberCount
  const [from, count] = isShapeNewer ? [shape.seq, shape.memberCount ?? 0] : [summary.lastSeq, told]
  const { events } = conversationRoots(doc)
  const missing = lastSeqOf(doc) - from
  if (missing < 0 || missing > events.length) return undefined
  return events.slice(events.length - missing).reduce((sum, value) => {
    const { success, data } = memberEvent.safeParse(value)
    return success ? Math.max(0, sum + MEMBERS_MORE[data.cause]) : sum
  }, count)
}

const memberEntry = z.object({ role, since: z.int() })

function membersOf(doc: Y.Doc): Record<UserId, MemberEntry> {
  const members: Record<UserId, MemberEntry> = {}
  for (const [key, value] of conversationRoots(doc).members.entries()) {
    const [user, entry] = [userId.safeParse(key), memberEntry.safeParse(value)]
    if (user.success && entry.success) members[user.data] = entry.data
  }
  return members
}
