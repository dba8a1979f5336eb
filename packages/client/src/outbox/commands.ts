import {
  type Command,
  command as commandSchema,
  type CommandId,
  type ConversationId,
  directConversationId,
  type EventId,
  type Millis,
  newId,
  type UserId,
} from '@parley/protocol'
import type { Account, Given } from '../account.ts'
import type { Saved } from './outbox.ts'
import { whyTooMany } from '../uploads/file-limits.ts'
import { named, type NamedFile, type Sending } from '../uploads/sending.ts'

type CommandMethods = Pick<
  Account,
  | 'send'
  | 'react'
  | 'createConversation'
  | 'openDirect'
  | 'updateConversation'
  | 'deleteConversation'
  | 'addMember'
  | 'removeMember'
  | 'changeRole'
  | 'join'
  | 'leave'
  | 'requestFriend'
  | 'answerFriendRequest'
  | 'removeFriend'
  | 'block'
  | 'unblock'
>

/** A command without what every command has. */
type Intention = Command extends infer C ? (C extends Command ? Omit<C, 'id' | 'createdAt'> : never) : never

export interface CommandOptions {
  readonly me: UserId
  readonly outbox: Pick<Sending, 'give'>
  readonly now: () => Millis
  /** Whether the conversation is there already, or about to be. */
  readonly exists: (id: ConversationId) => boolean
  /** Called while a message is put into the outbox: what it changes in the document goes to the disk with it. */
  readonly sending: (id: ConversationId, text: string, replyTo: EventId | undefined) => void
  readonly sent: (id: ConversationId, saved: Promise<Saved>) => void
  /** What the server allows, as far as it has said so. */
  readonly limits: () => Readonly<Record<string, number>> | undefined
}

/** Thrown at the caller for what no server would take: a form that was not checked, not bad luck. */
export class InvalidCommand extends Error {
  override name = 'InvalidCommand'
}

/** One method for everything a person can intend. Each is in the outbox and on the screen when it returns. */
export function commandMethods({
  me,
  outbox,
  now,
  exists,
  sending,
  sent,
  limits,
}: CommandOptions): CommandMethods {
  const give = (intention: Intention, beside?: () => void, files?: readonly NamedFile[]): Given => {
    const parsed = commandSchema.safeParse({
      ...defined(intention),
      id: newId<CommandId>(),
      createdAt: now(),
    })
    if (!parsed.success) throw new InvalidCommand(`no valid ${intention.type}`, { cause: parsed.error })
    return { id: parsed.data.id, saved: outbox.give(parsed.data, beside, files) }
  }
  return {
    send: (conversation, { text, replyTo, mentions, attachments }) => {
      // A lone surrogate from a cut-off emoji would be refused; nobody can see or mend it in the composer.
      const clean = text.toWellFormed()
      const tooMany = whyTooMany(attachments ?? [], limits())
      if (tooMany !== undefined) throw tooMany
      const files = (attachments ?? []).map(named)
      const message = {
        type: 'message.send',
        conversation,
        text: clean.replaceAll('\0', ''),
        replyTo,
        mentions: mentions?.length ? [...mentions] : undefined,
        attachments: files.length > 0 ? files.map(({ file }) => file.id) : undefined,
      } as const
      const given = give(message, () => sending(conversation, clean, replyTo), files)
      sent(conversation, given.saved)
      return given
    },
    react: (conversation, to, emoji, on) => give({ type: 'reaction.set', conversation, to, emoji, on }),
    createConversation: ({ kind, title, topic, members }) => {
      const conversation = newId<ConversationId>()
      const others = members?.filter((user) => user !== me)
      return {
        conversation,
        ...give({ type: 'conversation.create', conversation, kind, title, topic, members: others }),
      }
    },
    openDirect: (user) => {
      const conversation = directConversationId(me, user)
      if (exists(conversation)) return { conversation, given: undefined }
      return {
        conversation,
        given: give({ type: 'conversation.create', conversation, kind: 'direct', members: [user] }),
      }
    },
    updateConversation: (conversation, changes) =>
      give({ type: 'conversation.update', conversation, ...changes }),
    deleteConversation: (conversation) => give({ type: 'conversation.delete', conversation }),
    addMember: (conversation, user, role) => give({ type: 'member.add', conversation, user, role }),
    removeMember: (conversation, user) => give({ type: 'member.remove', conversation, user }),
    changeRole: (conversation, user, role) => give({ type: 'member.role', conversation, user, role }),
    join: (conversation) => give({ type: 'member.add', conversation, user: me }),
    leave: (conversation) => give({ type: 'member.remove', conversation, user: me }),
    requestFriend: (user) => give({ type: 'friend.request', user }),
    answerFriendRequest: (request, accept) => give({ type: 'friend.answer', request, accept }),
    removeFriend: (user) => give({ type: 'friend.remove', user }),
    block: (user) => give({ type: 'user.block', user }),
    unblock: (user) => give({ type: 'user.unblock', user }),
  }
}

/** Without the fields that were not given: Yjs would keep an `undefined` as a value of its own. */
const defined = <T extends object>(value: T): Partial<T> =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Partial<T>
