import type * as Y from 'yjs'
import { type Event, type Kind, type MetaPayload, payloadOf, type Role, type Seq } from './events.ts'
import type { UserId } from './ids.ts'

/** The one Yjs client that writes conversation documents, on every node and in every rebuild (L8). */
export const LOG_CLIENT_ID = 1

/** The live window holds at least this many events once the log has them, and at most twice as many less one. */
export const WINDOW_STEP = 128

/** A member as the document's `members` map holds it. */
export interface MemberEntry {
  readonly role: Role
  /** The event that made the person a member. */
  readonly since: Seq
}

export interface ConversationRoots {
  readonly events: Y.Array<Event>
  readonly members: Y.Map<MemberEntry>
  readonly meta: Y.Map<MetaPayload[keyof MetaPayload]>
}

export const conversationRoots = (doc: Y.Doc): ConversationRoots => ({
  events: doc.getArray('events'),
  members: doc.getMap('members'),
  meta: doc.getMap('meta'),
})

/** The number of the last event the document holds; 0 for an empty one. */
export function lastSeqOf(doc: Y.Doc): Seq {
  const events = doc.getArray<Event>('events')
  return events.length === 0 ? 0 : events.get(events.length - 1).seq
}

/**
 * Continues a conversation document with the next events of its log.
 *
 * The document is a pure function of the log [L8]: however the log is cut into calls, on whatever
 * node, from whatever snapshot, the encoded bytes are the same. Hence the fixed client id, the
 * canonical order of keys, and the window's cuts at fixed places of the log [L9]. Events the
 * document already holds are skipped. Throws {@link LogGapError}, and changes nothing, when the
 * next one is missing. `doc` must collect garbage, as Y.Doc does unless told otherwise.
 *
 * Frozen: a recorded log must give the same bytes for ever (conversation-document.test.ts). New
 * types of event only push.
 */
export function applyEvents(doc: Y.Doc, events: readonly Event[], origin?: unknown): void {
  const fresh = nextEvents(lastSeqOf(doc), events).map(inCanonicalOrder)
  if (fresh.length === 0) return
  const ownClientId = doc.clientID
  doc.clientID = LOG_CLIENT_ID
  try {
    // One transaction a call, and so one update for everyone who has the document open. The bytes
    // do not depend on it: Yjs merges what can be merged at the end of either.
    doc.transact(() => fresh.forEach((event) => applyEvent(doc, event)), origin)
  } finally {
    doc.clientID = ownClientId
  }
}

/** Those of `events` that come after `last`, each once. */
function nextEvents(last: Seq, events: readonly Event[]): Event[] {
  return events.filter((event) => {
    if (event.seq <= last) return false
    if (event.seq !== last + 1) throw new LogGapError(last + 1, event.seq)
    last = event.seq
    return true
  })
}

export class LogGapError extends Error {
  override name = 'LogGapError'
  readonly expected: Seq
  readonly found: Seq
  constructor(expected: Seq, found: Seq) {
    super(`the document expects event ${expected} and was given ${found}`)
    this.expected = expected
    this.found = found
  }
}

/** The event's keys are in canonical order, in which those of `meta` are set. */
function applyEvent(doc: Y.Doc, event: Event): void {
  const { events, members, meta } = conversationRoots(doc)
  events.push([event])
  if (event.type === 'member') {
    if (holdsMembers(meta.get('kind') as Kind | undefined)) {
      if (event.role === null) members.delete(event.user)
      else members.set(event.user, { role: event.role, since: sinceOf(members, event.user, event.seq) })
    }
  } else if (event.type === 'meta') {
    for (const [key, value] of Object.entries(payloadOf(event))) meta.set(key, value)
  }
  if (event.seq % WINDOW_STEP === 0 && events.length >= 2 * WINDOW_STEP) events.delete(0, WINDOW_STEP)
}

/** A channel's members are not in its document: there may be any number of them. */
const holdsMembers = (kind: Kind | undefined): boolean => kind !== 'channel'

/** A change of role does not change since when somebody is a member. */
const sinceOf = (members: Y.Map<MemberEntry>, user: UserId, seq: Seq): Seq => members.get(user)?.since ?? seq

/**
 * A rebuild reads events from jsonb, which returns keys in another order than they were written in.
 * The order is that of RFC 8785, by UTF-16 code units, without the way through a text.
 */
const inCanonicalOrder = (event: Event): Event => withSortedKeys(event) as Event

function withSortedKeys(value: unknown): unknown {
  // UTF-8 has no half of a surrogate pair: replicas would hold another text than the log.
  if (typeof value === 'string' && !value.isWellFormed()) throw new TypeError('a lone surrogate is not text')
  if (Array.isArray(value)) return value.map(withSortedKeys)
  if (value === null || typeof value !== 'object') return value
  const sorted: Record<string, unknown> = {}
  for (const key of Object.keys(value).sort()) {
    const member = (value as Record<string, unknown>)[key]
    if (member !== undefined) sorted[key] = withSortedKeys(member)
  }
  return sorted
}
