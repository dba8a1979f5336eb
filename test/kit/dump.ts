import type pg from 'pg'

/** Tables and columns that change by somebody's being there, or are caches: what was done does not show in them. */
const VOLATILE_TABLES = [
  'active_connections',
  'documents',
  'message_words',
  'notification_preferences',
  'search_progress',
]
const VOLATILE_COLUMNS = ['last_active_at', 'last_used_at', 'expires_at']

export type Dump = ReadonlySet<string>

/** Every row of every table, whatever tables there are, but for what is volatile and the tables named. */
export async function dump(pool: pg.Pool, without: readonly string[] = []): Promise<Dump> {
  const { rows: tables } = await pool.query<{ table_name: string }>(
    `SELECT table_name FROM information_schema.tables
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name <> ALL ($1)`,
    [[...VOLATILE_TABLES, ...without]],
  )
  const { rows } = await pool.query<{ line: string }>(
    tables
      .map(
        ({ table_name: table }) =>
          `SELECT '${table} ' || (to_jsonb(t) - $1::text[])::text AS line FROM ${table} t`,
      )
      .join(' UNION ALL '),
    [VOLATILE_COLUMNS],
  )
  return new Set(rows.map(({ line }) => line))
}

/** What is in the one and not in the other, each way. */
export const changesBetween = (before: Dump, after: Dump): string[] => [
  ...[...before].filter((line) => !after.has(line)).map((line) => `gone: ${line}`),
  ...[...after].filter((line) => !before.has(line)).map((line) => `new: ${line}`),
]
