import { rest } from '@parley/protocol'
import { type Chapter, shape } from './chapter.ts'
import { ANA } from './examples.ts'

/** The fields of everything that extends a user. */
export const PERSON = {
  username: 'The unique handle: 3 to 30 of `a-z`, `0-9`, `_`, `.` and `-`.',
  name: 'What people see.',
  avatar:
    'The picture: an address on this server, as `PUT /api/users/me/avatar` makes it. What else stands here, apps do not show.',
  lastActiveAt:
    'When they were last connected; while they are, when they were last heard from, to within a minute. Only of friends and of people with whom you share a direct or group conversation, and not where one has blocked the other.',
  deleted: 'Of a deleted user only the id is left, and a name that says so.',
} as const

const TAKEN =
  'The body is a JPEG, PNG, WebP, GIF, AVIF or TIFF, at most 8 MiB and 50 megapixels. Of it the middle is kept, as a ' +
  'square of 256 pixels, without what the camera noted.'

export const PEOPLE: Chapter = {
  name: 'People',
  about: 'Accounts, your own and those of others.',
  shapes: [
    shape(rest.user, 'User', 'Somebody with an account, as others see them.', PERSON, {
      id: ANA,
      username: 'ana',
      name: 'Ana',
    }),
    shape(rest.foundUser, 'FoundUser', 'Somebody who was found.', {
      ...PERSON,
      email: 'Only if they were looked for by this very address.',
    }),
    shape(rest.userList, 'UserList', 'People.'),
    shape(
      rest.me,
      'Me',
      'Your own account.',
      { ...PERSON, email: 'Nobody else sees it.' },
      { id: ANA, username: 'ana', name: 'Ana', email: 'ana@example.org' },
    ),
    shape(
      rest.createUser,
      'CreateUser',
      'An account to be made.',
      {
        email: 'For logging in, and for being found by those who know it. Case does not matter.',
        username: PERSON.username,
        name: PERSON.name,
        invitation: 'The code from an invitation link, where this server takes nobody without.',
      },
      { email: 'ana@example.org', username: 'ana', name: 'Ana', password: 'a long enough secret' },
    ),
    shape(
      rest.updateUser,
      'UpdateUser',
      'What shall change about your account; what is left out stays.',
      {
        username: PERSON.username,
        name: PERSON.name,
        avatar: PERSON.avatar,
        password: 'The new one. It ends your other sessions.',
        currentPassword: 'Needed to change the password or the email.',
      },
      { name: 'Ana B.' },
    ),
    shape(rest.addedAvatar, 'AddedAvatar', 'A picture that is there to be shown.', {
      avatar: 'Its address on this server, for the `avatar` of a conversation.',
    }),
  ],
  operations: {
    'POST /api/users': {
      id: 'signUp',
      about: 'The answer sets the session cookie: who has an account is logged in with it.',
      answers: { 201: 'The new account.' },
      refusals: {
        conflict: 'The email or the username is in use; `details.field` says which.',
        forbidden:
          'This server takes no new accounts, or only by invitation and this one is not good (any more).',
      },
      isPublic: true,
    },
    'GET /api/users': {
      id: 'users',
      about:
        'Exactly one of `ids`, `email` and `q` says whom. Unknown ids are left out; by `q` those come first whose ' +
        'username begins so.',
      parameters: {
        ids: 'Up to 100 ids, separated by commas.',
        email: 'A whole address; finds one person at most.',
        q: 'How a username or a name begins.',
        limit: 'How many to find by `q` at most.',
      },
    },
    'GET /api/users/me': { id: 'me' },
    'PATCH /api/users/me': {
      id: 'updateMe',
      answers: { 200: 'The account as it is now.' },
      refusals: {
        conflict: 'The email or the username is in use; `details.field` says which.',
        forbidden: 'The current password is wrong, or missing where it is needed.',
      },
    },
    'PUT /api/users/me/avatar': {
      id: 'setAvatar',
      about: TAKEN + ' To have none, change `avatar` to an empty text.',
      answers: { 200: 'The account as it is now.' },
      refusals: { too_large: 'A picture has at most 8 MiB.' },
    },
    'POST /api/avatars': {
      id: 'addAvatar',
      about:
        'For a conversation: change its `avatar` to what this answers, here or by a command. ' +
        TAKEN +
        ' One that nobody shows is removed after a week.',
      answers: { 201: 'Where it is.' },
      refusals: { too_large: 'A picture has at most 8 MiB.' },
    },
    'GET /api/avatars/{hash}': {
      id: 'avatar',
      about:
        'For everybody who is logged in. It is named by what is in it and never changes, and the answer says so.',
      parameters: { hash: 'Its name: what stands at the end of the address.' },
      answers: { 200: 'A square WebP of 256 pixels.', 304: 'You have it already (`If-None-Match`).' },
      refusals: { not_found: 'There is no such picture (any more).' },
    },
    'DELETE /api/users/me': {
      id: 'deleteMe',
      about:
        'At once and for good. Sessions, tokens, friendships and notifications go; what you said stays, under ' +
        '"Deleted user". Conversations that you own pass to the longest-standing admin, else member; one in which ' +
        'you are the last is deleted.',
    },
    'GET /api/users/{id}': {
      id: 'user',
      about: 'Of a deleted user only the id is left.',
      refusals: { not_found: 'There is no such user.' },
    },
  },
}
