import { setImmediate } from 'node:timers/promises'
import {
  type ConversationId,
  type Event,
  findIn,
  type MessageEvent,
  type rest,
  type UserId,
  type Wants,
} from '@parley/protocol'
import { type Selectable, sql } from 'kysely'
import type { EventsTable } from '../db/tables.ts'
import type { Db } from '../queries/db.ts'
import { toEvent } from '../queries/events.ts'
import type { Candidate } from './candidates.ts'

const isMessage = (event: Event): event is MessageEvent => event.type === 'message'

/** The messages that were found, in their order, of conversations that `user` is in. */
export async function readResults(
  db: Db,
  user: UserId,
  found: readonly Candidate[],
  wants: Wants,
): Promise<rest.SearchResult[]> {
  if (found.length === 0) return []
  // Whoever may look decides which places are looked into; asked once more, beside the text itself.
  const { rows } = await sql<Selectable<EventsTable>>`
    SELECT e.conversation, e.seq, e.id, e.type, e.author, e.at, e.hash, e.payload
    FROM unnest(${found.map(({ key: [, conversation] }) => conversation)}::uuid[],
                ${found.map(({ key: [, , seq] }) => seq)}::bigint[]) WITH ORDINALITY AS f (conversation, seq, place)
    JOIN events e ON e.conversation = f.conversation AND e.seq = f.seq
    JOIN participants p ON p.conversation = e.conversation AND p.user_id = ${user}
    ORDER BY f.place`.execute(db)
  const results: rest.SearchResult[] = []
  for (const row of rows) {
    results.push(...toResult(row.conversation, toEvent(row), wants))
    // Looking through a long text takes milliseconds, in which nobody else would be answered.
    if (results.length < rows.length) await setImmediate()
  }
  return results
}

function toResult(conversation: ConversationId, message: Event, wants: Wants): rest.SearchResult[] {
  if (!isMessage(message)) return []
  return [{ conversation, message, highlights: [...(findIn(message, wants)?.highlights ?? [])] }]
}
