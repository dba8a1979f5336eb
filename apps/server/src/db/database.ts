import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Logger } from '../logger.ts'
import type { Tables } from './tables.ts'

export interface Database {
  readonly pool: pg.Pool
  readonly kysely: Kysely<Tables>
  /** Waits for the queries under way and closes every connection; a second call does nothing. */
  close(): Promise<void>
}

export interface DatabaseOptions {
  readonly url: string
  readonly logger: Logger
  /** Several nodes share one PostgreSQL, which allows 100 connections as it comes. */
  readonly maxConnections?: number
}

const BIGINT = 20

/** A `bigint` as a number, as the protocol has it: numbers of events, times and sizes stay far below 2^53. */
function toNumber(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} does not fit a number`)
  return value
}

const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === BIGINT && format !== 'binary' ? toNumber : pg.types.getTypeParser(oid, format),
}

/** Opens no connection yet. Losing PostgreSQL fails the queries under way and is logged; it ends nothing (N3). */
export function openDatabase({ url, logger, maxConnections = 10 }: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'parley',
    max: maxConnections,
    types,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    // A query that hangs would hold its connection, and what waits behind it, for ever.
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 30_000,
  })
  // The pool listens to a connection only while it idles. One that is lost between two queries of a
  // transaction has no listener, and an 'error' without one ends the process.
  const onLost = ({ message }: Error): void => {
    // The pool does not wait for the connections that it says good-bye to.
    if (closed === undefined) logger.warn({ reason: message }, 'lost a database connection')
  }
  pool.on('connect', (client) => client.on('error', onLost))
  // The same loss once more, of a connection that idled.
  pool.on('error', () => undefined)
  let closed: Promise<void> | undefined
  return {
    pool,
    kysely: new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }),
    close: () => (closed ??= pool.end()),
  }
}
