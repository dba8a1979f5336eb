import { type Millis, newId, type UserId } from '@parley/protocol'
import { sql } from 'kysely'
import type { Db } from '../queries/db.ts'
import type { Identity, Revocations } from './identity.ts'
import { hashSecret, newTokenSecret } from './secrets.ts'

/** `lastUsedAt` is exact to this: a program that calls often must not write a row each time. */
const USE_RESOLUTION: Millis = 60_000

export interface TokenListing {
  readonly id: string
  readonly name: string
  readonly createdAt: Millis
  readonly lastUsedAt: Millis | null
}

export interface Tokens {
  identify(secret: string): Promise<Identity | undefined>
  /** The only moment at which the secret is known. */
  create(user: UserId, name: string): Promise<TokenListing & { token: string }>
  list(user: UserId): Promise<TokenListing[]>
  /** Ends one of the user's tokens; false when they have no such. */
  end(user: UserId, id: string): Promise<boolean>
}

interface TokensDeps {
  readonly db: Db
  readonly revocations: Revocations
  readonly now: () => Millis
}

/** Bearer tokens: for programs what a session is for browsers. They end when the owner ends them. */
export const createTokens = ({ db, revocations, now }: TokensDeps): Tokens => ({
  async identify(secret) {
    const { rows } = await sql<{
      id: string
      user_id: UserId
      username: string
      name: string
      last_used_at: Millis | null
    }>`
      SELECT t.id, t.user_id, t.last_used_at, u.username, u.name
      FROM tokens t JOIN users u ON u.id = t.user_id AND u.deleted_at IS NULL AND u.disabled_at IS NULL
      WHERE t.secret_hash = ${hashSecret(secret)}`.execute(db)
    const [row] = rows
    if (row === undefined) return undefined
    if ((row.last_used_at ?? 0) + USE_RESOLUTION <= now()) {
      await sql`UPDATE tokens SET last_used_at = ${now()} WHERE id = ${row.id}`.execute(db)
    }
    return {
      user: { id: row.user_id, username: row.username, name: row.name },
      credential: { kind: 'token', id: row.id },
    }
  },

  async create(user, name) {
    const token = newTokenSecret()
    const created = { id: newId<string>(), name, createdAt: now(), lastUsedAt: null }
    await sql`
      INSERT INTO tokens (id, user_id, secret_hash, name, created_at)
      VALUES (${created.id}, ${user}, ${hashSecret(token)}, ${name}, ${created.createdAt})`.execute(db)
    return { ...created, token }
  },

  async list(user) {
    const { rows } = await sql<TokenListing>`
      SELECT id, name, created_at AS "createdAt", last_used_at AS "lastUsedAt" FROM tokens
      WHERE user_id = ${user} ORDER BY created_at DESC, id`.execute(db)
    return rows
  },

  async end(user, id) {
    const { rows } =
      await sql`DELETE FROM tokens WHERE id::text = ${id} AND user_id = ${user} RETURNING id`.execute(db)
    if (rows.length > 0) revocations.announce({ user, credentialId: id })
    return rows.length > 0
  },
})
