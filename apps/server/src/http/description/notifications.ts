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
    shape(rest.pushKey, 'PushKey', 'What a browser subscribes with.', {
      key: 'The `applicationServerKey`: of this server, and the same for ever.',
    }),
    shape(
      rest.subscribePush,
      'SubscribePush',
      'What `PushSubscription.toJSON()` of a browser gives.',
      { endpoint: 'At a push service of a browser.', expirationTime: 'Not looked at.' },
      {
        endpoint: 'https://fcm.googleapis.com/fcm/send/dXNlcg:APA91bH',
        keys: {
          p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
          auth: 'BTBZMqHH6r4Tts7J_aSIgg',
        },
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
    'GET /api/push-key': { id: 'pushKey' },
    'POST /api/push-subscriptions': {
      id: 'subscribePush',
      about:
        'What concerns you is then also sent to the push service of your browser while you have no open connection, ' +
        'encrypted for this device, at most once each. A session has one subscription, which ends with it.',
      answers: { 204: 'Subscribed; what the session had before is replaced.' },
      refusals: { forbidden: 'The request came with a token, which has no session.' },
    },
    'DELETE /api/push-subscriptions': {
      id: 'unsubscribePush',
      about: 'That of this session. Where there is none, nothing happens.',
    },
  },
}
