import {
  type ConversationId,
  directConversationId,
  isTitled,
  type Millis,
  type Seq,
  type UserId,
} from '@parley/protocol'
import { sql } from 'kysely'
import type { Db } from '../queries/db.ts'
import { PLACE_EVENTS, placeOf } from './lexemes.ts'

/** A thousand events of a log, or what there is of the last thousand. */
export interface Place {
  readonly lexeme: string
  readonly events: number
  /** Everything in it was said from then, up to then. */
  readonly from: Millis
  readonly to: Millis
}

interface LogRow {
  id: ConversationId
  title: string
  created_at: Millis
  last_seq: Seq
  last_at: Millis
  /** When each thousand but the first began. */
  begins: Millis[]
}

/** What stands behind `in:`, with the users found by the names among it. */
export interface WhereFilter {
  readonly titles: readonly string[]
  readonly direct: readonly UserId[]
}

/**
 * Where `user` may look: the logs of the conversations they are in at this moment, the latest words
 * first. Undefined when `only` is a conversation they are not in, or none.
 */
export async function placesOf(
  db: Db,
  user: UserId,
  only: ConversationId | undefined,
  where: WhereFilter | undefined,
): Promise<Place[] | undefined> {
  const { rows } = await sql<LogRow>`
    SELECT c.id, c.title, c.created_at, c.last_seq, c.last_at, to_json(ARRAY(
             -- Looked up one by one: as a join it may come to reading the whole log.
             SELECT (SELECT e.at FROM events e WHERE e.conversation = c.id AND e.seq = thousand * ${PLACE_EVENTS} + 1)
             FROM generate_series(1, (c.last_seq - 1) / ${PLACE_EVENTS}) thousand ORDER BY thousand)) AS begins
    FROM participants p JOIN conversations c ON c.id = p.conversation
    WHERE p.user_id = ${user} AND c.deleted_at IS NULL
      ${only === undefined ? sql`` : sql`AND p.conversation = ${only}`}`.execute(db)
  if (only !== undefined && rows.length === 0) return undefined
  const direct = new Set(where?.direct.map((other) => directConversationId(user, other)))
  const isMeant = ({ id, title }: LogRow): boolean =>
    where === undefined ||
    direct.has(id) ||
    where.titles.some((wanted) => id === wanted || (title !== '' && isTitled(title, wanted)))
  return rows
    .filter(isMeant)
    .flatMap(thousands)
    .toSorted((a, b) => b.to - a.to)
}

const thousands = ({ id, created_at, last_seq, last_at, begins }: LogRow): Place[] =>
  [created_at, ...begins].map((from, thousand) => ({
    lexeme: placeOf(id, thousand),
    events: Math.min(PLACE_EVENTS, last_seq - thousand * PLACE_EVENTS),
    from,
    to: begins[thousand] ?? last_at,
  }))
