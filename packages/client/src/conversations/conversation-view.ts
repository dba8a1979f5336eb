import type {
  Command,
  Conversation,
  ConversationCreate,
  ConversationId,
  Event,
  Governed,
  Kind,
  Member,
  Millis,
  Role,
  Seq,
  UserId,
} from '@parley/protocol'
import { type Fate, type FatedCommand, isWaiting } from '../outbox/fate.ts'
import { type Intended, intended } from './intended.ts'
import type { StoredConversation } from '../store/store.ts'
import type { Tally } from '../archive/tally.ts'
import type { LogFault } from '../timeline/timeline-types.ts'

/** The newest thing said, for the second line of a conversation in the list. */
export type LastLine =
  | { readonly state: 'said'; readonly event: Event }
  | { readonly state: 'pending'; readonly text: string; readonly files: number; readonly fate: Fate }

/**
 * A conversation as the list and its header show it. It is also what `can(me, action, view)` decides by.
 */
export interface ConversationView extends Governed {
  readonly id: ConversationId
  readonly kind: Kind
  /** Ready to show: of a direct conversation the other person's name; empty when a group has none. */
  readonly title: string
  readonly topic: string
  readonly avatar: string
  /** Of a direct conversation: the other person. */
  readonly other: UserId | undefined
  /**
   * `member`; `left`: what the device holds stays readable; `creating`: made here, the server has not
   * answered yet (writing into it already works); `refused`: made here, and the server said no. `joining`, `leaving`
   * and `deleting`: done here, and the server has not answered yet.
   */
  readonly standing: 'member' | 'left' | 'creating' | 'refused' | NonNullable<Intended['going']>
  readonly role: Role | undefined
  /** In a channel only those the device knows of, at least oneself. */
  readonly members: Conversation['members']
  readonly memberCount: number
  /** What of it is shown as this person wants it and waits for the server; a refusal puts it back. */
  readonly changing: Intended['changing']
  /** Whose membership is so. */
  readonly changingMembers: Intended['changingMembers']
  /** The newest event that the device knows of. */
  readonly lastSeq: Seq
  /** When something last happened here, own pending commands included; what the list is sorted by. */
  readonly activeAt: Millis
  readonly lastLine: LastLine | undefined
  readonly readSeq: Seq
  /** Messages of others after `readSeq` (R2). */
  readonly unread: number
  /** Those of them that mention the person or everyone. */
  readonly mentions: number
  readonly draft: string
  /** Own commands here that wait for the server. */
  readonly pending: number
  /** Own commands here that were refused and wait for retry or discard. */
  readonly refused: number
  readonly fault: LogFault | undefined
  /** `left` because the server went back to a time before this conversation: nobody left or was removed. */
  readonly isLost: boolean
}

export type ConversationList =
  /** The device holds nothing yet and the server has not answered. */
  | { readonly state: 'loading' }
  /** Newest activity first. `isComplete` once the server has listed them since the app began. */
  | {
      readonly state: 'known'
      readonly conversations: readonly ConversationView[]
      readonly isComplete: boolean
    }

/** All that one conversation's view is made of. */
export interface ConversationFacts {
  readonly id: ConversationId
  readonly me: UserId
  readonly stored: StoredConversation | undefined
  readonly tip: Event | undefined
  /** Counted over the archive; undefined while it lacks a part of what is unread. */
  readonly tally: Tally | undefined
  readonly readSeq: Seq
  readonly draft: string
  /** This person's open commands of this conversation, in their order. */
  readonly commands: readonly FatedCommand[]
  readonly fault: LogFault | undefined
  readonly nameOf: (user: UserId) => string | undefined
  /** Undefined: not known here. Who is blocked, either way, is none. */
  readonly isFriend: (user: UserId) => boolean | undefined
}

/** Undefined for a conversation that neither the server nor this person has made. */
export function viewConversation(facts: ConversationFacts): ConversationView | undefined {
  const { id, stored, tip, readSeq, draft, commands, fault } = facts
  const create = commands.find(({ command }) => command?.type === 'conversation.create')
  const base =
    stored === undefined ? (baseOfCreate(create, facts) ?? baseOfJoin(facts)) : baseOfStored(stored, facts)
  if (base === undefined) return undefined
  const messages = commands.filter(({ command }) => command?.type === 'message.send')
  const pending = commands.filter(({ fate }) => isWaiting(fate))
  const lastMessage = messages.at(-1)
  const lastEvent = tip ?? stored?.summary.lastEvent
  const lastSeq = Math.max(tip?.seq ?? 0, stored?.summary.lastSeq ?? 0)
  return {
    id,
    ...afterOwn(base, facts),
    lastSeq,
    activeAt: Math.max(
      stored?.summary.lastAt ?? 0,
      tip?.at ?? 0,
      ...pending.map(({ command }) => command?.createdAt ?? 0),
      create?.command?.createdAt ?? 0,
    ),
    lastLine:
      lastMessage?.command?.type === 'message.send'
        ? {
            state: 'pending',
            text: lastMessage.command.text,
            files: lastMessage.command.attachments?.length ?? 0,
            fate: lastMessage.fate,
          }
        : lastEvent && { state: 'said', event: lastEvent },
    readSeq,
    ...countsOf(facts, lastSeq),
    draft,
    pending: pending.length,
    refused: commands.filter(({ fate }) => fate.state === 'refused').length,
    fault,
    isLost: stored?.isLost === true,
  }
}

type Base = Pick<
  ConversationView,
  | 'kind'
  | 'title'
  | 'topic'
  | 'avatar'
  | 'other'
  | 'standing'
  | 'role'
  | 'members'
  | 'memberCount'
  | 'archived'
  | 'posting'
  | 'inviting'
>

/** What this person has done with it since the server was last heard, as if it had been taken. */
function afterOwn(
  base: Base,
  { me, commands, isFriend }: ConversationFacts,
): Base & Pick<ConversationView, 'changing' | 'changingMembers' | 'areFriends'> {
  if (base.other !== undefined) {
    const areFriends = isFriend(base.other)
    return { ...base, ...UNCHANGED, ...(areFriends !== undefined && { areFriends }) }
  }
  const { going, ...changed } = intended(base, commands, me)
  return {
    ...base,
    ...changed,
    standing: standingOf(base.standing, going),
    role: changed.members.get(me)?.role,
  }
}

function standingOf(
  before: ConversationView['standing'],
  going: Intended['going'],
): ConversationView['standing'] {
  if (going === undefined || before === 'refused') return before
  // Gone already, as was wanted.
  return before === 'left' && going !== 'joining' ? before : going
}

const UNCHANGED: Pick<ConversationView, 'changing' | 'changingMembers'> = {
  changing: new Set(),
  changingMembers: new Map(),
}

function baseOfStored(
  { summary, shape, members: stored, left }: StoredConversation,
  { me, nameOf }: ConversationFacts,
): Base {
  const isShapeNewer = shape !== undefined && shape.seq >= summary.lastSeq
  const {
    title,
    topic = '',
    avatar = '',
    archived,
    posting = 'members',
    inviting = 'admins',
  } = isShapeNewer ? shape : summary
  const members = new Map(Object.entries(stored) as [UserId, Member][])
  if (members.size === 0) for (const { id } of summary.members) members.set(id, { role: 'member', since: 0 })
  if (!left && (!isShapeNewer || summary.kind === 'channel' || !members.has(me))) {
    members.set(me, { role: summary.role, since: members.get(me)?.since ?? 0 })
  }
  if (left) members.delete(me)
  const other =
    summary.kind === 'direct'
      ? otherOf([...members.keys(), ...summary.members.map(({ id }) => id)], me)
      : undefined
  return {
    kind: summary.kind,
    title:
      other === undefined
        ? title
        : (nameOf(other) ?? summary.members.find((user) => user.id === other)?.name ?? ''),
    topic,
    avatar,
    other,
    standing: left ? 'left' : 'member',
    role: members.get(me)?.role,
    members,
    memberCount:
      summary.kind === 'channel'
        ? ((isShapeNewer ? shape.memberCount : undefined) ?? summary.memberCount)
        : Math.max(members.size, isShapeNewer ? 0 : summary.memberCount),
    archived,
    posting,
    inviting,
  }
}

/** A conversation that so far exists only in this person's outbox: it can already be written into. */
function baseOfCreate(create: FatedCommand | undefined, { me, nameOf }: ConversationFacts): Base | undefined {
  if (create === undefined || !isCreate(create.command)) return undefined
  const { kind, title = '', topic = '', members: others = [] } = create.command
  const members = new Map<UserId, Member>([[me, { role: 'owner', since: 0 }]])
  for (const user of others)
    if (user !== me) members.set(user, { role: kind === 'direct' ? 'owner' : 'member', since: 0 })
  const other = kind === 'direct' ? otherOf([...members.keys()], me) : undefined
  return {
    kind,
    title: other === undefined ? title : (nameOf(other) ?? ''),
    topic,
    avatar: '',
    other,
    standing: create.fate.state === 'refused' ? 'refused' : 'creating',
    role: 'owner',
    members,
    memberCount: members.size,
    archived: false,
    posting: 'members',
    inviting: 'admins',
  }
}

/** A channel that this person is about to join, and of which the device knows nothing yet. */
function baseOfJoin({ me, commands }: ConversationFacts): Base | undefined {
  const isJoining = commands.some(
    ({ command, fate }) => command?.type === 'member.add' && command.user === me && fate.state !== 'refused',
  )
  if (!isJoining) return undefined
  return {
    kind: 'channel',
    title: '',
    topic: '',
    avatar: '',
    other: undefined,
    standing: 'joining',
    role: undefined,
    members: new Map(),
    memberCount: 0,
    archived: false,
    posting: 'members',
    inviting: 'admins',
  }
}

const isCreate = (command: Command | undefined): command is ConversationCreate =>
  command?.type === 'conversation.create'

const otherOf = (members: readonly UserId[], me: UserId): UserId | undefined =>
  members.find((user) => user !== me)

/**
 * Counted over the archive where it reaches. Where it does not yet, the server's counts stand in,
 * as far as they are of a position that was not read past since (R2).
 */
function countsOf(
  { stored, tally, readSeq }: ConversationFacts,
  lastSeq: Seq,
): { unread: number; mentions: number } {
  if (readSeq >= lastSeq) return { unread: 0, mentions: 0 }
  // A device that has nothing of a log yet, or not its newest events, counts nothing where there is something.
  const isCounted = tally !== undefined && tally.upTo >= (stored?.summary.lastSeq ?? 0)
  const counted = isCounted ? tally : stored && readSeq < stored.summary.lastSeq ? stored.summary : undefined
  // While a count from a position that was just reached is under way there is only the one from before: it may
  // count what is read by now, and no more than lies behind the position can be unread.
  const unread = Math.min(counted?.unread ?? 0, lastSeq - readSeq)
  return { unread, mentions: Math.min(counted?.mentions ?? 0, unread) }
}
