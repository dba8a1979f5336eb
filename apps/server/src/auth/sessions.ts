import type { Millis, UserId } from '@parley/protocol'
import { parse } from 'hono/utils/cookie'
import { sql } from 'kysely'
import { Lucia, TimeSpan } from 'lucia'
import type { Db } from '../queries/db.ts'
import type { Identity, Revocations } from './identity.ts'
import { hashSecret } from './secrets.ts'
import { createSessionAdapter, type SessionAttributes, type UserAttributes } from './session-adapter.ts'

/** A session that is not used for this long ends; using it in the second half starts it anew. */
const LIFETIME_DAYS = 30

export interface SessionListing extends SessionAttributes {
  readonly id: string
  readonly expiresAt: Millis
}

export interface Sessions {
  /** Whose session the `Cookie` header of a request holds. */
  identify(cookieHeader: string): Promise<Identity | undefined>
  /** Whether a `Cookie` header claims a session at all, valid or not. */
  isClaimed(cookieHeader: string): boolean
  /** Begins a session; `undo` takes it back. */
  start(
    user: UserId,
    userAgent: string | undefined,
  ): Promise<{ setCookie: string; undo: () => Promise<void> }>
  list(user: UserId): Promise<SessionListing[]>
  /** Ends one of the user's sessions by its public id; false when they have no such. */
  end(user: UserId, id: string): Promise<boolean>
  endAllBut(user: UserId, keptId: string | undefined): Promise<void>
  endExpired(): Promise<void>
  readonly blankCookie: string
}

interface SessionsDeps {
  readonly db: Db
  readonly revocations: Revocations
  readonly secureCookies: boolean
  readonly now: () => Millis
}

/** Sessions of browsers. Everything lucia does for us happens in here (docs/decisions/0005). */
export function createSessions({ db, revocations, secureCookies, now }: SessionsDeps): Sessions {
  // The prefix keeps other hosts of the same domain, and plain http, from planting a cookie of this name.
  const cookieName = secureCookies ? '__Host-parley_session' : 'parley_session'
  const lucia = new Lucia<SessionAttributes, UserAttributes>(createSessionAdapter(db), {
    sessionExpiresIn: new TimeSpan(LIFETIME_DAYS, 'd'),
    // The cookie outlives the session and the server decides: a session that a WebSocket prolonged has
    // no answer to put a new cookie on.
    sessionCookie: {
      name: cookieName,
      expires: false,
      attributes: { secure: secureCookies, sameSite: 'lax' },
    },
    getSessionAttributes: (attributes) => attributes,
    getUserAttributes: (attributes) => attributes,
  })
  // Not lucia's own reader: it throws on a cookie with a stray "%", which another program on the host may have set.
  const secretIn = (cookieHeader: string): string | undefined => parse(cookieHeader, cookieName)[cookieName]

  const announceEnded = (rows: readonly { user_id: UserId; id_hash: Buffer }[]): void =>
    rows.forEach((row) =>
      revocations.announce({ user: row.user_id, credentialId: row.id_hash.toString('hex') }),
    )

  return {
    async identify(cookieHeader) {
      const secret = secretIn(cookieHeader)
      if (secret === undefined || secret === '') return undefined
      const { user, session } = await lucia.validateSession(secret)
      if (user === null) return undefined
      return {
        user: { id: user.id, username: user.username, name: user.name },
        credential: { kind: 'session', id: hashSecret(secret).toString('hex') },
        ...(session.fresh && { renewedCookie: lucia.createSessionCookie(secret).serialize() }),
      }
    },
    isClaimed: (cookieHeader) => secretIn(cookieHeader) !== undefined,
    async start(user, userAgent) {
      const session = await lucia.createSession(user, {
        createdAt: now(),
        userAgent: userAgent?.slice(0, 512) ?? null,
      })
      return {
        setCookie: lucia.createSessionCookie(session.id).serialize(),
        undo: () => lucia.invalidateSession(session.id),
      }
    },
    async list(user) {
      const sessions = await lucia.getUserSessions(user)
      return sessions.map(({ id, createdAt, userAgent, expiresAt }) => ({
        id,
        createdAt,
        userAgent,
        expiresAt: expiresAt.getTime(),
      }))
    },
    async end(user, id) {
      if (!/^[0-9a-f]{64}$/.test(id)) return false
      const { rows } = await sql<{ user_id: UserId; id_hash: Buffer }>`
        DELETE FROM sessions WHERE id_hash = ${Buffer.from(id, 'hex')} AND user_id = ${user}
        RETURNING user_id, id_hash`.execute(db)
      announceEnded(rows)
      return rows.length > 0
    },
    async endAllBut(user, keptId) {
      const { rows } = await sql<{ user_id: UserId; id_hash: Buffer }>`
        DELETE FROM sessions WHERE user_id = ${user} AND id_hash <> ${Buffer.from(keptId ?? '', 'hex')}
        RETURNING user_id, id_hash`.execute(db)
      announceEnded(rows)
    },
    async endExpired() {
      const { rows } = await sql<{ user_id: UserId; id_hash: Buffer }>`
        DELETE FROM sessions WHERE expires_at <= now() RETURNING user_id, id_hash`.execute(db)
      announceEnded(rows)
    },
    blankCookie: lucia.createBlankSessionCookie().serialize(),
  }
}
