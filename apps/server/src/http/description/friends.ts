import { rest } from '@parley/protocol'
import { type Chapter, NEXT, shape, value } from './chapter.ts'
import { ANA, AT, BEN, REQUEST } from './examples.ts'
import { PERSON } from './people.ts'

const SELF = 'The request is not valid, or about yourself.'

export const FRIENDS: Chapter = {
  name: 'Friends',
  about: 'Only friends write to each other directly. Who is blocked notices nothing but that nobody answers.',
  shapes: [
    shape(rest.friend, 'Friend', 'A friend.', { ...PERSON, since: 'When you became friends.' }),
    shape(rest.friendList, 'FriendList', 'Your friends.'),
    value(rest.friendRequestStatus, 'FriendRequestStatus', 'What has become of a request.'),
    shape(
      rest.friendRequest,
      'FriendRequest',
      'That somebody wants to be friends. Requests are kept as history.',
      { answeredAt: 'Absent: not answered yet.' },
      {
        id: REQUEST,
        from: { id: ANA, username: 'ana', name: 'Ana' },
        to: { id: BEN, username: 'ben', name: 'Ben' },
        status: 'PENDING',
        createdAt: AT,
      },
    ),
    shape(rest.friendRequestList, 'FriendRequestList', 'A page of requests.', { next: NEXT }),
    shape(
      rest.createFriendRequest,
      'CreateFriendRequest',
      'Whom you want to be friends with.',
      {},
      { user: BEN },
    ),
    shape(rest.answerFriendRequest, 'AnswerFriendRequest', 'Your answer.', {}, { status: 'ACCEPTED' }),
    shape(rest.blocked, 'Block', 'Somebody you have blocked.', { at: 'Since when.' }),
    shape(rest.blockList, 'BlockList', 'Whom you have blocked.'),
  ],
  operations: {
    'GET /api/friends': { id: 'friends', about: 'All of them, by name.' },
    'DELETE /api/friends/{user}': {
      id: 'removeFriend',
      about:
        'Your direct conversation stays, to be read. Ending a friendship that does not exist changes nothing.',
      refusals: { invalid: SELF },
    },
    'GET /api/friend-requests': {
      id: 'friendRequests',
      about: 'Newest first.',
      parameters: { direction: 'To you, or from you. Left out: both.', status: 'Left out: all.' },
    },
    'POST /api/friend-requests': {
      id: 'requestFriend',
      about:
        'If they have asked you, this accepts, and you are friends at once. After a rejection one may ask again a day later.',
      answers: {
        201: 'The request, under the id of the `Idempotency-Key` if there was one.',
        200: 'You have asked already, or are friends: the request that stands.',
      },
      refusals: {
        invalid: SELF,
        not_found: 'There is no such user.',
        forbidden: 'You have blocked this user.',
        conflict:
          'They have declined within the last day, or the `Idempotency-Key` was used for something else.',
      },
      takesKey: true,
    },
    'PATCH /api/friend-requests/{id}': {
      id: 'answerFriendRequest',
      parameters: { id: 'The request.' },
      answers: { 200: 'The request as it is now.' },
      refusals: {
        forbidden: 'There is no such request to you, or you have blocked who made it.',
        conflict: 'It was answered otherwise, or has been withdrawn.',
      },
    },
    'GET /api/blocks': { id: 'blocks' },
    'GET /api/blocks/{user}': {
      id: 'blockOf',
      refusals: { not_found: 'You have not blocked this user.' },
    },
    'PUT /api/blocks/{user}': {
      id: 'block',
      about:
        'Ends the friendship and withdraws your own request. From now on they cannot add you anywhere, and a ' +
        'request of theirs stays unanswered.',
      refusals: { invalid: SELF, not_found: 'There is no such user.' },
    },
    'DELETE /api/blocks/{user}': {
      id: 'unblock',
      about: 'The friendship does not come back by itself.',
      refusals: { invalid: SELF },
    },
  },
}
