import { rest } from '@parley/protocol'
import { type Chapter, NEXT, shape, value } from './chapter.ts'
import { AT, BEN, GROUP, MESSAGE, NOTIFICATION } from './examples.ts'

export const NOTIFICATIONS: Chapter = {
  name: 'Notifications',
  about:
    'What concerns you and happened while you had no open connection. It waits until you say that you have seen it, ' +
    'or have read on to it. Who only uses this interface, and never opens a socket, is always away.',
  shapes: [
    value(
      rest.notificationKind,
      'NotificationKind',
      '`mention`: of you or everyone. `reply`: to a message of yours. `direct`: a direct message. `added`: to a group ' +
        'or channel. `friend_request`: to you. `request_accepted`: one of yours. A message notifies you once, by the ' +
        'first of these that fits.',
    ),
    shape(
      rest.notification,
      'Notification',
      'That something concerns you.',
      {
        actor: 'Who did it.',
        at: 'When it happened.',
        conversation: 'Where its event is: of mentions, replies, direct messages and additions.',
        seq: 'That of the event.',
        event: 'The id of the event.',
        request: 'The friend request: of the other two kinds.',
      },
      {
        id: NOTIFICATION,
        kind: 'mention',
        actor: BEN,
        at: AT,
        conversation: GROUP,
        seq: 4,
        event: MESSAGE,
      },
    ),
    shape(rest.notificationList, 'NotificationList', 'A page of what waits for you.', { next: NEXT }),
  ],
  operations: {
    'GET /api/notifications': { id: 'notifications', about: 'Oldest first.' },
    'DELETE /api/notifications': {
      id: 'acknowledgeUpTo',
      about: 'It and everything that was there before it. What came since stays.',
      parameters: { upTo: 'A notification of yours.' },
    },
    'DELETE /api/notifications/{id}': {
      id: 'acknowledge',
      about: 'Seen twice is seen: what is gone already is answered alike.',
      parameters: { id: 'The notification.' },
    },
  },
}
