import { newId } from '@parley/protocol'
import { metadataOf, TUS } from '../kit/tus.ts'
import { SCENE_LIMITS } from './scene.ts'
import { bad, foreign, to, type Try } from './tries.ts'

const conversation = (id: string, more = ''): string => `/api/conversations/${id}${more}`
const QUERIES = ['limit=0', 'limit=x', 'limit=1000000', 'cursor=x', 'cursor=bnVsbA']
const queries = (path: string, texts: readonly string[] = QUERIES): Try[] =>
  texts.map((text) => bad(`?${text}`, 'invalid', () => to(`${path}?${text}`)))

const message = (more: object = {}): object => ({ type: 'message', text: 'hello', ...more })
const begin = (fields: Record<string, string>, length = '4') => ({
  ...TUS,
  'Upload-Length': length,
  'Upload-Metadata': metadataOf(fields),
})

/**
 * For every route what is wrong in its own way: what is not one's own, what one may not, what is not the
 * time for. Bodies of the wrong form are tried at all of them alike (bad-input.test.ts). A route that is
 * not here fails the tests: see what it must refuse, and say so, if only that there is nothing (`[]`).
 */
export const ENDPOINT_TRIES: Readonly<Record<string, readonly Try[]>> = {
  'POST /api/users': [
    bad('a taken username', 'conflict', () =>
      to('/api/users', { email: 'new@example.org', username: 'taken', name: 'N', password: 'long enough' }),
    ),
    bad('an email without a domain', 'invalid', () =>
      to('/api/users', { email: 'new', username: 'new', name: 'N', password: 'long enough' }),
    ),
    bad('a username with a space', 'invalid', () =>
      to('/api/users', { email: 'new@example.org', username: 'a b', name: 'N', password: 'long enough' }),
    ),
    bad('a short password', 'invalid', () =>
      to('/api/users', { email: 'new@example.org', username: 'new', name: 'N', password: 'short' }),
    ),
  ],
  'GET /api/users': [
    ...queries('/api/users', ['', 'ids=x', `ids=${newId()}&q=a`, 'email=x', 'q=', 'q=a&limit=0', 'ids=']),
    bad('too many ids', 'invalid', () =>
      to(`/api/users?ids=${Array.from({ length: 101 }, () => newId()).join(',')}`),
    ),
  ],
  'GET /api/users/me': [],
  'PATCH /api/users/me': [
    bad('a taken username', 'conflict', () => to('/api/users/me', { username: 'taken' })),
    bad('an email without the password', 'forbidden', () =>
      to('/api/users/me', { email: 'new@example.org' }),
    ),
    bad('a password without the one before', 'forbidden', () =>
      to('/api/users/me', { password: 'long enough' }),
    ),
    bad('a password with a wrong one before', 'forbidden', () =>
      to('/api/users/me', { password: 'long enough', currentPassword: 'wrong' }),
    ),
    bad('a name that is too long', 'invalid', () => to('/api/users/me', { name: 'x'.repeat(81) })),
  ],
  'DELETE /api/users/me': [],
  'GET /api/users/{id}': [bad('nobody', 'not_found', () => to(`/api/users/${newId()}`))],
  'POST /api/sessions': [
    bad('an unknown name', 'unauthenticated', () =>
      to('/api/sessions', { login: 'unknown', password: 'long enough' }),
    ),
    bad('somebody without a password', 'unauthenticated', () =>
      to('/api/sessions', { login: 'taken', password: 'long enough' }),
    ),
  ],
  'GET /api/sessions': [],
  'DELETE /api/sessions/current': [
    bad('a token is no session', 'not_found', () => to('/api/sessions/current')),
  ],
  'DELETE /api/sessions/{id}': [
    {
      ...bad('somebody else’s, as of nothing', 'not_found', ({ foreignSession }) =>
        to(`/api/sessions/${foreignSession}`),
      ),
      alike: () => to(`/api/sessions/${'ab'.repeat(32)}`),
    },
  ],
  'GET /api/tokens': [],
  'POST /api/tokens': [
    bad('a name that is too long', 'invalid', () => to('/api/tokens', { name: 'x'.repeat(81) })),
  ],
  'DELETE /api/tokens/{id}': [
    foreign(
      'somebody else’s',
      'not_found',
      ({ foreignToken }) => foreignToken,
      (id) => to(`/api/tokens/${id}`),
    ),
  ],
  'GET /api/conversations': queries('/api/conversations'),
  'POST /api/conversations': [
    ...(['group', 'channel'] as const).flatMap((kind) => [
      foreign(
        `a ${kind} with somebody who blocked one`,
        'forbidden',
        ({ blocker }) => blocker,
        (id) => to('/api/conversations', { kind, members: [id] }),
      ),
      foreign(
        `a ${kind} with somebody deleted`,
        'forbidden',
        ({ deleted }) => deleted.id,
        (id) => to('/api/conversations', { kind, members: [id] }),
      ),
      bad(`a ${kind} under a taken id`, 'conflict', ({ group }) =>
        to('/api/conversations', { id: group, kind }),
      ),
      bad(`a ${kind} under the id of a pair`, 'invalid', ({ direct }) =>
        to('/api/conversations', { id: direct, kind }),
      ),
      bad(`a ${kind} with a title that is too long`, 'too_large', () =>
        to('/api/conversations', { kind, title: 'x'.repeat(121) }),
      ),
      bad(`a ${kind} with somebody twice`, 'invalid', ({ other }) =>
        to('/api/conversations', { kind, members: [other.id, other.id] }),
      ),
    ]),
    foreign(
      'a direct one with a stranger',
      'not_friends',
      ({ stranger }) => stranger.id,
      (id) => to('/api/conversations', { kind: 'direct', members: [id] }),
    ),
    foreign(
      'a direct one with somebody deleted',
      'not_friends',
      ({ deleted }) => deleted.id,
      (id) => to('/api/conversations', { kind: 'direct', members: [id] }),
    ),
    bad('a direct one with oneself', 'invalid', ({ owner }) =>
      to('/api/conversations', { kind: 'direct', members: [owner.id] }),
    ),
    bad('a direct one of three', 'invalid', ({ other, stranger }) =>
      to('/api/conversations', { kind: 'direct', members: [other.id, stranger.id] }),
    ),
    bad('a direct one under another pair’s id', 'invalid', ({ direct, other }) =>
      to('/api/conversations', { id: direct, kind: 'direct', members: [other.id] }),
    ),
    bad('a group that is too large', 'too_large', ({ admin, member, other, stranger }) =>
      to('/api/conversations', {
        kind: 'group',
        members: [admin, member, other, stranger].map(({ id }) => id),
      }),
    ),
  ],
  'GET /api/conversations/{id}': [
    foreign(
      'a foreign one',
      'forbidden',
      ({ foreign: id }) => id,
      (id) => to(conversation(id)),
    ),
  ],
  'PATCH /api/conversations/{id}': [
    foreign(
      'a foreign one',
      'forbidden',
      ({ foreign: id }) => id,
      (id) => to(conversation(id), { title: 'T' }),
    ),
    bad('who is no admin', 'forbidden', ({ group }) => to(conversation(group), { title: 'T' }), 'member'),
    bad('a direct one', 'forbidden', ({ direct }) => to(conversation(direct), { title: 'T' })),
    bad('a title that is too long', 'too_large', ({ group }) =>
      to(conversation(group), { title: 'x'.repeat(121) }),
    ),
    bad('an avatar that is too long', 'invalid', ({ group }) =>
      to(conversation(group), { avatar: 'x'.repeat(513) }),
    ),
    bad('its kind', 'invalid', ({ group }) => to(conversation(group), { kind: 'channel' })),
  ],
  'DELETE /api/conversations/{id}': [
    foreign(
      'a foreign one',
      'forbidden',
      ({ foreign: id }) => id,
      (id) => to(conversation(id)),
    ),
    bad('who is no owner', 'forbidden', ({ group }) => to(conversation(group)), 'admin'),
    bad('a direct one', 'forbidden', ({ direct }) => to(conversation(direct))),
  ],
  'GET /api/conversations/{id}/members': [
    foreign(
      'of a foreign one',
      'forbidden',
      ({ foreign: id }) => id,
      (id) => to(conversation(id, '/members')),
    ),
    ...queriesIn('/members'),
  ],
  'POST /api/conversations/{id}/members': [
    foreign(
      'of a foreign one',
      'forbidden',
      ({ foreign: id }) => id,
      (id, { other }) => to(conversation(id, '/members'), { user: other.id }),
    ),
    foreign(
      'oneself, to a foreign one',
      'forbidden',
      ({ foreign: id }) => id,
      (id, { owner }) => to(conversation(id, '/members'), { user: owner.id }),
    ),
    bad(
      'who is no admin',
      'forbidden',
      ({ group, other }) => to(conversation(group, '/members'), { user: other.id }),
      'member',
    ),
    bad(
      'as more than one is',
      'forbidden',
      ({ group, other }) => to(conversation(group, '/members'), { user: other.id, role: 'owner' }),
      'admin',
    ),
    bad('to a direct one', 'forbidden', ({ direct, other }) =>
      to(conversation(direct, '/members'), { user: other.id }),
    ),
    bad('to a full one', 'too_large', ({ full, other }) =>
      to(conversation(full, '/members'), { user: other.id }),
    ),
    bad(
      'oneself, to a channel, as an admin',
      'forbidden',
      ({ channel, stranger }) => to(conversation(channel, '/members'), { user: stranger.id, role: 'admin' }),
      'stranger',
    ),
    foreign(
      'who blocked one',
      'forbidden',
      ({ blocker }) => blocker,
      (user, { group }) => to(conversation(group, '/members'), { user }),
    ),
    foreign(
      'who is deleted',
      'forbidden',
      ({ deleted }) => deleted.id,
      (user, { group }) => to(conversation(group, '/members'), { user }),
    ),
  ],
  'PATCH /api/conversations/{id}/members/{user}': [
    foreign(
      'of a foreign one',
      'forbidden',
      ({ foreign: id }) => id,
      (id, { stranger }) => to(conversation(id, `/members/${stranger.id}`), { role: 'member' }),
    ),
    foreign(
      'who is not in it',
      'forbidden',
      ({ other }) => other.id,
      (user, { group }) => to(conversation(group, `/members/${user}`), { role: 'admin' }),
    ),
    bad(
      'who is no admin',
      'forbidden',
      ({ group, member }) => to(conversation(group, `/members/${member.id}`), { role: 'admin' }),
      'member',
    ),
    bad('of the last owner', 'forbidden', ({ group, owner }) =>
      to(conversation(group, `/members/${owner.id}`), { role: 'member' }),
    ),
    bad(
      'an admin makes an owner',
      'forbidden',
      ({ group, member }) => to(conversation(group, `/members/${member.id}`), { role: 'owner' }),
      'admin',
    ),
  ],
  'DELETE /api/conversations/{id}/members/{user}': [
    foreign(
      'of a foreign one',
      'forbidden',
      ({ foreign: id }) => id,
      (id, { stranger }) => to(conversation(id, `/members/${stranger.id}`)),
    ),
    foreign(
      'who is not in it',
      'done',
      ({ other }) => other.id,
      (user, { group }) => to(conversation(group, `/members/${user}`)),
    ),
    bad(
      'who is no admin',
      'forbidden',
      ({ group, admin }) => to(conversation(group, `/members/${admin.id}`)),
      'member',
    ),
    bad(
      'an admin the owner',
      'forbidden',
      ({ group, owner }) => to(conversation(group, `/members/${owner.id}`)),
      'admin',
    ),
    bad('oneself, of two', 'forbidden', ({ direct, owner }) =>
      to(conversation(direct, `/members/${owner.id}`)),
    ),
  ],
  'GET /api/conversations/{id}/events': [
    foreign(
      'of a foreign one',
      'forbidden',
      ({ foreign: id }) => id,
      (id) => to(conversation(id, '/events')),
    ),
    ...queriesIn('/events', [...QUERIES, 'after=-1', 'after=x', 'before=1.5', 'types=nothing', 'types=']),
  ],
  'GET /api/conversations/{id}/messages': [
    foreign(
      'of a foreign one',
      'forbidden',
      ({ foreign: id }) => id,
      (id) => to(conversation(id, '/messages')),
    ),
    ...queriesIn('/messages', [...QUERIES, 'after=-1', 'before=x']),
  ],
  'GET /api/conversations/{id}/export': [
    foreign(
      'of a foreign one',
      'forbidden',
      ({ foreign: id }) => id,
      (id) => to(conversation(id, '/export')),
    ),
    ...queriesIn('/export', ['format=exe']),
  ],
  'POST /api/conversations/{id}/events': [
    foreign(
      'in a foreign one',
      'forbidden',
      ({ foreign: id }) => id,
      (id) => to(conversation(id, '/events'), message()),
    ),
    foreign(
      'a reaction in a foreign one',
      'forbidden',
      ({ foreign: id }) => id,
      (id, { foreignMessage }) =>
        to(conversation(id, '/events'), { type: 'reaction', to: foreignMessage, emoji: '👍', on: true }),
    ),
    bad('in an archived one', 'archived', ({ archived }) => to(conversation(archived, '/events'), message())),
    bad('to a friend no more', 'not_friends', ({ direct }) => to(conversation(direct, '/events'), message())),
    bad(
      'where admins post',
      'forbidden',
      ({ channel }) => to(conversation(channel, '/events'), message()),
      'member',
    ),
    bad('nothing', 'invalid', ({ group }) => to(conversation(group, '/events'), message({ text: ' \n' }))),
    bad('too much', 'too_large', ({ group }) =>
      to(conversation(group, '/events'), message({ text: 'é'.repeat(SCENE_LIMITS.messageBytes / 2 + 1) })),
    ),
    foreign(
      'a reply to elsewhere',
      'invalid',
      ({ foreignMessage }) => foreignMessage,
      (replyTo, { group }) => to(conversation(group, '/events'), message({ replyTo })),
    ),
    foreign(
      'a reaction to elsewhere',
      'invalid',
      ({ foreignMessage }) => foreignMessage,
      (id, { group }) =>
        to(conversation(group, '/events'), { type: 'reaction', to: id, emoji: '👍', on: true }),
    ),
    foreign(
      'a mention of somebody outside',
      'invalid',
      ({ other }) => other.id,
      (user, { group }) => to(conversation(group, '/events'), message({ mentions: [user] })),
    ),
    foreign(
      'somebody else’s file',
      'invalid',
      ({ foreignFile }) => foreignFile,
      (id, { group }) => to(conversation(group, '/events'), message({ attachments: [id] })),
    ),
    foreign(
      'a file that is still coming',
      'invalid',
      ({ foreignUpload }) => foreignUpload,
      (id, { group }) => to(conversation(group, '/events'), message({ attachments: [id] })),
    ),
    bad('more files than fit', 'too_large', ({ group }) =>
      to(conversation(group, '/events'), message({ attachments: Array.from({ length: 11 }, () => newId()) })),
    ),
    bad('the same mention twice', 'invalid', ({ group, member }) =>
      to(conversation(group, '/events'), message({ mentions: [member.id, member.id] })),
    ),
    bad('a reaction that is a story', 'invalid', ({ group, message: id }) =>
      to(conversation(group, '/events'), { type: 'reaction', to: id, emoji: 'x'.repeat(65), on: true }),
    ),
    bad('a key that is no id', 'invalid', ({ group }) =>
      to(conversation(group, '/events'), message(), { 'Idempotency-Key': 'x' }),
    ),
    bad('a key that others derive', 'invalid', ({ group, direct }) =>
      to(conversation(group, '/events'), message(), { 'Idempotency-Key': direct }),
    ),
    bad('somebody else’s key', 'conflict', ({ group, foreignMessage }) =>
      to(conversation(group, '/events'), message(), { 'Idempotency-Key': foreignMessage }),
    ),
  ],
  'GET /api/conversations/{id}/events/{event}/reads': [
    foreign(
      'of a foreign one',
      'forbidden',
      ({ foreign: id }) => id,
      (id, { foreignMessage }) => to(conversation(id, `/events/${foreignMessage}/reads`)),
    ),
    foreign(
      'an event of elsewhere',
      'not_found',
      ({ foreignMessage }) => foreignMessage,
      (id, { group }) => to(conversation(group, `/events/${id}/reads`)),
    ),
  ],
  'PUT /api/conversations/{id}/read': [
    foreign(
      'a foreign one',
      'forbidden',
      ({ foreign: id }) => id,
      (id) => to(conversation(id, '/read'), { seq: 1 }),
    ),
    bad('to nowhere', 'done', ({ group }) => to(conversation(group, '/read'), { seq: 0 })),
  ],
  'GET /api/channels': queries('/api/channels', [...QUERIES, `q=${'x'.repeat(101)}`]),
  'GET /api/friends': [],
  'DELETE /api/friends/{user}': [
    foreign(
      'a stranger',
      'done',
      ({ stranger }) => stranger.id,
      (id) => to(`/api/friends/${id}`),
    ),
  ],
  'GET /api/friend-requests': queries('/api/friend-requests', [...QUERIES, 'direction=up', 'status=x']),
  'POST /api/friend-requests': [
    foreign(
      'somebody deleted',
      'not_found',
      ({ deleted }) => deleted.id,
      (user) => to('/api/friend-requests', { user }),
    ),
    bad('oneself', 'invalid', ({ owner }) => to('/api/friend-requests', { user: owner.id })),
    bad('whom one has blocked', 'forbidden', ({ blocked }) => to('/api/friend-requests', { user: blocked })),
    bad('who declined a moment ago', 'conflict', ({ decliner }) =>
      to('/api/friend-requests', { user: decliner }),
    ),
  ],
  'PATCH /api/friend-requests/{id}': [
    foreign(
      'somebody else’s',
      'forbidden',
      ({ foreignRequest }) => foreignRequest,
      (id) => to(`/api/friend-requests/${id}`, { status: 'ACCEPTED' }),
    ),
    foreign(
      'one’s own',
      'forbidden',
      ({ ownRequest }) => ownRequest,
      (id) => to(`/api/friend-requests/${id}`, { status: 'ACCEPTED' }),
    ),
    bad('an answered one', 'conflict', ({ answeredRequest }) =>
      to(`/api/friend-requests/${answeredRequest}`, { status: 'ACCEPTED' }),
    ),
    bad('back to what it was', 'invalid', ({ answeredRequest }) =>
      to(`/api/friend-requests/${answeredRequest}`, { status: 'PENDING' }),
    ),
  ],
  'GET /api/blocks': [],
  'GET /api/blocks/{user}': [
    foreign(
      'who is not blocked',
      'not_found',
      ({ blocker }) => blocker,
      (id) => to(`/api/blocks/${id}`),
    ),
  ],
  'PUT /api/blocks/{user}': [
    foreign(
      'somebody deleted',
      'not_found',
      ({ deleted }) => deleted.id,
      (id) => to(`/api/blocks/${id}`),
    ),
    bad('oneself', 'invalid', ({ owner }) => to(`/api/blocks/${owner.id}`)),
  ],
  'DELETE /api/blocks/{user}': [
    foreign(
      'who is not blocked',
      'done',
      ({ blocker }) => blocker,
      (id) => to(`/api/blocks/${id}`),
    ),
  ],
  'GET /api/notifications': queries('/api/notifications'),
  'DELETE /api/notifications': queries('/api/notifications', ['', 'upTo=x']),
  'DELETE /api/notifications/{id}': [
    foreign(
      'somebody else’s',
      'done',
      ({ foreignNotification }) => foreignNotification,
      (id) => to(`/api/notifications/${id}`),
    ),
  ],
  'GET /api/push-key': [],
  'POST /api/push-subscriptions': [
    bad('an address that is not https', 'invalid', () =>
      to('/api/push-subscriptions', {
        endpoint: 'http://fcm.googleapis.com/fcm/send/x',
        keys: { p256dh: 'AA', auth: 'AA' },
      }),
    ),
  ],
  'DELETE /api/push-subscriptions': [],
  'GET /api/search': [
    foreign(
      'in a foreign one',
      'forbidden',
      ({ foreign: id }) => id,
      (id) => to(`/api/search?q=hello&conversation=${id}`),
    ),
    ...queries('/api/search', ['', 'q=', 'q=a&limit=0', 'q=a&author=x', 'q=a&before=x', 'q=a&cursor=x']),
  ],
  'POST /api/uploads': [
    foreign(
      'to a foreign one',
      'forbidden',
      ({ foreign: id }) => id,
      (id) => to('/api/uploads', undefined, begin({ conversation: id })),
    ),
    bad('to an archived one', 'archived', ({ archived }) =>
      to('/api/uploads', undefined, begin({ conversation: archived })),
    ),
    bad('to a friend no more', 'not_friends', ({ direct }) =>
      to('/api/uploads', undefined, begin({ conversation: direct })),
    ),
    bad(
      'where admins post',
      'forbidden',
      ({ channel }) => to('/api/uploads', undefined, begin({ conversation: channel })),
      'member',
    ),
    bad('too much', 'too_large', ({ group }) =>
      to('/api/uploads', undefined, begin({ conversation: group }, String(SCENE_LIMITS.attachmentBytes + 1))),
    ),
    bad('under the id of somebody else’s', 'conflict', ({ group, foreignFile }) =>
      to('/api/uploads', undefined, begin({ conversation: group, id: foreignFile })),
    ),
    bad('without a length', 'invalid', ({ group }) =>
      to('/api/uploads', undefined, { ...TUS, 'Upload-Metadata': metadataOf({ conversation: group }) }),
    ),
    bad('without a place', 'invalid', () => to('/api/uploads', undefined, begin({ filename: 'x' }))),
    bad('in no version of tus', 'invalid', ({ group }) =>
      to('/api/uploads', undefined, {
        'Upload-Length': '4',
        'Upload-Metadata': metadataOf({ conversation: group }),
      }),
    ),
  ],
  'GET /api/uploads/{id}': [
    foreign(
      'somebody else’s',
      'not_found',
      ({ foreignUpload }) => foreignUpload,
      (id) => to(`/api/uploads/${id}`),
    ),
  ],
  'PATCH /api/uploads/{id}': [
    foreign(
      'somebody else’s',
      'not_found',
      ({ foreignUpload }) => foreignUpload,
      (id) =>
        to(`/api/uploads/${id}`, new Uint8Array([1]), {
          ...TUS,
          'Upload-Offset': '0',
          'Content-Type': 'application/offset+octet-stream',
        }),
    ),
  ],
  'DELETE /api/uploads/{id}': [
    foreign(
      'somebody else’s',
      'not_found',
      ({ foreignUpload }) => foreignUpload,
      (id) => to(`/api/uploads/${id}`, undefined, TUS),
    ),
    foreign(
      'somebody else’s file',
      'not_found',
      ({ foreignFile }) => foreignFile,
      (id) => to(`/api/uploads/${id}`, undefined, TUS),
    ),
  ],
  'GET /api/attachments/{id}': [
    foreign(
      'somebody else’s',
      'forbidden',
      ({ foreignFile }) => foreignFile,
      (id) => to(`/api/attachments/${id}`),
    ),
  ],
  'GET /api/attachments/{id}/preview': [
    foreign(
      'somebody else’s',
      'forbidden',
      ({ foreignFile }) => foreignFile,
      (id) => to(`/api/attachments/${id}/preview`),
    ),
  ],
  // What is wrong with the bytes of a picture, and with who asks for one: avatars.db.test.ts.
  'PUT /api/users/me/avatar': [],
  'POST /api/avatars': [],
  'GET /api/avatars/{hash}': [
    bad('one that is not there', 'not_found', () => to(`/api/avatars/${'0'.repeat(64)}`)),
  ],
}

function queriesIn(more: string, texts: readonly string[] = QUERIES): Try[] {
  return texts.map((text) =>
    bad(`?${text}`, 'invalid', ({ group }) => to(conversation(group, `${more}?${text}`))),
  )
}
