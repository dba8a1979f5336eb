import {
  attachment,
  event,
  memberEvent,
  messageEvent,
  metaEvent,
  reactionEvent,
  rest,
} from '@parley/protocol'
import { type Chapter, choice, NEXT, shape, stored } from './chapter.ts'
import { NOT_YOURS } from './conversations.ts'
import { ANA, AT, HASH, MESSAGE } from './examples.ts'

const PLACE = {
  seq: 'Its number in the conversation: 1, 2, 3 … without a gap.',
  id: 'That of the command that caused it: the `Idempotency-Key`, if the sender gave one.',
  author: 'Who caused it.',
  at: 'When the server received it. Never lower than that of the event before.',
  hash: 'The hash of the chain up to here. Whoever keeps the log sees by it whether anything was changed or left out.',
} as const

const MESSAGE_FIELDS = {
  text: 'Markdown of a safe subset. A mention stands in it as `@username`.',
  replyTo: 'The message of the same conversation that it answers.',
  mentions: 'Members of the conversation who shall be told, or `everyone`.',
} as const

const PAGE = {
  after: 'Only events with a higher seq, upwards from there.',
  before: 'Only events with a lower seq. Without `after`: the last ones before it.',
} as const

const PAGING =
  'Ascending by seq, whichever way one pages. Without `after` and `before`: the latest. With `after`, `next` leads ' +
  'upwards, else into the past.\n\nA page of the past never changes: for `after` a multiple of 128 and `limit=128`, ' +
  'where the page is full and lies well below the end of the log, the answer says so in `Cache-Control`.'

export const EVENTS: Chapter = {
  name: 'Events',
  about:
    'What was said. A conversation is a log of events, numbered without a gap, in one order that everybody sees; it only grows.',
  shapes: [
    choice(event, 'Event', 'Something said in a conversation.', {
      message: 'MessageEvent',
      reaction: 'ReactionEvent',
      member: 'MemberEvent',
      meta: 'MetaEvent',
    }),
    stored(
      messageEvent,
      'MessageEvent',
      'A message.',
      {
        ...PLACE,
        ...MESSAGE_FIELDS,
        writtenAt: "When it was written, by the sender's own clock: long before `at` if they were offline.",
      },
      {
        seq: 4,
        id: MESSAGE,
        type: 'message',
        author: ANA,
        at: AT,
        hash: HASH,
        text: 'Who is in?',
        writtenAt: AT,
      },
    ),
    stored(
      reactionEvent,
      'ReactionEvent',
      'A reaction to a message, or that it was taken back.',
      { ...PLACE, to: 'The message.', on: '`false`: taken back.' },
      {
        seq: 5,
        id: MESSAGE,
        type: 'reaction',
        author: ANA,
        at: AT,
        hash: HASH,
        to: MESSAGE,
        emoji: '👍',
        on: true,
      },
    ),
    stored(memberEvent, 'MemberEvent', 'Who takes part has changed.', {
      ...PLACE,
      user: 'Whom it is about.',
      role: 'Their role from now on; `null`: no longer a member.',
      cause: 'How it came about.',
    }),
    stored(metaEvent, 'MetaEvent', 'Something about the conversation has changed: the keys that did.', PLACE),
    stored(attachment, 'Attachment', 'A file of a message.', {
      mediaType: 'What the server found it to be, whatever it was called.',
      width: 'Of images, in pixels.',
      height: 'Of images, in pixels.',
    }),
    shape(rest.eventPage, 'EventPage', 'A part of the log.', { next: NEXT }),
    shape(rest.messagePage, 'MessagePage', 'A part of the log, its messages only.', { next: NEXT }),
    choice(rest.say, 'Say', 'Something to be said.', { message: 'SayMessage', reaction: 'SayReaction' }),
    shape(
      rest.say.options[0],
      'SayMessage',
      'A message to be sent. It has a text, or attachments, or both.',
      {
        ...MESSAGE_FIELDS,
        text: `${MESSAGE_FIELDS.text} At most 16 KiB, unless this server says otherwise.`,
        attachments:
          'Files that you have uploaded to this conversation; at most 10, unless this server says otherwise.',
      },
      { type: 'message', text: 'Who is in?' },
    ),
    shape(
      rest.say.options[1],
      'SayReaction',
      'A reaction to be set or taken back.',
      { to: 'A message of this conversation.', on: '`false` takes it back.' },
      { type: 'reaction', to: MESSAGE, emoji: '👍', on: true },
    ),
    choice(rest.said, 'Said', 'What was said, in its place in the log.', {
      message: 'MessageEvent',
      reaction: 'ReactionEvent',
    }),
    shape(
      rest.setRead,
      'SetRead',
      'How far you have read.',
      { seq: 'Of the last event that you have seen.' },
      { seq: 4 },
    ),
    shape(rest.reader, 'Reader', 'Somebody who has read a message.', { readSeq: 'How far they have read.' }),
    shape(rest.readerPage, 'ReaderPage', 'A page of those who have read a message, by id.', { next: NEXT }),
  ],
  operations: {
    'GET /api/conversations/{id}/events': {
      id: 'events',
      about: PAGING,
      parameters: { ...PAGE, types: 'Only these types, separated by commas.' },
      refusals: { forbidden: NOT_YOURS },
    },
    'GET /api/conversations/{id}/messages': {
      id: 'messages',
      about: PAGING,
      parameters: PAGE,
      refusals: { forbidden: NOT_YOURS },
    },
    'POST /api/conversations/{id}/events': {
      id: 'say',
      about:
        'The answer means that it is stored. Whatever is asked after it has it.\n\nMentions have to be members; ' +
        '`everyone` is for admins and the owner, in a group of at most 50 for all.',
      answers: { 201: 'What was said, in its place in the log.', 204: 'The reaction was so already.' },
      refusals: {
        invalid:
          'The body is not valid, the message is empty, or it refers to something that is not in this conversation.',
        forbidden: `${NOT_YOURS} Or only admins may send here.`,
        not_friends: 'You are no longer friends, or one of you has blocked the other.',
        archived: 'The conversation is archived.',
        conflict: 'The `Idempotency-Key` was used for something else.',
        too_large: 'The text is too long, or there are too many attachments; the message names the limit.',
      },
      takesKey: true,
    },
    'GET /api/conversations/{id}/events/{event}/reads': {
      id: 'readers',
      refusals: { forbidden: NOT_YOURS, not_found: 'There is no such event in this conversation.' },
    },
    'GET /api/conversations/{id}/export': {
      id: 'exportConversation',
      about:
        'One JSON value a line: first a header with the conversation and the people in it, then every event as it ' +
        'stands in the log, last a footer with the number and hash of the last event. A file without a footer was ' +
        'cut off. Attachments are named in it; their contents are not.',
      parameters: { format: 'There is one so far.' },
      refusals: { forbidden: NOT_YOURS },
    },
    'PUT /api/conversations/{id}/read': {
      id: 'markRead',
      about: 'Over all your devices the furthest counts; a lower seq changes nothing.',
      refusals: { forbidden: NOT_YOURS },
    },
  },
}
