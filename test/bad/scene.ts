import { createHash, randomBytes } from 'node:crypto'
import {
  type AttachmentId,
  type Command,
  type ConversationId,
  directConversationId,
  type EventId,
  type FriendRequestId,
  newId,
  type UserId,
} from '@parley/protocol'
import type pg from 'pg'
import type { Actor, Doors } from '../kit/doors.ts'
import { befriend } from '../kit/people.ts'
import { begin, bytes, idOf, upload } from '../kit/tus.ts'
import { viaOutbox } from '../walk/cases.ts'

/** What all the bad input is about: enough of everything, some of it somebody else's. */
export interface Scene {
  readonly owner: Actor
  readonly admin: Actor
  readonly member: Actor
  /** Nothing to do with the others; whatever is foreign is hers. */
  readonly stranger: Actor
  /** Can be added, is a stranger to all. */
  readonly other: Actor
  /** Has a token and is disabled; has a token and deleted the account it was for. */
  readonly disabled: Actor
  readonly deleted: Actor
  /** Has blocked the owner, the admin and the member. */
  readonly blocker: UserId
  /** Whom the owner has blocked. */
  readonly blocked: UserId
  /** Has declined the owner's request just now. */
  readonly decliner: UserId
  /** Was a friend of the owner's. */
  readonly former: UserId
  /** Of the owner, the admin and the member. */
  readonly group: ConversationId
  readonly message: EventId
  readonly archived: ConversationId
  /** As many members as may be in one. */
  readonly full: ConversationId
  /** Where only admins post; of the same people. */
  readonly channel: ConversationId
  readonly direct: ConversationId
  /** A group of the stranger's alone, and what is in it. */
  readonly foreign: ConversationId
  readonly foreignMessage: EventId
  readonly foreignFile: AttachmentId
  readonly foreignUpload: AttachmentId
  readonly foreignSession: string
  readonly foreignToken: string
  readonly foreignNotification: string
  /** From the stranger to the other. */
  readonly foreignRequest: FriendRequestId
  /** From the owner to the other. */
  readonly ownRequest: FriendRequestId
  /** To the owner, and answered. */
  readonly answeredRequest: FriendRequestId
}

/** Small enough to be met with little. */
export const SCENE_LIMITS = {
  groupMembers: 4,
  messageBytes: 1024,
  attachmentBytes: 1000,
  pendingUploads: 100,
}

const DAY = 24 * 60 * 60 * 1000

export async function setScene(doors: Doors, pool: pg.Pool): Promise<Scene> {
  const [owner, admin, member, stranger, other, disabled, deleted] = (await doors.actors(
    'Owner',
    'Admin',
    'Member',
    'Stranger',
    'Other',
    'Disabled',
    'Deleted',
  )) as [Actor, Actor, Actor, Actor, Actor, Actor, Actor]
  const [blocker, blocked, decliner, former, asker] = (await doors.actors(
    'Blocker',
    'Blocked',
    'Decliner',
    'Former',
    'Asker',
  )) as [Actor, Actor, Actor, Actor, Actor]
  const [group, archived, full, channel, foreign] = Array.from({ length: 5 }, () =>
    newId<ConversationId>(),
  ) as [ConversationId, ConversationId, ConversationId, ConversationId, ConversationId]
  const give = async (actor: Actor, ...payloads: readonly object[]): Promise<EventId[]> => {
    const commands = payloads.map(
      (payload) => ({ id: newId<EventId>(), createdAt: 1, ...payload }) as unknown as Command,
    )
    for (const [i, verdict] of (await viaOutbox(actor, commands)).entries())
      if (!verdict.accepted)
        throw new Error(`the scene was not set: ${JSON.stringify(commands[i])}: ${verdict.code}`)
    return commands.map(({ id }) => id)
  }
  const create = (conversation: ConversationId, kind: 'group' | 'channel', ...members: UserId[]) => [
    { type: 'conversation.create', conversation, kind, title: 'Scene', members },
    ...(members.includes(admin.id)
      ? [{ type: 'member.role', conversation, user: admin.id, role: 'admin' }]
      : []),
  ]
  const say = (conversation: ConversationId, more: object = {}) => ({
    type: 'message.send',
    conversation,
    text: 'something',
    ...more,
  })
  await befriend(pool, owner.id, former.id)
  const direct = directConversationId(owner.id, former.id)
  await give(
    owner,
    ...create(group, 'group', admin.id, member.id),
    ...create(archived, 'group', admin.id, member.id),
    say(archived),
    { type: 'conversation.update', conversation: archived, archived: true },
    ...create(full, 'group', admin.id, member.id, decliner.id),
    ...create(channel, 'channel', admin.id, member.id),
    { type: 'conversation.update', conversation: channel, posting: 'admins' },
    { type: 'conversation.create', conversation: direct, kind: 'direct', members: [former.id] },
    { type: 'friend.remove', user: former.id },
    { type: 'user.block', user: blocked.id },
  )
  const [message] = await give(owner, say(group))
  const [ownRequest, declined] = await give(
    owner,
    { type: 'friend.request', user: other.id },
    { type: 'friend.request', user: decliner.id },
  )
  await give(decliner, { type: 'friend.answer', request: declined, accept: false })
  const [answeredRequest] = await give(asker, { type: 'friend.request', user: owner.id })
  await give(owner, { type: 'friend.answer', request: answeredRequest, accept: false })
  for (const { id } of [owner, admin, member]) await give(blocker, { type: 'user.block', user: id })
  await give(stranger, ...create(foreign, 'group'))
  const [foreignMessage] = await give(stranger, say(foreign))
  const [foreignRequest] = await give(stranger, { type: 'friend.request', user: other.id })
  const { id: foreignFile } = await upload(stranger, foreign, bytes('hers'), { filename: 'hers.txt' })
  await give(stranger, say(foreign, { attachments: [foreignFile] }))
  const foreignUpload = idOf(await begin(stranger, { conversation: foreign }, 100))
  const { rows: tokens } = await pool.query<{ id: string }>(`SELECT id FROM tokens WHERE user_id = $1`, [
    stranger.id,
  ])
  const foreignNotification = newId<string>()
  await pool.query(
    `INSERT INTO notifications (id, user_id, kind, request_id, actor, created_at) VALUES ($1, $2, 'friend_request', $3, $4, 0)`,
    [foreignNotification, stranger.id, foreignRequest, other.id],
  )
  const foreignSession = createHash('sha256').update(randomBytes(20)).digest()
  await pool.query(`INSERT INTO sessions (id_hash, user_id, created_at, expires_at) VALUES ($1, $2, 0, $3)`, [
    foreignSession,
    stranger.id,
    new Date(Date.now() + DAY),
  ])
  await pool.query(`UPDATE users SET disabled_at = 1 WHERE id = $1`, [disabled.id])
  await deleted.ask('DELETE', '/api/users/me')
  return {
    owner,
    admin,
    member,
    stranger,
    other,
    disabled,
    deleted,
    blocker: blocker.id,
    blocked: blocked.id,
    decliner: decliner.id,
    former: former.id,
    group,
    message: message as EventId,
    archived,
    full,
    channel,
    direct,
    foreign,
    foreignMessage: foreignMessage as EventId,
    foreignFile,
    foreignUpload,
    foreignSession: foreignSession.toString('hex'),
    foreignToken: tokens[0]?.id ?? '',
    foreignNotification,
    foreignRequest: foreignRequest as string as FriendRequestId,
    ownRequest: ownRequest as string as FriendRequestId,
    answeredRequest: answeredRequest as string as FriendRequestId,
  }
}
