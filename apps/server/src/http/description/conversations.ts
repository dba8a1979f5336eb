import { inviting, kind, posting, rest, role } from '@parley/protocol'
import { type Chapter, NEXT, shape, value } from './chapter.ts'
import { ANA, AT, BEN, GROUP, HASH } from './examples.ts'

/** One answer for what is not there and what is not for this person [S2]. */
export const NOT_YOURS = 'You are not in it, or there is no such conversation: the answer does not say which.'

const MAY_NOT = `${NOT_YOURS} Or your role does not allow it.`
const CANNOT_BE_ADDED = 'Somebody cannot be added: they do not exist, or have blocked you.'

export const CONVERSATIONS: Chapter = {
  name: 'Conversations',
  about:
    'Where things are said: between two friends, in groups by invitation, in channels that anybody may join.',
  shapes: [
    value(
      kind,
      'ConversationKind',
      '`direct`: two friends. `group`: by invitation. `channel`: anybody on this server may find and join it.',
    ),
    value(
      role,
      'Role',
      'An `owner` may do everything, an `admin` what keeps a conversation in order, a `member` takes part.',
    ),
    value(posting, 'Posting', 'Who may send in a channel.'),
    value(inviting, 'Inviting', 'Who may add people to a group.'),
    shape(
      rest.conversationSummary,
      'Conversation',
      'A conversation of yours, and how far you have read it.',
      {
        title: 'Empty in a direct conversation: the other person is its title.',
        archived: 'Everything can be read and nothing sent.',
        lastSeq: 'Where its log ends.',
        lastHash: "The last event's hash.",
        lastAt: 'When something was last said: the order of the list.',
        lastEvent: 'The last event itself.',
        readSeq: 'How far you have read, on whatever device. It only rises.',
        unread: `Messages by others beyond \`readSeq\`. ${rest.COUNT_LIMIT} means that many or more.`,
        mentions: 'Those of them that mention you or everyone, with the same limit.',
        role: 'Your own.',
        members:
          'Of direct and group conversations: a few, both of two, for faces and for a title where there is none.',
      },
      {
        id: GROUP,
        kind: 'group',
        title: 'Weekend',
        archived: false,
        lastSeq: 4,
        lastHash: HASH,
        lastAt: AT,
        readSeq: 3,
        unread: 1,
        mentions: 0,
        role: 'owner',
        memberCount: 2,
        members: [
          { id: ANA, username: 'ana', name: 'Ana' },
          { id: BEN, username: 'ben', name: 'Ben' },
        ],
      },
    ),
    shape(rest.conversationSummary.shape.members.element, 'Face', 'As much of somebody as a list shows.'),
    shape(rest.conversationList, 'ConversationList', 'A page of your conversations.', { next: NEXT }),
    shape(
      rest.createConversation,
      'CreateConversation',
      'A conversation to be made.',
      {
        id: 'Your own choice, to know it before the answer comes. That of a direct conversation is derived from the pair: leave it out.',
        title: 'At most 120 characters, unless this server says otherwise. A direct conversation has none.',
        topic: 'What it is about. A direct conversation has none.',
        members: 'Who else takes part. In a direct conversation: exactly one friend.',
      },
      { kind: 'group', title: 'Weekend', members: [BEN] },
    ),
    shape(
      rest.updateConversation,
      'UpdateConversation',
      'What shall change; what is left out stays.',
      { archived: '`false` brings it back.' },
      { title: 'Weekend in June' },
    ),
    shape(rest.channel, 'Channel', 'What everybody on this server may know of a channel.', {
      isMember: 'Whether you have joined it.',
    }),
    shape(rest.channelList, 'ChannelList', 'A page of channels.', { next: NEXT }),
  ],
  operations: {
    'GET /api/conversations': { id: 'conversations', about: 'Newest activity first.' },
    'POST /api/conversations': {
      id: 'createConversation',
      about:
        'You become its owner. A direct conversation belongs to both, and there is one for each two people: if it is ' +
        'there already, whoever began it, the answer is 200 with it, and nothing happens. Its id is ' +
        '`uuidv5(6f0c1c0e-9d5b-4c0f-8a53-3f6a0d6b7e21, "<smaller user id> <larger user id>")`, so that both sides ' +
        'can know it without asking.\n\nWithout `id` a group or channel takes its id from the `Idempotency-Key`: the same ' +
        'request, sent again under the same key, means the same conversation.',
      answers: { 201: 'The new conversation.', 200: 'It was there already.' },
      refusals: {
        forbidden: CANNOT_BE_ADDED,
        not_friends: 'A direct conversation is for friends.',
        conflict: 'The id is in use, or the `Idempotency-Key` was used for something else.',
        too_large:
          'The title is too long, or a group would have too many members; the message names the limit.',
      },
      takesKey: true,
    },
    'GET /api/conversations/{id}': { id: 'conversation', refusals: { forbidden: NOT_YOURS } },
    'PATCH /api/conversations/{id}': {
      id: 'updateConversation',
      about:
        'For admins and the owner. A value that is so already changes nothing; what does change becomes one `meta` ' +
        'event. A direct conversation cannot be changed.',
      answers: { 200: 'The conversation as it is now.' },
      refusals: { forbidden: MAY_NOT, too_large: 'The title is too long; the message names the limit.' },
    },
    'DELETE /api/conversations/{id}': {
      id: 'deleteConversation',
      about:
        'For the owner. It is gone for everyone, at once and for good; only devices that have it keep their copy. ' +
        'A direct conversation cannot be deleted.',
      refusals: { forbidden: MAY_NOT },
    },
    'GET /api/channels': {
      id: 'channels',
      about: 'Those that are archived are not found.',
      parameters: { q: 'How the title begins, in any case. Left out: all channels.' },
    },
  },
}

export const MEMBERS: Chapter = {
  name: 'Members',
  about:
    'Who is in a conversation, and as what. Each change is an event of its log, so that all members see the same.',
  shapes: [
    shape(rest.member, 'Member', 'Somebody in a conversation.', {
      since: 'The seq of the event that made them a member.',
      readSeq: 'How far they have read.',
    }),
    shape(rest.memberList, 'MemberList', 'A page of members, by id.', { next: NEXT }),
    shape(
      rest.addMember,
      'AddMember',
      'Who shall be added, and as what.',
      { user: 'Yourself, to join a channel.', role: 'Left out: `member`.' },
      { user: BEN },
    ),
    shape(rest.changeRole, 'ChangeRole', 'The role from now on.', {}, { role: 'admin' }),
  ],
  operations: {
    'GET /api/conversations/{id}/members': { id: 'members', refusals: { forbidden: NOT_YOURS } },
    'POST /api/conversations/{id}/members': {
      id: 'addMember',
      about:
        'Groups: for admins and the owner, or for every member if `inviting` is `members`. Channels: any member adds ' +
        'anybody, and anybody adds themselves. A new admin is made by admins, a new owner by an owner. Who is a ' +
        'member already stays what they are.',
      answers: { 201: 'The member.' },
      refusals: {
        forbidden: `${MAY_NOT} Or this person cannot be added: they do not exist, or have blocked you.`,
        conflict:
          'They have left again in the meantime, or the `Idempotency-Key` was used for something else.',
        too_large: 'The group has as many members as it may have; the message names the limit.',
      },
      takesKey: true,
    },
    'PATCH /api/conversations/{id}/members/{user}': {
      id: 'changeRole',
      about:
        'The owner gives every role; admins make members admins. The last owner stays one: make another first, or leave.',
      answers: { 200: 'The member as they are now.' },
      refusals: {
        forbidden: `${MAY_NOT} Or this person is no member.`,
        conflict: 'They have left in the meantime.',
      },
    },
    'DELETE /api/conversations/{id}/members/{user}': {
      id: 'removeMember',
      about:
        'Admins remove members, the owner everybody. Anybody may leave by removing themselves: an owner then hands ' +
        'over to the longest-standing admin, else member, and with the last one to leave the conversation is ' +
        'deleted. Nobody leaves a direct conversation. Removing somebody who is no member changes nothing.\n\n' +
        'Their open connections to this conversation close at once.',
      refusals: { forbidden: MAY_NOT },
    },
  },
}
