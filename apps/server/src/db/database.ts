import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Logger } from '../logger.ts'
import type { Tables } from './tables.ts'

export interface Database {
  /** For the rare connection that is no pool's. It may hold a password. */
  readonly url: string
  readonly pool: pg.Pool
  /**
   * For appends alone, so that what is said does not wait behind what is read. Their statement finds
   * a handful of rows by key, and is told so: the planner takes a small table for quickly read, but
   * one whose every row moves many times a second is mostly dead rows, and reading it whole was half
   * of what PostgreSQL did for a message.
   */
  readonly writers: pg.Pool
  readonly kysely: Kysely<Tables>
  /** Waits for the queries under way and closes every connection; a second call does nothing. */
  close(): Promise<void>
}

export interface DatabaseOptions {
  readonly url: string
  readonly logger: Logger
  /** Several nodes share one PostgreSQL, which allows 100 connections as it comes. */
  readonly maxConnections?: number
  readonly maxWriters?: number
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
export function openDatabase({
  url,
  logger,
  maxConnections = 10,
  maxWriters = 3,
}: DatabaseOptions): Database {
  const common = {
    connectionString: url,
    application_name: 'parley',
    types,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    // A query that hangs would hold its connection, and what waits behind it, for ever.
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 30_000,
  }
  // What one person asks for is a handful of rows by key: compiling a plan, or waking workers for it,
  // takes longer than running it, and both happen when the planner expects more rows than there are.
  const small = '-c jit=off -c max_parallel_workers_per_gather=0'
  const pool = new pg.Pool({ ...common, max: maxConnections, options: small })
  const writers = new pg.Pool({
    ...common,
    max: maxWriters,
    options: `${small} -c plan_cache_mode=force_generic_plan -c enable_seqscan=off`,
  })
  let closed: Promise<unknown> | undefined
  // The pool listens to a connection only while it idles. One that is lost between two queries of a
  // transaction has no listener, and an 'error' without one ends the process.
  const onLost = ({ message }: Error): void => {
    // The pool does not wait for the connections that it says good-bye to.
    if (closed === undefined) logger.warn({ reason: message }, 'lost a database connection')
  }
  for (const each of [pool, writers]) {
    each.on('connect', (client) => client.on('error', onLost))
    // The same loss once more, of a connection that idled.
    each.on('error', () => undefined)
  }
  return {
    url,
    pool,
    writers,
    kysely: new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }),
    close: async () => {
      await (closed ??= Promise.all([pool.end(), writers.end()]))
    },
  }
}
