import type { Document } from '@hocuspocus/server'
import type { ConversationId, Event, UserId } from '@parley/protocol'
import type { Committed, Listener } from '../log/bus.ts'
import type { ConversationDocuments } from './conversation-documents.ts'
import type { Notices } from './notices.ts'
import type { Context } from './peer.ts'

export interface RevealOptions {
  readonly conversations: ConversationDocuments
  readonly notices: Notices
  /** The open document of a conversation on this node. */
  readonly documentOf: (conversation: ConversationId) => Document | undefined
}

/** Shows what was committed: to the open documents first, then in words to whoever does not have them open. */
export function createReveal({ conversations, notices, documentOf }: RevealOptions): Listener {
  return (committed: Committed): void => {
    const { conversation, events, before, after } = committed
    for (const { shown, removed } of untilRemovals(events)) {
      conversations.committed(conversation, shown)
      if (removed !== undefined) closeConnections(documentOf(conversation), (user) => user === removed)
    }
    // Told of the end of a stretch only, and somebody may have been removed before it (S4).
    if (before === undefined && after !== undefined)
      closeConnections(documentOf(conversation), (user) => !after.members.has(user))
    notices.committed(committed)
    if (after === undefined) {
      conversations.forget(conversation)
      closeConnections(documentOf(conversation), () => true)
    }
  }
}

/** Cut so that somebody who is removed sees that as the last thing, also when more was committed with it (S4). */
function* untilRemovals(events: readonly Event[]): Iterable<{ shown: readonly Event[]; removed?: UserId }> {
  let start = 0
  for (const [index, event] of events.entries()) {
    if (event.type !== 'member' || event.role !== null) continue
    yield { shown: events.slice(start, index + 1), removed: event.user }
    start = index + 1
  }
  if (start < events.length) yield { shown: events.slice(start) }
}

/** Ends the connections of people who may not read the conversation any more (S4). */
function closeConnections(document: Document | undefined, isToClose: (user: UserId) => boolean): void {
  for (const connection of document?.getConnections() ?? []) {
    const user = (connection.context as Context).peer.identity?.user.id
    if (user === undefined || isToClose(user)) connection.close({ code: 4403, reason: 'forbidden' })
  }
}
