import { isDeepStrictEqual } from 'node:util'
import type { ConversationId, Event } from '@parley/protocol'
import type pg from 'pg'
import { requestOf } from '../kit/command-request.ts'
import { type Case, effectOf } from './cases.ts'
import type { Place } from './places.ts'

export async function readLogs(pool: pg.Pool): Promise<ReadonlyMap<ConversationId, readonly Event[]>> {
  const { rows } = await pool.query<{
    conversation: ConversationId
    seq: string
    at: string
    payload: object
  }>(`SELECT conversation, seq, id, type, author, at, hash, payload FROM events ORDER BY conversation, seq`)
  const events = rows.map(({ conversation, payload, seq, at, ...envelope }) => ({
    conversation,
    event: { ...envelope, seq: Number(seq), at: Number(at), ...payload } as unknown as Event,
  }))
  return new Map(
    [...Map.groupBy(events, ({ conversation }) => conversation)].map(([id, said]) => [
      id,
      said.map(({ event }) => event),
    ]),
  )
}

/** The events that the cases at one place should have added and did not, and those that nobody should have. */
export function faultsOf(place: Place, cases: readonly Case[], added: readonly Event[]): string[] {
  const left = [...added]
  const faults: string[] = []
  for (const each of cases) {
    for (const [n, expected] of effectOf(each).entries()) {
      const isNamed = n === 0 && (each.door === 'outbox' || requestOf(each.command).isKeyed)
      const isIts = (event: Event): boolean =>
        matches(event, expected) && (!isNamed || event.id === each.command.id)
      const at = left.findIndex(isIts)
      if (at >= 0) left.splice(at, 1)
      else
        faults.push(
          `${place.setting.name}: ${each.actor.name} by ${each.door}: ${each.row.name}: no ${JSON.stringify(expected)}`,
        )
    }
  }
  for (const event of left) faults.push(`${place.setting.name}: nobody was to say ${JSON.stringify(event)}`)
  return faults
}

/** Whether the event has all that is expected, and perhaps more. */
function matches(actual: unknown, expected: unknown): boolean {
  if (Array.isArray(expected))
    return (
      Array.isArray(actual) &&
      actual.length === expected.length &&
      expected.every((each, i) => matches(actual[i], each))
    )
  if (typeof expected !== 'object' || expected === null) return isDeepStrictEqual(actual, expected)
  return (
    typeof actual === 'object' &&
    actual !== null &&
    Object.entries(expected).every(([key, value]) => matches((actual as Record<string, unknown>)[key], value))
  )
}
