import type { Millis } from '@parley/protocol'
import { sql } from 'kysely'
import { presentSince } from '../presence/expiry.ts'
import type { Db } from '../queries/db.ts'

const DAY: Millis = 24 * 60 * 60 * 1000

export interface Statistics {
  readonly users: {
    readonly total: number
    readonly online: number
    readonly activeToday: number
    readonly activeThisWeek: number
    readonly activeThisMonth: number
    readonly disabled: number
    readonly imported: number
    readonly admins: number
    readonly deleted: number
  }
  readonly conversations: {
    readonly direct: number
    readonly group: number
    readonly channel: number
    readonly archived: number
    readonly deleted: number
  }
  readonly events: {
    readonly total: number
    readonly messages: number
    readonly lastDay: number
    /** Over the last seven days. */
    readonly perDay: number
  }
  readonly attachments: { readonly count: number; readonly bytes: number }
  readonly database: { readonly bytes: number }
}

/** Counted, not estimated: of a large log that takes a while. */
export function readStatistics(db: Db, now: Millis): Promise<Statistics> {
  return db.transaction().execute(async (tx) => {
    await sql`SET LOCAL statement_timeout = 0`.execute(tx)
    const { rows } = await sql<Statistics>`
      SELECT
        (SELECT json_build_object(
           'total', count(*) FILTER (WHERE u.deleted_at IS NULL),
           'online', (SELECT count(DISTINCT a.user_id) FROM active_connections a WHERE a.heartbeat_at > ${presentSince(now)}),
           'activeToday', count(*) FILTER (WHERE u.active_at > ${now - DAY}),
           'activeThisWeek', count(*) FILTER (WHERE u.active_at > ${now - 7 * DAY}),
           'activeThisMonth', count(*) FILTER (WHERE u.active_at > ${now - 30 * DAY}),
           'disabled', count(*) FILTER (WHERE u.deleted_at IS NULL AND u.disabled_at IS NOT NULL),
           'imported', count(*) FILTER (WHERE u.deleted_at IS NULL AND u.email IS NULL),
           'admins', count(*) FILTER (WHERE u.is_admin),
           'deleted', count(*) FILTER (WHERE u.deleted_at IS NOT NULL))
         FROM (SELECT u.*, GREATEST(u.last_active_at, (
                 SELECT max(a.heartbeat_at) FROM active_connections a WHERE a.user_id = u.id)) AS active_at
               FROM users u) u) AS users,
        (SELECT json_build_object(
           'direct', count(*) FILTER (WHERE deleted_at IS NULL AND kind = 'direct'),
           'group', count(*) FILTER (WHERE deleted_at IS NULL AND kind = 'group'),
           'channel', count(*) FILTER (WHERE deleted_at IS NULL AND kind = 'channel'),
           'archived', count(*) FILTER (WHERE deleted_at IS NULL AND archived),
           'deleted', count(*) FILTER (WHERE deleted_at IS NOT NULL)) FROM conversations) AS conversations,
        (SELECT json_build_object(
           'total', count(*),
           'messages', count(*) FILTER (WHERE type = 'message'),
           'lastDay', count(*) FILTER (WHERE at > ${now - DAY}),
           'perDay', round(count(*) FILTER (WHERE at > ${now - 7 * DAY}) / 7.0)) FROM events) AS events,
        (SELECT json_build_object('count', count(*), 'bytes', COALESCE(sum(bytes), 0)) FROM attachments) AS attachments,
        json_build_object('bytes', pg_database_size(current_database())) AS database`.execute(tx)
    const [statistics] = rows
    if (statistics === undefined) throw new Error('a query without FROM gives a row')
    return statistics
  })
}
