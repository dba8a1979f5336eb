import type { Millis, UserId } from '@parley/protocol'
import { sql } from 'kysely'
import type { Db } from '../queries/db.ts'
import { DELETED_USER_NAME } from '../queries/users.ts'
import type { ExportUser } from './format.ts'

/** Somebody a file named who was not known here. */
export interface BroughtUser {
  readonly id: UserId
  /** Undefined for one who had deleted their account there. */
  readonly username: string | undefined
  /** The one the file gives, where it was taken here. */
  readonly wanted: string | undefined
}

const MAX_USERNAME = 30
const BATCH = 1_000

/**
 * Makes known who is named and not known here: by name, without an address or a password, so that
 * nobody can log in as them before an operator gives them both. Who is known here stays as they are.
 */
export async function bringPeople(tx: Db, users: readonly ExportUser[], now: Millis): Promise<BroughtUser[]> {
  const known = await select(
    tx,
    'id',
    users.map((user) => user.id),
  )
  const strangers = users.filter((user) => !known.has(user.id))
  const taken = await select(
    tx,
    'username',
    strangers.flatMap(({ username }) => username ?? []),
  )
  const brought: (BroughtUser & { name: string })[] = []
  for (const { id, name, username: wanted } of strangers) {
    const username = wanted === undefined ? undefined : await freeUsername(tx, wanted, taken)
    if (username !== undefined) taken.add(username)
    brought.push({ id, name, username, wanted: username === wanted ? undefined : wanted })
  }
  for (let start = 0; start < brought.length; start += BATCH) {
    const rows = brought.slice(start, start + BATCH).map(({ id, name, username }) => ({
      id,
      name: username === undefined ? DELETED_USER_NAME : name,
      username: username ?? null,
      created_at: now,
      deleted_at: username === undefined ? now : null,
    }))
    await tx.insertInto('users').values(rows).execute()
  }
  return brought.map(({ name: _name, ...user }) => user)
}

async function select(tx: Db, column: 'id' | 'username', values: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ value: string }>`
    SELECT ${sql.ref(column)} AS value FROM users
    WHERE ${sql.ref(column)} = ANY (${values}::${sql.raw(column === 'id' ? 'uuid[]' : 'text[]')})`.execute(tx)
  return new Set(rows.map((row) => row.value))
}

/** The name itself, or the first of name-2, name-3 … that nobody has. */
async function freeUsername(tx: Db, wanted: string, taken: ReadonlySet<string>): Promise<string> {
  if (!taken.has(wanted)) return wanted
  for (let n = 2; ; n += 1) {
    const suffix = `-${n}`
    const candidate = `${wanted.slice(0, MAX_USERNAME - suffix.length)}${suffix}`
    if (!taken.has(candidate) && (await select(tx, 'username', [candidate])).size === 0) return candidate
  }
}
