import { rest } from '@parley/protocol'
import { type Chapter, shape } from './chapter.ts'

export const LOGGING_IN: Chapter = {
  name: 'Logging in',
  about:
    'A person logs in for a session, which a cookie carries. A program has a token, which acts as the person who made it.',
  shapes: [
    shape(
      rest.createSession,
      'CreateSession',
      'A log-in.',
      { login: 'A username or an email address.' },
      { login: 'ana', password: 'a long enough secret' },
    ),
    shape(rest.session, 'Session', 'A device on which you are logged in.', {
      expiresAt: 'Moves on while the session is used.',
      userAgent: 'What the device says that it is.',
      current: 'Whether it is the session of this very request.',
    }),
    shape(rest.sessionList, 'SessionList', 'Your sessions.'),
    shape(
      rest.createToken,
      'CreateToken',
      'A token to be made.',
      { name: 'To tell it from your others.' },
      { name: 'weather bot' },
    ),
    shape(rest.token, 'Token', 'A token of yours, without its secret.', {
      lastUsedAt: 'To within a minute. Absent: never.',
    }),
    shape(rest.tokenList, 'TokenList', 'Your tokens.'),
    shape(rest.createdToken, 'CreatedToken', 'A new token with its secret.', {
      token: 'The secret, shown this once. Send it as `Authorization: Bearer …`.',
    }),
  ],
  operations: {
    'POST /api/sessions': {
      id: 'signIn',
      about: 'The answer sets the cookie `parley_session`.',
      answers: { 201: 'Your account.' },
      refusals: {
        unauthenticated: 'There is no such user, or the password is wrong: the answer does not say which.',
      },
      isPublic: true,
    },
    'GET /api/sessions': { id: 'sessions' },
    'DELETE /api/sessions/current': {
      id: 'signOut',
      about: 'Its open connections are closed within a second.',
      refusals: { not_found: 'The request came with a token, which has no session.' },
    },
    'DELETE /api/sessions/{id}': {
      id: 'endSession',
      about: 'Its open connections are closed within a second.',
      parameters: { id: 'The session: 64 hexadecimal digits.' },
      refusals: { not_found: 'You have no such session.' },
    },
    'GET /api/tokens': { id: 'tokens' },
    'POST /api/tokens': {
      id: 'createToken',
      about: 'Only its hash is stored: who loses a token makes another.',
      answers: { 201: 'The token, with its secret.' },
    },
    'DELETE /api/tokens/{id}': {
      id: 'deleteToken',
      about: 'Its open connections are closed within a second.',
      parameters: { id: 'The token.' },
      refusals: { not_found: 'You have no such token.' },
    },
  },
}
