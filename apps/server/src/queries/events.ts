import type { ConversationId, Event, EventId, EventType, Seq, UserId } from '@parley/protocol'
import { type Selectable, sql } from 'kysely'
import type { EventsTable } from '../db/tables.ts'
import type { Db } from './db.ts'

type EventRow = Pick<Selectable<EventsTable>, 'seq' | 'id' | 'type' | 'author' | 'at' | 'hash' | 'payload'>

/** A row of the log as the event it was appended as. */
export const toEvent = ({ seq, id, type, author, at, hash, payload }: EventRow): Event =>
  ({ seq, id, type, author, at, hash, ...payload }) as Event

/** The next events of a log after `afterSeq`, ascending: what a document or a node catches up with. */
export async function eventsAfter(
  db: Db,
  conversation: ConversationId,
  afterSeq: Seq,
  limit: number,
): Promise<Event[]> {
  const { rows } = await sql<EventRow>`
    SELECT seq, id, type, author, at, hash, payload FROM events
    WHERE conversation = ${conversation} AND seq > ${afterSeq}
    ORDER BY seq LIMIT ${limit}`.execute(db)
  return rows.map(toEvent)
}

export interface PageRequest {
  readonly conversation: ConversationId
  readonly after?: Seq | undefined
  readonly before?: Seq | undefined
  readonly types?: readonly EventType[] | undefined
  readonly limit: number
}

export interface Page {
  /** Ascending by seq. */
  readonly events: readonly Event[]
  /** Whether the log goes on in the direction of reading: up after an `after`, else down. */
  readonly hasMore: boolean
}

/** A page of a log: upwards from `after`, else the latest ones (below `before`). */
export async function eventPage(db: Db, request: PageRequest): Promise<Page> {
  const { conversation, after, types, limit } = request
  const isUpwards = after !== undefined
  const order = isUpwards ? sql`ORDER BY seq` : sql`ORDER BY seq DESC`
  const { rows } = await sql<EventRow>`
    SELECT seq, id, type, author, at, hash, payload FROM events
    WHERE conversation = ${conversation}
      ${types === undefined ? bounds(request) : sql`AND seq = ANY (ARRAY(${placesOf(request, types, order)}))`}
    ${order} LIMIT ${limit + 1}`.execute(db)
  const events = rows.slice(0, limit).map(toEvent)
  return { events: isUpwards ? events : events.reverse(), hasMore: rows.length > limit }
}

const bounds = ({ after, before }: PageRequest) => sql`
  ${after === undefined ? sql`` : sql`AND seq > ${after}`} ${before === undefined ? sql`` : sql`AND seq < ${before}`}`

/**
 * Where the events of these types are. Each type by itself and from the index alone: however few there
 * are of one, nothing in between is read. They are written as the index has them, which a parameter is not.
 */
const placesOf = (request: PageRequest, types: readonly EventType[], order: ReturnType<typeof sql>) => {
  const { conversation, limit } = request
  const each = [...new Set(types)].map(
    (type) => sql`(
      SELECT seq FROM events WHERE conversation = ${conversation} AND type = ${sql.lit(type)} ${bounds(request)}
      ${order} LIMIT ${limit + 1})`,
  )
  return sql`SELECT seq FROM (${sql.join(each, sql` UNION ALL `)}) few ${order} LIMIT ${limit + 1}`
}

/** Which number an event has in a conversation; undefined when it is not in it. */
export async function seqOf(db: Db, conversation: ConversationId, id: EventId): Promise<Seq | undefined> {
  const row = await db
    .selectFrom('events')
    .select('seq')
    .where('id', '=', id)
    .where('conversation', '=', conversation)
    .executeTakeFirst()
  return row?.seq
}

export interface Reading {
  readonly user: UserId
  readonly readSeq: Seq
}

/** Who has read up to `seq` or further, by user id; a page of at most `limit` beyond `afterUser`. */
export async function readersOf(
  db: Db,
  conversation: ConversationId,
  seq: Seq,
  limit: number,
  afterUser?: UserId,
): Promise<Reading[]> {
  let query = db
    .selectFrom('participants')
    .select(['user_id as user', 'read_seq as readSeq'])
    .where('conversation', '=', conversation)
    .where('read_seq', '>=', seq)
    .orderBy('user_id')
    .limit(limit)
  if (afterUser !== undefined) query = query.where('user_id', '>', afterUser)
  return query.execute()
}
