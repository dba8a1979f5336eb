import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { useDatabase } from '../../../../test/kit/database.ts'

const database = useDatabase()

/** `interface UsersTable { id: UserId … }` → users: [id, …], read from the source: types do not exist at run time. */
async function typed(): Promise<Record<string, string[]>> {
  const source = await readFile(new URL('./tables.ts', import.meta.url), 'utf8')
  const interfaces = new Map(
    [...source.matchAll(/interface (\w+) \{\n([^}]*)\}/g)].map(([, name, body]) => [
      name,
      [...(body ?? '').matchAll(/^ {2}(\w+): (.*)$/gm)].map(
        ([, key, type]) => [key ?? '', type ?? ''] as const,
      ),
    ]),
  )
  return Object.fromEntries(
    (interfaces.get('Tables') ?? []).map(([table, type]) => [
      table,
      (interfaces.get(type) ?? [])
        .map(([column, kind]) => (kind.startsWith('Optional<') ? `${column}?` : column))
        .toSorted(),
    ]),
  )
}

test('the types name exactly the tables and columns that the migrations leave, and which may be null', async () => {
  const { rows } = await database.pool.query<{ table: string; column: string; nullable: boolean }>(`
    SELECT table_name AS table, column_name AS column, is_nullable = 'YES' AS nullable
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'migrations'`)
  const real: Record<string, string[]> = {}
  for (const { table, column, nullable } of rows) (real[table] ??= []).push(nullable ? `${column}?` : column)
  for (const columns of Object.values(real)) columns.sort()
  expect(await typed()).toEqual(real)
})
