import type { Millis, UserId as OurUserId } from '@parley/protocol'
import { sql } from 'kysely'
import type { Adapter, DatabaseSession, DatabaseUser, Lucia } from 'lucia'
import type { Db } from '../queries/db.ts'
import { hashSecret } from './secrets.ts'

declare module 'lucia' {
  interface Register {
    Lucia: Lucia<SessionAttributes, UserAttributes>
    UserId: OurUserId
    DatabaseUserAttributes: UserAttributes
    DatabaseSessionAttributes: SessionAttributes
  }
}

export interface UserAttributes {
  readonly username: string
  readonly name: string
}

export interface SessionAttributes {
  readonly createdAt: Millis
  readonly userAgent: string | null
}

interface SessionRow {
  user_id: OurUserId
  created_at: Millis
  expires_at: Date
  user_agent: string | null
}

/**
 * Where lucia keeps sessions. It hands us the id that the cookie holds; the table is keyed by that
 * id's SHA-256 (S6). Only {@link Adapter.getUserSessions} cannot know the ids: there `id` is the
 * hash in hex, a handle to show and to end a session by, useless as a cookie.
 */
export const createSessionAdapter = (db: Db): Adapter => ({
  async getSessionAndUser(sessionId) {
    const { rows } = await sql<SessionRow & { username: string | null; name: string }>`
      SELECT s.user_id, s.created_at, s.expires_at, s.user_agent, u.username, u.name
      FROM sessions s
      LEFT JOIN users u ON u.id = s.user_id AND u.deleted_at IS NULL AND u.disabled_at IS NULL
      WHERE s.id_hash = ${hashSecret(sessionId)}`.execute(db)
    const [row] = rows
    if (row === undefined) return [null, null]
    const { username, name } = row
    // Of somebody deleted or disabled nothing is left to join: lucia then ends the session.
    const user: DatabaseUser | null =
      username === null ? null : { id: row.user_id, attributes: { username, name } }
    return [toSession(sessionId, row), user]
  },

  async getUserSessions(user) {
    const { rows } = await sql<SessionRow & { id_hash: Buffer }>`
      SELECT id_hash, user_id, created_at, expires_at, user_agent FROM sessions
      WHERE user_id = ${user} ORDER BY created_at DESC`.execute(db)
    return rows.map((row) => toSession(row.id_hash.toString('hex'), row))
  },

  async setSession({ id, userId, expiresAt, attributes }) {
    await sql`
      INSERT INTO sessions (id_hash, user_id, created_at, expires_at, user_agent)
      VALUES (${hashSecret(id)}, ${userId}, ${attributes.createdAt}, ${expiresAt}, ${attributes.userAgent})`.execute(
      db,
    )
  },

  async updateSessionExpiration(sessionId, expiresAt) {
    await sql`UPDATE sessions SET expires_at = ${expiresAt} WHERE id_hash = ${hashSecret(sessionId)}`.execute(
      db,
    )
  },

  async deleteSession(sessionId) {
    await sql`DELETE FROM sessions WHERE id_hash = ${hashSecret(sessionId)}`.execute(db)
  },

  async deleteUserSessions(user) {
    await sql`DELETE FROM sessions WHERE user_id = ${user}`.execute(db)
  },

  async deleteExpiredSessions() {
    await sql`DELETE FROM sessions WHERE expires_at <= now()`.execute(db)
  },
})

const toSession = (id: string, row: SessionRow): DatabaseSession => ({
  id,
  userId: row.user_id,
  expiresAt: row.expires_at,
  attributes: { createdAt: row.created_at, userAgent: row.user_agent },
})
