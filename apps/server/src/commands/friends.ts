import {
  type CommandId,
  type FriendCommand,
  type FriendRequestId,
  type Millis,
  type RefusalCode,
  unreachable,
  type UserId,
} from '@parley/protocol'
import { sql } from 'kysely'
import type { Notice } from '../notifications/notice.ts'
import type { Notifications } from '../notifications/notifications.ts'
import type { Db } from '../queries/db.ts'
import { type Outcome, Unavailable } from './outcome.ts'

/** A request that was declined may be repeated after this. */
export const ASK_AGAIN_AFTER: Millis = 24 * 60 * 60 * 1000

export type FriendCommands = (author: UserId, command: FriendCommand, now: Millis) => Promise<Outcome>

/** What a command changed, to be told after COMMIT. */
export interface FriendChange {
  /** Whose lists look different now. */
  readonly users: readonly UserId[]
  /** Whom it is about, of those who are not there. */
  readonly notices: readonly Notice[]
  /** The requests that wait for nobody's answer any more. */
  readonly closed: readonly FriendRequestId[]
  /** Those of them that are gone altogether. */
  readonly withdrawn: readonly FriendRequestId[]
}

const NOTHING: FriendChange = { users: [], notices: [], closed: [], withdrawn: [] }

/**
 * Decides and applies what concerns two people and no conversation, each command in a transaction
 * of its own that also remembers it [C1] and leaves notifications [R3]. `onChanged` hears, after
 * COMMIT, whose lists look different now.
 */
export function createFriendCommands(
  db: Db,
  notifications: Pick<Notifications, 'leave' | 'withdrawRequests' | 'announce'>,
  onChanged: (users: readonly UserId[]) => void = () => undefined,
): FriendCommands {
  return async (author, command, now) => {
    try {
      const { users, changes } = await db.transaction().execute(async (tx) => {
        const repeatOf = await settle(tx, command.id, author, now)
        if (repeatOf !== undefined) {
          if (repeatOf !== author) throw new Refused('conflict', 'this id was used for something else')
          return { users: [], changes: [] }
        }
        const change = await apply(tx, author, command, now)
        const withdrawn = await notifications.withdrawRequests(tx, change.closed)
        await deleteRequests(tx, change.withdrawn)
        const notified = await notifications.leave(tx, change.notices)
        return { users: change.users, changes: [...withdrawn, notified] }
      })
      for (const change of changes) notifications.announce(change)
      if (users.length > 0) onChanged(users)
      return { accepted: true, events: [] }
    } catch (error) {
      if (error instanceof Refused)
        return { accepted: false, refusal: { code: error.code, message: error.message } }
      throw new Unavailable('the database did not answer', { cause: error })
    }
  }
}

/** Leaves the transaction without a trace: a refused command is decided anew when it comes again. */
class Refused extends Error {
  readonly code: RefusalCode
  constructor(code: RefusalCode, message: string) {
    super(message)
    this.code = code
  }
}

/** Remembers that the command took effect; answers whose it was when it had already. */
async function settle(tx: Db, id: CommandId, author: UserId, now: Millis): Promise<UserId | undefined> {
  const { rows } = await sql<{ said: UserId | null }>`
    INSERT INTO settled_commands (id, author, at) VALUES (${id}, ${author}, ${now}) ON CONFLICT (id) DO NOTHING
    RETURNING (SELECT e.author FROM events e WHERE e.id = ${id}) AS said`.execute(tx)
  const [row] = rows
  if (row !== undefined) return row.said ?? undefined
  // A statement of its own: the insert may have waited for a repeat that committed after it began to look.
  const first = await tx
    .selectFrom('settled_commands')
    .select('author')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return first.author
}

async function apply(tx: Db, author: UserId, command: FriendCommand, now: Millis): Promise<FriendChange> {
  if (command.type === 'friend.answer') return answer(tx, author, command.request, command.accept, now)
  const { user } = command
  if (user === author) throw new Refused('invalid', 'you cannot do this with yourself')
  await lockPair(tx, author, user)
  switch (command.type) {
    case 'friend.request':
      await requireUser(tx, user)
      return request(tx, author, user, command.id, now)
    case 'friend.remove':
      return (await endFriendship(tx, author, user)) ? { ...NOTHING, users: [author, user] } : NOTHING
    case 'user.block':
      await requireUser(tx, user)
      return block(tx, author, user, now)
    case 'user.unblock':
      await tx.deleteFrom('blocks').where('blocker', '=', author).where('blocked', '=', user).execute()
      return { ...NOTHING, users: [author] }
    default:
      return unreachable(command)
  }
}

async function request(
  tx: Db,
  author: UserId,
  user: UserId,
  id: CommandId,
  now: Millis,
): Promise<FriendChange> {
  const between = await standing(tx, author, user)
  if (between.blockedByMe) throw new Refused('forbidden', 'you have blocked this user')
  if (between.areFriends || between.asked === 'PENDING') return NOTHING
  if (between.asked === 'REJECTED' && between.answeredAt > now - ASK_AGAIN_AFTER) {
    throw new Refused('conflict', 'this user declined; ask again in a day')
  }
  // Of a block nothing may be seen: to who is blocked the request looks like one that is never
  // answered, and the other never sees it (queries/friends.ts). Nor may it meet theirs, which is
  // why blocking withdraws it.
  const isMutual = between.wasAskedFirst !== null
  const request = id as string as FriendRequestId
  await tx
    .insertInto('friend_requests')
    .values({
      id: request,
      from_user: author,
      to_user: user,
      status: isMutual ? 'ACCEPTED' : 'PENDING',
      created_at: now,
      answered_at: isMutual ? now : null,
    })
    .execute()
  const about = { actor: author, at: now, users: [user] }
  if (between.wasAskedFirst !== null) {
    await befriend(tx, author, user, now)
    return {
      users: [author, user],
      notices: [{ ...about, kind: 'request_accepted', request: between.wasAskedFirst }],
      closed: [between.wasAskedFirst],
      withdrawn: [],
    }
  }
  if (between.blockedByThem) return { ...NOTHING, users: [author] }
  return {
    users: [author, user],
    notices: [{ ...about, kind: 'friend_request', request }],
    closed: [],
    withdrawn: [],
  }
}

async function answer(
  tx: Db,
  author: UserId,
  request: FriendRequestId,
  accept: boolean,
  now: Millis,
): Promise<FriendChange> {
  const notYours = new Refused('forbidden', 'there is no such request to you')
  const asked = await tx
    .selectFrom('friend_requests')
    .select('from_user')
    .where('id', '=', request)
    .executeTakeFirst()
  if (asked === undefined) throw notYours
  await lockPair(tx, author, asked.from_user)
  const row = await tx
    .selectFrom('friend_requests')
    .select(['from_user', 'status'])
    .where('id', '=', request)
    .where('to_user', '=', author)
    .executeTakeFirst()
  if (row === undefined) throw notYours
  const status = accept ? 'ACCEPTED' : 'REJECTED'
  if (row.status === status) return NOTHING
  if (row.status !== 'PENDING') throw new Refused('conflict', 'this request has been answered')
  const between = await standing(tx, author, row.from_user)
  if (accept && between.blockedByMe) throw new Refused('forbidden', 'you have blocked this user')
  await tx
    .updateTable('friend_requests')
    .set({ status, answered_at: now })
    .where('id', '=', request)
    .execute()
  const change = { users: [author, row.from_user], notices: [], closed: [request], withdrawn: [] }
  if (!accept) return change
  await befriend(tx, author, row.from_user, now)
  const about = { actor: author, at: now, users: [row.from_user] }
  return { ...change, notices: [{ ...about, kind: 'request_accepted', request }] }
}

/**
 * Ends the friendship and withdraws the author's own request. What the other asks, now or later,
 * stays pending for them and unseen by the author, so that they cannot tell a block from silence.
 */
async function block(tx: Db, author: UserId, user: UserId, now: Millis): Promise<FriendChange> {
  await tx
    .insertInto('blocks')
    .values({ blocker: author, blocked: user, at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const open = await tx
    .selectFrom('friend_requests')
    .select(['id', 'from_user'])
    .where('status', '=', 'PENDING')
    .where('from_user', 'in', [author, user])
    .where('to_user', 'in', [author, user])
    .execute()
  const withdrawn = open.filter((request) => request.from_user === author).map(({ id }) => id)
  const hadFriend = await endFriendship(tx, author, user)
  return {
    users: hadFriend || withdrawn.length > 0 ? [author, user] : [author],
    notices: [],
    closed: open.map(({ id }) => id),
    withdrawn,
  }
}

/** Makes two people friends and closes every request that was open between them. */
async function befriend(tx: Db, one: UserId, other: UserId, now: Millis): Promise<void> {
  const [user_a, user_b] = pair(one, other)
  await tx
    .insertInto('friendships')
    .values({ user_a, user_b, since: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  await sql`
    UPDATE friend_requests SET status = 'ACCEPTED', answered_at = ${now}
    WHERE status = 'PENDING'
      AND ((from_user = ${one} AND to_user = ${other}) OR (from_user = ${other} AND to_user = ${one}))`.execute(
    tx,
  )
}

async function deleteRequests(tx: Db, requests: readonly FriendRequestId[]): Promise<void> {
  if (requests.length > 0) await tx.deleteFrom('friend_requests').where('id', 'in', requests).execute()
}

async function endFriendship(tx: Db, one: UserId, other: UserId): Promise<boolean> {
  const [user_a, user_b] = pair(one, other)
  const { numDeletedRows } = await tx
    .deleteFrom('friendships')
    .where('user_a', '=', user_a)
    .where('user_b', '=', user_b)
    .executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}

interface Standing {
  readonly areFriends: boolean
  readonly blockedByMe: boolean
  readonly blockedByThem: boolean
  /** What became of my last request to them. */
  readonly asked: 'PENDING' | 'ACCEPTED' | 'REJECTED' | null
  readonly answeredAt: Millis
  /** Their open request to me. */
  readonly wasAskedFirst: FriendRequestId | null
}

async function standing(tx: Db, me: UserId, them: UserId): Promise<Standing> {
  const [user_a, user_b] = pair(me, them)
  const { rows } = await sql<Standing>`
    SELECT EXISTS (SELECT FROM friendships WHERE user_a = ${user_a} AND user_b = ${user_b}) AS "areFriends",
           EXISTS (SELECT FROM blocks WHERE blocker = ${me} AND blocked = ${them}) AS "blockedByMe",
           EXISTS (SELECT FROM blocks WHERE blocker = ${them} AND blocked = ${me}) AS "blockedByThem",
           last.status AS asked, COALESCE(last.answered_at, 0) AS "answeredAt",
           (SELECT id FROM friend_requests
            WHERE from_user = ${them} AND to_user = ${me} AND status = 'PENDING') AS "wasAskedFirst"
    FROM (VALUES (1)) one
    LEFT JOIN LATERAL (SELECT status, answered_at FROM friend_requests
                       WHERE from_user = ${me} AND to_user = ${them}
                       ORDER BY created_at DESC, id DESC LIMIT 1) last ON true`.execute(tx)
  const [row] = rows
  if (row === undefined) throw new Error('a query over one row gave none')
  return row
}

/** A friendship has two ends and one row: the smaller id first. */
export const pair = (one: UserId, other: UserId): readonly [UserId, UserId] =>
  one < other ? [one, other] : [other, one]

/** Whatever two people do to each other happens one after the other. */
async function lockPair(tx: Db, one: UserId, other: UserId): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${pair(one, other).join(' ')}, 0))`.execute(tx)
}

async function requireUser(tx: Db, user: UserId): Promise<void> {
  const row = await tx
    .selectFrom('users')
    .select('id')
    .where('id', '=', user)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (row === undefined) throw new Refused('not_found', 'there is no such user')
}
