import { type ConversationId, type EventId, newId, type UserId } from '@parley/protocol'
import type { TestApi } from './api.ts'

/** One route, with what makes it succeed once for a member of a group, ids filled in. */
export interface Endpoint {
  readonly method: string
  /** As the API describes itself: `/api/conversations/{id}`. */
  readonly path: string
  readonly isPublic?: true
  /** A body that is taken. */
  readonly body?: Readonly<Record<string, unknown>>
  /** Names of fields that may be left out of it. */
  readonly optional?: readonly string[]
}

export interface Place {
  readonly conversation: ConversationId
  readonly event: EventId
  readonly other: UserId
}

const USER = '01890000-0000-7000-8000-000000000001'

/** Every route of the API (endpoints.db.test.ts compares the table with the description). */
export const ENDPOINTS: readonly Endpoint[] = [
  {
    method: 'POST',
    path: '/api/users',
    isPublic: true,
    optional: ['invitation'],
    body: {
      email: 'table@example.org',
      username: 'table',
      name: 'Table',
      password: 'long enough',
      invitation: 'x',
    },
  },
  { method: 'GET', path: '/api/users' },
  { method: 'GET', path: '/api/users/me' },
  { method: 'PATCH', path: '/api/users/me', body: { name: 'New name' }, optional: ['name'] },
  { method: 'DELETE', path: '/api/users/me' },
  { method: 'GET', path: '/api/users/{id}' },
  {
    method: 'POST',
    path: '/api/sessions',
    isPublic: true,
    body: { login: 'table', password: 'long enough' },
  },
  { method: 'GET', path: '/api/sessions' },
  { method: 'DELETE', path: '/api/sessions/current' },
  { method: 'DELETE', path: '/api/sessions/{id}' },
  { method: 'GET', path: '/api/tokens' },
  { method: 'POST', path: '/api/tokens', body: { name: 'bot' } },
  { method: 'DELETE', path: '/api/tokens/{id}' },
  { method: 'GET', path: '/api/conversations' },
  { method: 'POST', path: '/api/conversations', body: { kind: 'group', title: 'T' }, optional: ['title'] },
  { method: 'GET', path: '/api/conversations/{id}' },
  { method: 'PATCH', path: '/api/conversations/{id}', body: { title: 'T' }, optional: ['title'] },
  { method: 'DELETE', path: '/api/conversations/{id}' },
  { method: 'GET', path: '/api/conversations/{id}/members' },
  {
    method: 'POST',
    path: '/api/conversations/{id}/members',
    body: { user: USER, role: 'member' },
    optional: ['role'],
  },
  { method: 'PATCH', path: '/api/conversations/{id}/members/{user}', body: { role: 'admin' } },
  { method: 'DELETE', path: '/api/conversations/{id}/members/{user}' },
  { method: 'GET', path: '/api/conversations/{id}/events' },
  { method: 'GET', path: '/api/conversations/{id}/messages' },
  { method: 'GET', path: '/api/conversations/{id}/export' },
  { method: 'POST', path: '/api/conversations/{id}/events', body: { type: 'message', text: 'hello' } },
  { method: 'GET', path: '/api/conversations/{id}/events/{event}/reads' },
  { method: 'PUT', path: '/api/conversations/{id}/read', body: { seq: 1 } },
  { method: 'GET', path: '/api/channels' },
  { method: 'GET', path: '/api/friends' },
  { method: 'DELETE', path: '/api/friends/{user}' },
  { method: 'GET', path: '/api/friend-requests' },
  { method: 'POST', path: '/api/friend-requests', body: { user: USER } },
  { method: 'PATCH', path: '/api/friend-requests/{id}', body: { status: 'ACCEPTED' } },
  { method: 'GET', path: '/api/blocks' },
  { method: 'GET', path: '/api/blocks/{user}' },
  { method: 'PUT', path: '/api/blocks/{user}' },
  { method: 'DELETE', path: '/api/blocks/{user}' },
  { method: 'GET', path: '/api/notifications' },
  { method: 'DELETE', path: '/api/notifications' },
  { method: 'DELETE', path: '/api/notifications/{id}' },
  { method: 'GET', path: '/api/push-key' },
  {
    method: 'POST',
    path: '/api/push-subscriptions',
    body: {
      endpoint: 'https://fcm.googleapis.com/fcm/send/table',
      keys: {
        p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
        auth: 'BTBZMqHH6r4Tts7J_aSIgg',
      },
    },
  },
  { method: 'DELETE', path: '/api/push-subscriptions' },
  { method: 'GET', path: '/api/search' },
  // Uploads speak tus, by headers and bytes (uploads.db.test.ts); what they have in common with the others holds for them too.
  { method: 'POST', path: '/api/uploads' },
  { method: 'GET', path: '/api/uploads/{id}' },
  { method: 'PATCH', path: '/api/uploads/{id}' },
  { method: 'DELETE', path: '/api/uploads/{id}' },
  { method: 'GET', path: '/api/attachments/{id}' },
  { method: 'GET', path: '/api/attachments/{id}/preview' },
  // Pictures come as bytes (avatars.db.test.ts).
  { method: 'PUT', path: '/api/users/me/avatar' },
  { method: 'POST', path: '/api/avatars' },
  { method: 'GET', path: '/api/avatars/{hash}' },
]

/** Two people and a group of theirs with something said in it. */
export async function makePlace(api: TestApi, prefix: string) {
  const [owner, other, stranger] = [
    await api.signUp(`${prefix}-owner`),
    await api.signUp(`${prefix}-other`),
    await api.signUp(`${prefix}-stranger`),
  ]
  const conversation = await api.group(owner, other)
  const { id: event } = await api.say(owner, conversation, 'something')
  const place: Place = { conversation, event, other: other.id }
  return { owner, other, stranger, place }
}

/** A route's path with ids of a place, or of nothing at all. */
export function fill({ path }: Endpoint, place?: Place): string {
  const id = path.startsWith('/api/conversations')
    ? (place?.conversation ?? newId())
    : path.startsWith('/api/sessions')
      ? 'ab'.repeat(32)
      : path.startsWith('/api/users')
        ? (place?.other ?? newId())
        : newId()
  return path
    .replace('{id}', id)
    .replace('{event}', place?.event ?? newId())
    .replace('{user}', place?.other ?? newId())
    .replace('{hash}', 'ab'.repeat(32))
}
