import {
  type Attachment,
  type ConversationCommand,
  type ConversationId,
  directConversationId,
  type Event,
  type EventId,
  type UserId,
} from '@parley/protocol'
import type pg from 'pg'

/** What a decision needs to know beyond the folded conversation; read just before it. */
export interface Facts {
  /** Which of the people a command names exist (not deleted). */
  readonly users: ReadonlySet<UserId>
  /** Which of them have blocked the author. */
  readonly blockedBy: ReadonlySet<UserId>
  /** Who is the author's friend, with no block in either direction. */
  readonly friends: ReadonlySet<UserId>
  /** The messages of this conversation that a reply or a reaction refers to, and who wrote them. */
  readonly events: ReadonlyMap<EventId, UserId>
  /** The author's reactions that stand now, by {@link reactionKey}. */
  readonly reactions: ReadonlySet<string>
  readonly attachments: ReadonlyMap<string, Attachment>
}

export const NO_FACTS: Facts = {
  users: new Set(),
  blockedBy: new Set(),
  friends: new Set(),
  events: new Map(),
  reactions: new Set(),
  attachments: new Map(),
}

export const reactionKey = (author: UserId, to: EventId, emoji: string): string => `${author} ${to} ${emoji}`

/** The facts once these events stand too: a later command of the same run may refer to them. */
export function withLearned(facts: Facts, events: readonly Event[]): Facts {
  let { events: known, reactions } = facts
  for (const event of events) {
    if (event.type === 'message') known = new Map(known).set(event.id, event.author)
    else if (event.type === 'reaction') {
      const key = reactionKey(event.author, event.to, event.emoji)
      const standing = new Set(reactions)
      if (event.on) standing.add(key)
      else standing.delete(key)
      reactions = standing
    }
  }
  return { ...facts, events: known, reactions }
}

interface Question {
  readonly users: Set<UserId>
  readonly events: Set<EventId>
  readonly reactedTo: Set<EventId>
  readonly attachments: Set<string>
}

function questionOf(
  author: UserId,
  commands: readonly ConversationCommand[],
  peer: UserId | undefined,
): Question {
  const question: Question = {
    users: new Set(),
    events: new Set(),
    reactedTo: new Set(),
    attachments: new Set(),
  }
  if (peer !== undefined) question.users.add(peer)
  for (const command of commands) {
    switch (command.type) {
      case 'message.send':
        if (command.replyTo !== undefined) question.events.add(command.replyTo)
        for (const id of command.attachments ?? []) question.attachments.add(id)
        break
      case 'reaction.set':
        question.events.add(command.to)
        question.reactedTo.add(command.to)
        break
      case 'conversation.create':
        for (const user of command.members ?? []) if (user !== author) question.users.add(user)
        break
      case 'member.add':
        if (command.user !== author) question.users.add(command.user)
        break
      case 'conversation.update':
      case 'conversation.delete':
      case 'member.remove':
      case 'member.role':
        break
    }
  }
  return question
}

/** Whether deciding these commands needs more than the folded conversation: most messages do not. */
export function needFacts(
  author: UserId,
  commands: readonly ConversationCommand[],
  peer: UserId | undefined,
): boolean {
  const { users, events, attachments } = questionOf(author, commands, peer)
  return users.size + events.size + attachments.size > 0
}

/** Reads the facts for a run of commands of one author in one conversation; `peer` is the other side of a direct one. */
export async function readFacts(
  db: pg.Pool | pg.PoolClient,
  author: UserId,
  conversation: ConversationId,
  commands: readonly ConversationCommand[],
  peer: UserId | undefined,
): Promise<Facts> {
  const question = questionOf(author, commands, peer)
  const { users, events: referred, reactedTo, attachments: attached } = question
  const people = users.size === 0 ? [] : await readPeople(db, author, [...users])
  const events = referred.size === 0 ? [] : await readEvents(db, conversation, [...referred])
  const reactions = reactedTo.size === 0 ? [] : await readReactions(db, author, conversation, [...reactedTo])
  const attachments =
    attached.size === 0 ? [] : await readAttachments(db, author, conversation, [...attached])
  return {
    users: new Set(people.map((row) => row.id)),
    blockedBy: new Set(people.filter((row) => row.blocks_author).map((row) => row.id)),
    friends: new Set(
      people.filter((row) => row.is_friend && !row.blocks_author && !row.is_blocked).map((row) => row.id),
    ),
    events: new Map(events.map((row) => [row.id, row.author])),
    reactions: new Set(
      reactions.filter((row) => row.on).map((row) => reactionKey(author, row.to, row.emoji)),
    ),
    attachments: new Map(attachments.map((attachment) => [attachment.id, attachment])),
  }
}

interface PersonRow {
  id: UserId
  blocks_author: boolean
  is_blocked: boolean
  is_friend: boolean
}

async function readPeople(
  db: pg.Pool | pg.PoolClient,
  author: UserId,
  users: UserId[],
): Promise<PersonRow[]> {
  const { rows } = await db.query<PersonRow>(
    `SELECT u.id,
            EXISTS (SELECT FROM blocks b WHERE b.blocker = u.id AND b.blocked = $1) AS blocks_author,
            EXISTS (SELECT FROM blocks b WHERE b.blocker = $1 AND b.blocked = u.id) AS is_blocked,
            EXISTS (SELECT FROM friendships f
                    WHERE f.user_a = LEAST(u.id, $1) AND f.user_b = GREATEST(u.id, $1)) AS is_friend
     FROM users u
     WHERE u.id = ANY ($2::uuid[]) AND u.deleted_at IS NULL`,
    [author, users],
  )
  return rows
}

async function readEvents(
  db: pg.Pool | pg.PoolClient,
  conversation: ConversationId,
  ids: EventId[],
): Promise<{ id: EventId; author: UserId }[]> {
  const { rows } = await db.query<{ id: EventId; author: UserId }>(
    `SELECT id, author FROM events WHERE id = ANY ($2::uuid[]) AND conversation = $1 AND type = 'message'`,
    [conversation, ids],
  )
  return rows
}

interface ReactionRow {
  to: EventId
  emoji: string
  on: boolean
}

async function readReactions(
  db: pg.Pool | pg.PoolClient,
  author: UserId,
  conversation: ConversationId,
  to: EventId[],
): Promise<ReactionRow[]> {
  const { rows } = await db.query<ReactionRow>(
    `SELECT DISTINCT ON (payload ->> 'to', payload ->> 'emoji')
            payload ->> 'to' AS "to", payload ->> 'emoji' AS emoji, (payload ->> 'on')::boolean AS "on"
     FROM events
     WHERE conversation = $1 AND type = 'reaction' AND payload ->> 'to' = ANY ($3::text[]) AND author = $2
     ORDER BY payload ->> 'to', payload ->> 'emoji', seq DESC`,
    [conversation, author, to],
  )
  return rows
}

async function readAttachments(
  db: pg.Pool | pg.PoolClient,
  author: UserId,
  conversation: ConversationId,
  ids: string[],
): Promise<Attachment[]> {
  const { rows } = await db.query<{ attachment: Attachment }>(
    `SELECT jsonb_strip_nulls(jsonb_build_object('id', id, 'name', name, 'mediaType', media_type, 'bytes', bytes,
                                                 'width', width, 'height', height)) AS attachment
     FROM attachments WHERE conversation = $1 AND uploader = $2 AND id = ANY ($3::uuid[])`,
    [conversation, author, ids],
  )
  return rows.map((row) => row.attachment)
}

/** The other side of a direct conversation, or of the one a command is about to create. */
export function peerOf(
  author: UserId,
  conversation: ConversationId,
  members: Iterable<UserId>,
): UserId | undefined {
  for (const user of members) {
    if (user !== author && directConversationId(author, user) === conversation) return user
  }
  return undefined
}
