import type { ConversationId, Seq, UserId } from '@parley/protocol'
import type { Directory } from '../conversations/directory.ts'
import { type Observable, select } from '../observable.ts'

const NOBODY: ReadonlyMap<UserId, Seq> = new Map()

/** How far the others have read. */
export function openReads(
  directory: Directory,
  conversation: ConversationId,
  me: UserId,
): Observable<ReadonlyMap<UserId, Seq>> {
  let from: object | undefined
  let positions = NOBODY
  const stored: Observable<Readonly<Record<UserId, Seq>> | undefined> = {
    get: () => directory.get(conversation)?.reads,
    subscribe: (listener) =>
      directory.subscribe((changed) => {
        if (changed === conversation) listener()
      }),
  }
  return select(stored, (record) => {
    if (record !== from) {
      from = record
      positions = new Map((Object.entries(record ?? {}) as [UserId, Seq][]).filter(([user]) => user !== me))
    }
    return positions
  })
}
