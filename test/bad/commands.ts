import { type Command, type CommandType, newId, type RefusalCode } from '@parley/protocol'
import { SCENE_LIMITS, type Scene } from './scene.ts'

type Who = 'owner' | 'admin' | 'member' | 'stranger'
type Payload = Readonly<Record<string, unknown>>

/** A command that must not be, and why not. */
export interface CommandTry {
  readonly what: string
  readonly as: Who
  readonly code: RefusalCode
  readonly payload: (scene: Scene) => Payload
  /** The same about what is not there at all: it must be refused in the same words. */
  readonly alike?: (scene: Scene) => Payload
}

/** What is wrong in its own way with each command; forms that are wrong are tried at all of them alike. */
interface CommandTries {
  /** One that is taken by whoever reads it, to be spoilt. */
  readonly good: (scene: Scene) => Payload
  /** Fields that may be left out. */
  readonly optional: readonly string[]
  readonly tries: readonly CommandTry[]
}

const bad = (
  what: string,
  code: RefusalCode,
  payload: CommandTry['payload'],
  as: Who = 'owner',
): CommandTry => ({
  what,
  code,
  as,
  payload,
})
const foreign = (
  what: string,
  code: RefusalCode,
  pick: (scene: Scene) => string,
  payload: (id: string, scene: Scene) => Payload,
  as: Who = 'owner',
): CommandTry => ({
  ...bad(`${what}, as of nothing`, code, (scene) => payload(pick(scene), scene), as),
  alike: (scene) => payload(newId(), scene),
})
const elsewhere = (payload: (conversation: string, scene: Scene) => Payload): CommandTry =>
  foreign('in a foreign conversation', 'forbidden', ({ foreign: id }) => id, payload)

export const COMMAND_TRIES = {
  'message.send': {
    good: ({ group }) => ({
      conversation: group,
      text: 'hello',
      replyTo: newId(),
      mentions: ['everyone'],
      attachments: [newId()],
    }),
    optional: ['replyTo', 'mentions', 'attachments'],
    tries: [
      elsewhere((conversation) => ({ conversation, text: 'hello' })),
      bad('in an archived one', 'archived', ({ archived }) => ({ conversation: archived, text: 'hello' })),
      bad('to a friend no more', 'not_friends', ({ direct }) => ({ conversation: direct, text: 'hello' })),
      bad(
        'where admins post',
        'forbidden',
        ({ channel }) => ({ conversation: channel, text: 'hello' }),
        'member',
      ),
      bad('nothing', 'invalid', ({ group }) => ({ conversation: group, text: '' })),
      bad('too much', 'too_large', ({ group }) => ({
        conversation: group,
        text: 'x'.repeat(SCENE_LIMITS.messageBytes + 1),
      })),
      foreign(
        'a reply to elsewhere',
        'invalid',
        ({ foreignMessage }) => foreignMessage,
        (replyTo, { group }) => ({
          conversation: group,
          text: 'hello',
          replyTo,
        }),
      ),
      foreign(
        'a mention of somebody outside',
        'invalid',
        ({ other }) => other.id,
        (user, { group }) => ({
          conversation: group,
          text: 'hello',
          mentions: [user],
        }),
      ),
      foreign(
        'somebody else’s file',
        'invalid',
        ({ foreignFile }) => foreignFile,
        (id, { group }) => ({
          conversation: group,
          text: 'hello',
          attachments: [id],
        }),
      ),
    ],
  },
  'reaction.set': {
    good: ({ group, message }) => ({ conversation: group, to: message, emoji: '👍', on: true }),
    optional: [],
    tries: [
      elsewhere((conversation, { foreignMessage: to }) => ({ conversation, to, emoji: '👍', on: true })),
      bad('in an archived one', 'archived', ({ archived, message: to }) => ({
        conversation: archived,
        to,
        emoji: '👍',
        on: true,
      })),
      bad(
        'where admins post',
        'forbidden',
        ({ channel, message: to }) => ({ conversation: channel, to, emoji: '👍', on: true }),
        'member',
      ),
      foreign(
        'to elsewhere',
        'invalid',
        ({ foreignMessage }) => foreignMessage,
        (to, { group }) => ({
          conversation: group,
          to,
          emoji: '👍',
          on: true,
        }),
      ),
    ],
  },
  'conversation.create': {
    good: () => ({ conversation: newId(), kind: 'group', title: 'T', topic: 't', members: [] }),
    optional: ['title', 'topic', 'members'],
    tries: [
      bad('under a taken id', 'conflict', ({ group }) => ({ conversation: group, kind: 'group' })),
      bad('under the id of a pair', 'invalid', ({ direct }) => ({ conversation: direct, kind: 'group' })),
      bad('of two, under any id', 'invalid', ({ former }) => ({
        conversation: newId(),
        kind: 'direct',
        members: [former],
      })),
      foreign(
        'with somebody who blocked one',
        'forbidden',
        ({ blocker }) => blocker,
        (user) => ({
          conversation: newId(),
          kind: 'group',
          members: [user],
        }),
      ),
      foreign(
        'with somebody deleted',
        'forbidden',
        ({ deleted }) => deleted.id,
        (user) => ({
          conversation: newId(),
          kind: 'channel',
          members: [user],
        }),
      ),
      bad('too large', 'too_large', ({ admin, member, other, stranger }) => ({
        conversation: newId(),
        kind: 'group',
        members: [admin, member, other, stranger].map(({ id }) => id),
      })),
      bad('with a title that is too long', 'too_large', () => ({
        conversation: newId(),
        kind: 'group',
        title: 'x'.repeat(121),
      })),
    ],
  },
  'conversation.update': {
    good: ({ group }) => ({
      conversation: group,
      title: 'T',
      topic: 't',
      avatar: 'a',
      archived: true,
      posting: 'admins',
      inviting: 'members',
    }),
    optional: ['title', 'topic', 'avatar', 'archived', 'posting', 'inviting'],
    tries: [
      elsewhere((conversation) => ({ conversation, title: 'T' })),
      bad('who is no admin', 'forbidden', ({ group }) => ({ conversation: group, title: 'T' }), 'member'),
      bad('one of two', 'forbidden', ({ direct }) => ({ conversation: direct, archived: true })),
      bad('with a title that is too long', 'too_large', ({ group }) => ({
        conversation: group,
        title: 'x'.repeat(121),
      })),
    ],
  },
  'conversation.delete': {
    good: ({ group }) => ({ conversation: group }),
    optional: [],
    tries: [
      elsewhere((conversation) => ({ conversation })),
      bad('who is no owner', 'forbidden', ({ group }) => ({ conversation: group }), 'admin'),
      bad('one of two', 'forbidden', ({ direct }) => ({ conversation: direct })),
    ],
  },
  'member.add': {
    good: ({ group, other }) => ({ conversation: group, user: other.id, role: 'member' }),
    optional: ['role'],
    tries: [
      elsewhere((conversation, { other }) => ({ conversation, user: other.id })),
      elsewhere((conversation, { owner }) => ({ conversation, user: owner.id })),
      bad(
        'who is no admin',
        'forbidden',
        ({ group, other }) => ({ conversation: group, user: other.id }),
        'member',
      ),
      bad('to a full one', 'too_large', ({ full, other }) => ({ conversation: full, user: other.id })),
      foreign(
        'who blocked one',
        'forbidden',
        ({ blocker }) => blocker,
        (user, { group }) => ({ conversation: group, user }),
      ),
      foreign(
        'who is deleted',
        'forbidden',
        ({ deleted }) => deleted.id,
        (user, { group }) => ({ conversation: group, user }),
      ),
    ],
  },
  'member.remove': {
    good: ({ group, other }) => ({ conversation: group, user: other.id }),
    optional: [],
    tries: [
      elsewhere((conversation, { stranger }) => ({ conversation, user: stranger.id })),
      elsewhere((conversation, { owner }) => ({ conversation, user: owner.id })),
      bad(
        'an admin the owner',
        'forbidden',
        ({ group, owner }) => ({ conversation: group, user: owner.id }),
        'admin',
      ),
      bad('oneself, of two', 'forbidden', ({ direct, owner }) => ({ conversation: direct, user: owner.id })),
    ],
  },
  'member.role': {
    good: ({ group, member }) => ({ conversation: group, user: member.id, role: 'admin' }),
    optional: [],
    tries: [
      elsewhere((conversation, { stranger }) => ({ conversation, user: stranger.id, role: 'member' })),
      foreign(
        'who is not in it',
        'forbidden',
        ({ other }) => other.id,
        (user, { group }) => ({
          conversation: group,
          user,
          role: 'admin',
        }),
      ),
      bad('the last owner', 'forbidden', ({ group, owner }) => ({
        conversation: group,
        user: owner.id,
        role: 'admin',
      })),
      bad(
        'an admin takes over',
        'forbidden',
        ({ group, admin }) => ({ conversation: group, user: admin.id, role: 'owner' }),
        'admin',
      ),
    ],
  },
  'friend.request': {
    good: ({ stranger }) => ({ user: stranger.id }),
    optional: [],
    tries: [
      foreign(
        'somebody deleted',
        'not_found',
        ({ deleted }) => deleted.id,
        (user) => ({ user }),
      ),
      bad('oneself', 'invalid', ({ owner }) => ({ user: owner.id })),
      bad('whom one has blocked', 'forbidden', ({ blocked }) => ({ user: blocked })),
      bad('who declined a moment ago', 'conflict', ({ decliner }) => ({ user: decliner })),
    ],
  },
  'friend.answer': {
    good: ({ ownRequest }) => ({ request: ownRequest, accept: true }),
    optional: [],
    tries: [
      foreign(
        'somebody else’s',
        'forbidden',
        ({ foreignRequest }) => foreignRequest,
        (request) => ({ request, accept: true }),
      ),
      foreign(
        'one’s own',
        'forbidden',
        ({ ownRequest }) => ownRequest,
        (request) => ({ request, accept: true }),
      ),
      bad('an answered one', 'conflict', ({ answeredRequest }) => ({
        request: answeredRequest,
        accept: true,
      })),
    ],
  },
  'friend.remove': {
    good: ({ stranger }) => ({ user: stranger.id }),
    optional: [],
    tries: [bad('oneself', 'invalid', ({ owner }) => ({ user: owner.id }))],
  },
  'user.block': {
    good: ({ stranger }) => ({ user: stranger.id }),
    optional: [],
    tries: [
      foreign(
        'somebody deleted',
        'not_found',
        ({ deleted }) => deleted.id,
        (user) => ({ user }),
      ),
      bad('oneself', 'invalid', ({ owner }) => ({ user: owner.id })),
    ],
  },
  'user.unblock': {
    good: ({ stranger }) => ({ user: stranger.id }),
    optional: [],
    tries: [bad('oneself', 'invalid', ({ owner }) => ({ user: owner.id }))],
  },
} satisfies Record<CommandType, CommandTries> as Readonly<Record<CommandType, CommandTries>>

export const commandOf = (type: CommandType, payload: Payload): Command =>
  ({ id: newId(), createdAt: 1, type, ...payload }) as unknown as Command
