import {
  type ConversationId,
  type Millis,
  type Preferences,
  readPreferences,
  type rest,
  type Seq,
  type UserId,
} from '@parley/protocol'
import { sql } from 'kysely'
import { ApiError } from '../http/errors.ts'
import { presentSince } from '../presence/expiry.ts'
import type { Db } from '../queries/db.ts'
import { isReceiver, type Receiver } from './encryption.ts'
import { whyNoEndpoint } from './endpoint.ts'

/** Of one person; the oldest give way. */
const MAX_PER_USER = 20

/** A device of somebody who is away, and what they want to be told. */
export interface Reachable extends Receiver {
  readonly user: UserId
  readonly session: Buffer
  readonly endpoint: string
  /** Of the person's preferences; null: none were ever chosen. */
  readonly entries: Readonly<Record<string, unknown>> | null
}

export const preferencesOf = (entries: Reachable['entries']): Preferences =>
  readPreferences(Object.entries(entries ?? {}))

/** Throws where nothing could be sent to it. */
export function receiverOf({ endpoint, keys }: rest.SubscribePush): Receiver & { endpoint: string } {
  const why = whyNoEndpoint(endpoint)
  if (why !== undefined) throw new ApiError('invalid', why)
  const receiver = {
    p256dh: Buffer.from(keys.p256dh, 'base64url'),
    auth: Buffer.from(keys.auth, 'base64url'),
  }
  if (!isReceiver(receiver)) throw new ApiError('invalid', 'the keys are not those of a subscription')
  return { ...receiver, endpoint }
}

/** One a session, so that it ends with it [S4]. A browser that somebody else signs in with is theirs from then on. */
export async function keepSubscription(
  db: Db,
  user: UserId,
  session: Buffer,
  { endpoint, p256dh, auth }: Receiver & { endpoint: string },
  now: Millis,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx
      .deleteFrom('push_subscriptions')
      .where((eb) => eb.or([eb('endpoint', '=', endpoint), eb('session', '=', session)]))
      .execute()
    await tx
      .insertInto('push_subscriptions')
      .values({ session, user_id: user, endpoint, p256dh, auth, created_at: now })
      .execute()
    await sql`
      DELETE FROM push_subscriptions WHERE session IN (
        SELECT session FROM push_subscriptions WHERE user_id = ${user}
        ORDER BY created_at DESC OFFSET ${MAX_PER_USER})`.execute(tx)
  })
}

export async function dropSubscription(db: Db, session: Buffer): Promise<void> {
  await db.deleteFrom('push_subscriptions').where('session', '=', session).execute()
}

/** Unless the device has subscribed anew meanwhile. */
export async function dropEndpoint(db: Db, endpoint: string): Promise<void> {
  await db.deleteFrom('push_subscriptions').where('endpoint', '=', endpoint).execute()
}

export async function hasSubscriptions(db: Db): Promise<boolean> {
  const { rows } = await sql<{ has: boolean }>`SELECT EXISTS (SELECT FROM push_subscriptions) AS has`.execute(
    db,
  )
  return rows[0]?.has === true
}

const REACHABLE = sql`
  s.user_id AS "user", s.session, s.endpoint, s.p256dh, s.auth, f.entries
  FROM push_subscriptions s
  JOIN sessions x ON x.id_hash = s.session AND x.expires_at > now()
  JOIN users u ON u.id = s.user_id AND u.deleted_at IS NULL AND u.disabled_at IS NULL
  LEFT JOIN notification_preferences f ON f.user_id = s.user_id`

const isAway = (now: Millis) => sql`
  NOT EXISTS (SELECT FROM active_connections a
              WHERE a.user_id = s.user_id AND a.heartbeat_at > ${presentSince(now)})`

/** The devices of somebody who has none connected now: whoever has sees it there. */
export async function devicesOf(db: Db, user: UserId, now: Millis): Promise<Reachable[]> {
  const { rows } = await sql<Reachable>`
    SELECT ${REACHABLE} WHERE s.user_id = ${user} AND ${isAway(now)}`.execute(db)
  return rows
}

/** The devices of the members who are away, have not read so far and have not blocked who said it. */
export async function devicesOfMembers(
  db: Db,
  { conversation, seq, author }: { conversation: ConversationId; seq: Seq; author: UserId },
  now: Millis,
): Promise<Reachable[]> {
  const { rows } = await sql<Reachable>`
    SELECT ${REACHABLE}
    JOIN participants p ON p.user_id = s.user_id AND p.conversation = ${conversation} AND p.read_seq < ${seq}
    WHERE s.user_id <> ${author} AND ${isAway(now)}
      AND NOT EXISTS (SELECT FROM blocks b WHERE b.blocker = s.user_id AND b.blocked = ${author})`.execute(db)
  return rows
}
