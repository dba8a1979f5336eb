import {
  type Action,
  type Conversation,
  type ConversationCommand,
  type ConversationCreate,
  type ConversationUpdate,
  derivedEventId,
  directConversationId,
  type Draft,
  type Governed,
  heir,
  type Limits,
  type MemberAdd,
  type MemberRemove,
  type MemberRole,
  type MessageSend,
  type MetaPayload,
  type ReactionSet,
  type Refusal,
  type RefusalCode,
  type Role,
  unreachable,
  type UserId,
  whyNot,
} from '@parley/protocol'
import { type Facts, reactionKey } from './facts.ts'

/** What a command comes to: events to append (none where it is already so), an end of the conversation, or a refusal. */
export type Decision =
  | { readonly drafts: readonly Draft[]; readonly deletes?: true }
  | { readonly refusal: Refusal }

export interface Question {
  readonly author: UserId
  /** Undefined: there is no such conversation (or there was, and it was deleted). */
  readonly conversation: Conversation | undefined
  /** The conversation existed and was deleted: its id is used up. */
  readonly isDeleted: boolean
  readonly facts: Facts
  readonly limits: Limits
}

const MESSAGES: { readonly [C in RefusalCode]: string } = {
  invalid: 'This cannot be understood.',
  // The same words for what is forbidden and for what does not exist (S2).
  forbidden: 'You may not do this here, or it does not exist.',
  not_found: 'It does not exist.',
  archived: 'This conversation is archived: nothing can be sent until it is unarchived.',
  not_friends: 'Direct messages are for friends.',
  too_large: 'This is too large.',
  conflict: 'Something else already has this id.',
}

export const refuse = (code: RefusalCode, message: string = MESSAGES[code]): { refusal: Refusal } => ({
  refusal: { code, message },
})

/** Validates and authorizes one command against the state before it. Pure: every fact is an argument. */
export function decide(command: ConversationCommand, question: Question): Decision {
  if (command.type === 'conversation.create') return decideCreate(command, question)
  const { conversation } = question
  if (conversation === undefined) return refuse('forbidden')
  const known = { ...question, conversation }
  switch (command.type) {
    case 'message.send':
      return decideMessage(command, known)
    case 'reaction.set':
      return decideReaction(command, known)
    case 'conversation.update':
      return decideUpdate(command, known)
    case 'conversation.delete':
      return permitted(known, { do: 'delete' }) ?? { drafts: [], deletes: true }
    case 'member.add':
      return decideAdd(command, known)
    case 'member.remove':
      return decideRemove(command, known)
    case 'member.role':
      return decideRole(command, known)
    default:
      return unreachable(command)
  }
}

type Known = Question & { readonly conversation: Conversation }

/** The refusal, if the author may not; undefined if they may. */
export function permitted(
  { author, conversation, facts }: Pick<Known, 'author' | 'conversation' | 'facts'>,
  action: Action,
): { refusal: Refusal } | undefined {
  const code = whyNot(author, action, conversation.kind === 'direct' ? withFriendship() : conversation)
  return code === undefined ? undefined : refuse(code)

  function withFriendship(): Governed {
    const areFriends = [...conversation.members.keys()].every(
      (user) => user === author || facts.friends.has(user),
    )
    return { ...conversation, areFriends }
  }
}

function decideMessage(command: MessageSend, question: Known): Decision {
  const { author, conversation, facts, limits } = question
  const refused = permitted(question, { do: 'send' })
  if (refused !== undefined) return refused
  const attachmentIds = command.attachments ?? []
  if (command.text.trim() === '' && attachmentIds.length === 0)
    return refuse('invalid', 'A message needs a text or an attachment.')
  if (Buffer.byteLength(command.text) > limits.messageBytes) {
    return refuse(
      'too_large',
      `A message holds at most ${limits.messageBytes} bytes of text (LIMIT_MESSAGE_BYTES).`,
    )
  }
  if (attachmentIds.length > limits.attachmentsPerMessage) {
    return refuse(
      'too_large',
      `A message holds at most ${limits.attachmentsPerMessage} attachments (LIMIT_ATTACHMENTS_PER_MESSAGE).`,
    )
  }
  if (command.replyTo !== undefined && !facts.events.has(command.replyTo)) {
    return refuse('invalid', 'A reply refers to a message of the same conversation.')
  }
  const mentions = command.mentions ?? []
  if (mentions.some((mention) => mention !== 'everyone' && !conversation.members.has(mention))) {
    return refuse('invalid', 'Only members of the conversation can be mentioned.')
  }
  if (mentions.includes('everyone')) {
    const denied = permitted(question, { do: 'mention-everyone' })
    if (denied !== undefined) return denied
  }
  const attachments = attachmentIds
    .map((id) => facts.attachments.get(id))
    .filter((found) => found !== undefined)
  if (attachments.length < attachmentIds.length)
    return refuse('invalid', 'An attachment was not uploaded to this conversation by you.')
  return {
    drafts: [
      {
        id: command.id,
        type: 'message',
        author,
        text: command.text,
        writtenAt: command.createdAt,
        ...(command.replyTo === undefined ? {} : { replyTo: command.replyTo }),
        ...(mentions.length === 0 ? {} : { mentions }),
        ...(attachments.length === 0 ? {} : { attachments }),
      },
    ],
  }
}

function decideReaction(command: ReactionSet, question: Known): Decision {
  const { author, facts } = question
  const refused = permitted(question, { do: 'react' })
  if (refused !== undefined) return refused
  if (!facts.events.has(command.to))
    return refuse('invalid', 'A reaction refers to a message of the same conversation.')
  if (facts.reactions.has(reactionKey(author, command.to, command.emoji)) === command.on)
    return { drafts: [] }
  const { id, to, emoji, on } = command
  return { drafts: [{ id, type: 'reaction', author, to, emoji, on }] }
}

function decideCreate(command: ConversationCreate, question: Question): Decision {
  const { author, conversation, isDeleted, facts, limits } = question
  const others = (command.members ?? []).filter((user) => user !== author)
  const isDirect = command.kind === 'direct'
  if (isDirect) {
    const [peer] = others
    if (
      peer === undefined ||
      others.length !== 1 ||
      directConversationId(author, peer) !== command.conversation
    ) {
      return refuse('invalid', 'A direct conversation has one other member and the id derived from the pair.')
    }
    // Both sides may create it, offline and at once: the second time it is already so.
    if (conversation !== undefined) return { drafts: [] }
    if (!facts.friends.has(peer)) return refuse('not_friends')
  } else if (conversation !== undefined || isDeleted) {
    return refuse('conflict')
  }
  const tooLong = titleFault(command.title, limits)
  if (tooLong !== undefined) return tooLong
  if (command.kind === 'group' && others.length + 1 > limits.groupMembers) return tooManyMembers(limits)
  for (const user of others) {
    if (!facts.users.has(user) || facts.blockedBy.has(user))
      return refuse('forbidden', 'One of these people cannot be added.')
  }
  const meta: MetaPayload = {
    kind: command.kind,
    ...(command.title === undefined || isDirect ? {} : { title: command.title }),
    ...(command.topic === undefined || isDirect ? {} : { topic: command.topic }),
  }
  const member = (user: UserId, n: number, role: Role, cause: 'created' | 'added'): Draft => ({
    id: derivedEventId(command.id, n),
    type: 'member',
    author,
    user,
    role,
    cause,
  })
  return {
    drafts: [
      { id: command.id, type: 'meta', author, ...meta },
      member(author, 1, 'owner', 'created'),
      ...others.map((user, index) => member(user, index + 2, 'member', 'added')),
    ],
  }
}

function decideUpdate(command: ConversationUpdate, question: Known): Decision {
  const { author, conversation, limits } = question
  const refused = permitted(question, { do: 'update' })
  if (refused !== undefined) return refused
  const tooLong = titleFault(command.title, limits)
  if (tooLong !== undefined) return tooLong
  const { id, type: _type, createdAt: _createdAt, conversation: _conversation, ...wanted } = command
  const changed = Object.fromEntries(
    Object.entries(wanted).filter(([key, value]) => conversation[key as keyof typeof wanted] !== value),
  ) as MetaPayload
  if (Object.keys(changed).length === 0) return { drafts: [] }
  return { drafts: [{ id, type: 'meta', author, ...changed }] }
}

function decideAdd(command: MemberAdd, question: Known): Decision {
  const { author, conversation, facts, limits } = question
  const { id, user } = command
  const isJoining = user === author
  if (isJoining && conversation.members.has(author)) return { drafts: [] }
  const role = command.role ?? 'member'
  const refused = permitted(question, isJoining ? { do: 'join' } : { do: 'add-member', user, role })
  if (refused !== undefined) return refused
  if (isJoining && role !== 'member') return refuse('forbidden')
  if (conversation.members.has(user)) return { drafts: [] }
  if (!isJoining && (!facts.users.has(user) || facts.blockedBy.has(user))) {
    return refuse('forbidden', 'This person cannot be added.')
  }
  if (conversation.kind === 'group' && conversation.members.size >= limits.groupMembers)
    return tooManyMembers(limits)
  return { drafts: [{ id, type: 'member', author, user, role, cause: isJoining ? 'joined' : 'added' }] }
}

function decideRemove(command: MemberRemove, question: Known): Decision {
  const { author, conversation } = question
  const { id, user } = command
  const isLeaving = user === author
  const refused = permitted(question, isLeaving ? { do: 'leave' } : { do: 'remove-member', user })
  if (refused !== undefined) return refused
  const target = conversation.members.get(user)
  if (target === undefined) return { drafts: [] }
  const gone: Draft = { id, type: 'member', author, user, role: null, cause: isLeaving ? 'left' : 'removed' }
  const owners = [...conversation.members.values()].filter((member) => member.role === 'owner').length
  if (target.role !== 'owner' || owners > 1) return { drafts: [gone] }
  const next = heir(conversation.members, user)
  if (next === undefined) return { drafts: [], deletes: true }
  return {
    drafts: [
      gone,
      { id: derivedEventId(id, 1), type: 'member', author, user: next, role: 'owner', cause: 'handover' },
    ],
  }
}

function decideRole(command: MemberRole, question: Known): Decision {
  const { author, conversation } = question
  const { id, user, role } = command
  const refused = permitted(question, { do: 'change-role', user, role })
  if (refused !== undefined) return refused
  const target = conversation.members.get(user)
  if (target === undefined) return refuse('forbidden')
  if (target.role === role) return { drafts: [] }
  return { drafts: [{ id, type: 'member', author, user, role, cause: 'role' }] }
}

const tooManyMembers = (limits: Limits): Decision =>
  refuse('too_large', `A group has at most ${limits.groupMembers} members (LIMIT_GROUP_MEMBERS).`)

function titleFault(title: string | undefined, limits: Limits): Decision | undefined {
  if (title === undefined || title.length <= limits.titleCharacters) return undefined
  return refuse(
    'too_large',
    `A title has at most ${limits.titleCharacters} characters (LIMIT_TITLE_CHARACTERS).`,
  )
}
