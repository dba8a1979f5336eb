import {
  type Action,
  type AttachmentId,
  type Command,
  type ConversationId,
  type EventId,
  newId,
  type Role,
  type UserId,
} from '@parley/protocol'
import type { Place } from './places.ts'

/** A row of the permission table, as somebody goes about it. */
export interface Row {
  readonly name: string
  /** What `whyNot` is asked. */
  readonly action: (actor: UserId) => Action
  readonly command: (actor: UserId, place: Place) => Command
  /** What an accepted one adds to the log, at least: each with these fields. */
  readonly effect: (actor: UserId, place: Place) => readonly object[]
  /** What it adds leaves everybody's rights as they were: others can act on the same conversation. */
  readonly isSpeech?: true
  /** Neither archiving nor who posts and invites has any bearing on it. */
  readonly isOfRanks?: true
  /** Refused as forbidden, though the table would let it be done to somebody else. */
  readonly isNeverTaken?: true
}

/** To whom things are done. */
export interface Targets {
  readonly newcomer: UserId
  readonly blocker: UserId | undefined
  readonly others: readonly Target[]
}

export interface Target {
  readonly name: string
  readonly user: UserId
  /** Undefined for somebody who is not in it. */
  readonly role: Role | undefined
  readonly isSelf: boolean
}

const base = () => ({ id: newId<EventId>(), createdAt: 1 })

const speech = (
  name: string,
  does: Action['do'] & ('send' | 'react' | 'attach' | 'mention-everyone'),
  more: (place: Place) => object,
): Row => ({
  name,
  action: () => ({ do: does }),
  command: (_actor, place) => ({
    ...base(),
    type: 'message.send',
    conversation: place.conversation,
    text: name,
    ...more(place),
  }),
  effect: (author, place) => [{ type: 'message', author, text: name, ...more(place) }],
  isSpeech: true,
})

const update = (name: string, change: (place: Place) => object): Row => ({
  name,
  action: () => ({ do: 'update' }),
  command: (_actor, { conversation, ...place }) => ({
    ...base(),
    type: 'conversation.update',
    conversation,
    ...change({ conversation, ...place }),
  }),
  effect: (author, place) => [{ type: 'meta', author, ...change(place) }],
})

const add = (name: string, user: UserId, role: Role, isNeverTaken = false): Row => ({
  name,
  action: () => ({ do: 'add-member', user, role }),
  command: (_actor, { conversation }) => ({ ...base(), type: 'member.add', conversation, user, role }),
  effect: (author) => [{ type: 'member', author, user, role, cause: 'added' }],
  ...(isNeverTaken && { isNeverTaken }),
})

const remove = (name: string, user: UserId, role: Role | undefined): Row => ({
  name: `remove ${name}`,
  isOfRanks: true,
  action: () => ({ do: 'remove-member', user }),
  command: (_actor, { conversation }) => ({ ...base(), type: 'member.remove', conversation, user }),
  effect: (author) =>
    role === undefined ? [] : [{ type: 'member', author, user, role: null, cause: 'removed' }],
})

const changeRole = (name: string, user: UserId, was: Role | undefined, role: Role): Row => ({
  name: `make ${name} ${role}`,
  isOfRanks: true,
  action: () => ({ do: 'change-role', user, role }),
  command: (_actor, { conversation }) => ({ ...base(), type: 'member.role', conversation, user, role }),
  effect: (author) => (was === role ? [] : [{ type: 'member', author, user, role, cause: 'role' }]),
})

const ROLES: readonly Role[] = ['member', 'admin', 'owner']

/** Every row of the table but reading. */
export function rowsOf({ newcomer, blocker, others }: Targets): readonly Row[] {
  return [
    speech('send', 'send', () => ({})),
    speech('reply', 'send', ({ message }) => ({ replyTo: message })),
    speech('mention everyone', 'mention-everyone', () => ({ mentions: ['everyone'] })),
    {
      name: 'react',
      action: () => ({ do: 'react' }),
      command: (_actor, { conversation, message: to }) => {
        // Another each time: a second reaction like the first would say nothing.
        const { id, createdAt } = base()
        return { id, createdAt, type: 'reaction.set', conversation, to, emoji: `:${id}:`, on: true }
      },
      effect: (author, { message: to }) => [{ type: 'reaction', author, to, on: true }],
      isSpeech: true,
    },
    update('rename', () => ({ title: 'Renamed' })),
    update('set the topic', () => ({ topic: 'Topics' })),
    update('archive or unarchive', ({ governed }) => ({ archived: !(governed?.archived ?? false) })),
    update('change who posts', ({ governed }) => ({
      posting: governed?.posting === 'admins' ? 'members' : 'admins',
    })),
    update('change who invites', ({ governed }) => ({
      inviting: governed?.inviting === 'admins' ? 'members' : 'admins',
    })),
    {
      name: 'join',
      action: () => ({ do: 'join' }),
      command: (user, { conversation }) => ({ ...base(), type: 'member.add', conversation, user }),
      effect: (user) => [{ type: 'member', author: user, user, role: 'member', cause: 'joined' }],
    },
    ...ROLES.map((role) => add(`add as ${role}`, newcomer, role)),
    ...(blocker === undefined ? [] : [add('add somebody who blocked them', blocker, 'member', true)]),
    {
      name: 'leave',
      isOfRanks: true,
      action: () => ({ do: 'leave' }),
      command: (user, { conversation }) => ({ ...base(), type: 'member.remove', conversation, user }),
      effect: (user, { governed }) => [
        { type: 'member', author: user, user, role: null, cause: 'left' },
        ...handover(user, governed),
      ],
    },
    // Removing oneself is leaving.
    ...others.filter(({ isSelf }) => !isSelf).map(({ name, user, role }) => remove(name, user, role)),
    ...others.flatMap(({ name, user, role }) => ROLES.map((to) => changeRole(name, user, role, to))),
    {
      name: 'delete for everyone',
      isOfRanks: true,
      action: () => ({ do: 'delete' }),
      command: (_actor, { conversation }) => ({ ...base(), type: 'conversation.delete', conversation }),
      effect: () => [],
    },
  ]
}

/** The owner's leaving makes an owner of the longest-standing admin, if there was no other. */
function handover(user: UserId, governed: Place['governed']): readonly object[] {
  const members = [...(governed?.members ?? [])]
  if (governed?.members.get(user)?.role !== 'owner') return []
  if (members.some(([other, { role }]) => other !== user && role === 'owner')) return []
  const heir = members.find(([, { role }]) => role === 'admin')?.[0]
  return [{ type: 'member', author: user, user: heir, role: 'owner', cause: 'handover' }]
}

/** A file that the actor has uploaded there. */
export const attachRow = (attachmentOf: (actor: UserId, conversation: ConversationId) => AttachmentId): Row =>
  ({
    name: 'attach',
    action: () => ({ do: 'attach' }),
    command: (actor, { conversation }) => ({
      ...base(),
      type: 'message.send',
      conversation,
      text: '',
      attachments: [attachmentOf(actor, conversation)],
    }),
    effect: (author, { conversation }) => [
      {
        type: 'message',
        author,
        attachments: [{ id: attachmentOf(author, conversation), name: 'file.txt' }],
      },
    ],
    isSpeech: true,
  }) satisfies Row
