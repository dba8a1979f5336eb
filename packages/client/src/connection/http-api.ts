import { event, messageEvent, rest } from '@parley/protocol'
import { z } from 'zod'
import type { Answer, Api } from './api.ts'
import { type AskOptions, createAsk, nothing } from './ask.ts'
import { uploadMetadata } from '../uploads/upload-metadata.ts'

/** The most ids that one question for profiles carries: keeps the address short. */
const IDS_AT_ONCE = 50

/** Members of a channel in one answer. */
const MEMBERS_AT_ONCE = 200

/** What tus wants of every request that changes something. */
const TUS = { 'tus-resumable': '1.0.0' }

const eventPage = z.object({ events: z.array(event) }).transform(({ events }) => events)
const messagePage = z.object({ messages: z.array(messageEvent) }).transform(({ messages }) => messages)
const pushKey = rest.pushKey.transform(({ key }) => key)
/** A reaction that was so already is answered by a status alone. */
const saidOrNothing = rest.said.optional()

/** The REST interface over `fetch`. */
export function httpApi(options: AskOptions): Api {
  const ask = createAsk(options)
  const { one, page, all, url } = ask

  const me = () => one({ path: '/users/me', answer: rest.me })
  const thenMe = async (answer: Answer<undefined>): Promise<Answer<rest.Me>> =>
    answer.ok ? await me() : answer
  const done = (method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown) =>
    one({ method, path, body, answer: nothing })
  const people = (query: { ids: readonly string[] } | { q: string } | { email: string }) =>
    all({ path: '/users', query: { ...query }, name: 'users', item: rest.user })
  const within = (id: string, path = '') => `/conversations/${id}${path}`

  return {
    // A browser that keeps no cookies is told at the door, and not at the first thing it does.
    signUp: async (body) => await thenMe(await done('POST', '/users', body)),
    me,
    updateMe: (body) => one({ method: 'PATCH', path: '/users/me', body, answer: rest.me }),
    setAvatar: (bytes, mediaType) =>
      one({
        method: 'PUT',
        path: '/users/me/avatar',
        bytes,
        headers: { 'content-type': mediaType },
        answer: rest.me,
      }),
    addAvatar: (bytes, mediaType) =>
      one({
        method: 'POST',
        path: '/avatars',
        bytes,
        headers: { 'content-type': mediaType },
        answer: rest.addedAvatar,
      }),
    deleteMe: () => done('DELETE', '/users/me'),
    user: (id) => one({ path: `/users/${id}`, answer: rest.user }),
    users: async (ids) => {
      const found: rest.User[] = []
      for (let from = 0; from < ids.length; from += IDS_AT_ONCE) {
        const answer = await people({ ids: ids.slice(from, from + IDS_AT_ONCE) })
        if (!answer.ok) return answer
        found.push(...answer.value)
      }
      return { ok: true, value: found }
    },
    searchUsers: (q) => people({ q }),
    usersByEmail: (email) => people({ email }),

    signIn: async (body) => await thenMe(await done('POST', '/sessions', body)),
    signOut: () => done('DELETE', '/sessions/current'),
    sessions: () => all({ path: '/sessions', name: 'sessions', item: rest.session }),
    endSession: (id) => done('DELETE', `/sessions/${encodeURIComponent(id)}`),
    tokens: () => all({ path: '/tokens', name: 'tokens', item: rest.token }),
    createToken: (name) =>
      one({ method: 'POST', path: '/tokens', body: { name }, answer: rest.createdToken }),
    deleteToken: (id) => done('DELETE', `/tokens/${encodeURIComponent(id)}`),

    friends: () => all({ path: '/friends', name: 'friends', item: rest.friend }),
    removeFriend: (user) => done('DELETE', `/friends/${user}`),
    friendRequests: (query) =>
      all({
        path: '/friend-requests',
        query: { ...query },
        name: 'friendRequests',
        item: rest.friendRequest,
      }),
    requestFriend: (user, key) =>
      one({ method: 'POST', path: '/friend-requests', body: { user }, key, answer: rest.friendRequest }),
    answerFriendRequest: (id, status) =>
      one({ method: 'PATCH', path: `/friend-requests/${id}`, body: { status }, answer: rest.friendRequest }),
    blocks: () => all({ path: '/blocks', name: 'blocks', item: rest.blocked }),
    blockOf: (user) => one({ path: `/blocks/${user}`, answer: rest.blocked }),
    block: (user) => done('PUT', `/blocks/${user}`),
    unblock: (user) => done('DELETE', `/blocks/${user}`),

    conversations: () =>
      all({ path: '/conversations', name: 'conversations', item: rest.conversationSummary }),
    conversation: (id) => one({ path: within(id), answer: rest.conversationSummary }),
    createConversation: (body, key) =>
      one({ method: 'POST', path: '/conversations', body, key, answer: rest.conversationSummary }),
    updateConversation: (id, body) =>
      one({ method: 'PATCH', path: within(id), body, answer: rest.conversationSummary }),
    deleteConversation: (id) => done('DELETE', within(id)),
    channels: (q, next) =>
      page({ path: '/channels', query: { q }, name: 'channels', item: rest.channel }, next),
    members: (id) => all({ path: within(id, '/members'), name: 'members', item: rest.member }),
    membersPage: (id, next) =>
      page(
        {
          path: within(id, '/members'),
          query: { limit: MEMBERS_AT_ONCE },
          name: 'members',
          item: rest.member,
        },
        next,
      ),
    addMember: (id, body, key) =>
      one({ method: 'POST', path: within(id, '/members'), body, key, answer: rest.member }),
    changeRole: (id, user, role) =>
      one({ method: 'PATCH', path: within(id, `/members/${user}`), body: { role }, answer: rest.member }),
    removeMember: (id, user) => done('DELETE', within(id, `/members/${user}`)),

    events: (id, query) => one({ path: within(id, '/events'), query: { ...query }, answer: eventPage }),
    messages: (id, query) => one({ path: within(id, '/messages'), query: { ...query }, answer: messagePage }),
    say: (id, body, key) =>
      one({ method: 'POST', path: within(id, '/events'), body, key, answer: saidOrNothing }),
    readers: (id, of) => all({ path: within(id, `/events/${of}/reads`), name: 'reads', item: rest.reader }),
    markRead: (id, seq) => done('PUT', within(id, '/read'), { seq }),
    exportUrl: (id) => url(within(id, '/export?format=jsonl')),

    search: (query, next) =>
      page({ path: '/search', query: { ...query }, name: 'results', item: rest.searchResult }, next),

    notifications: () => all({ path: '/notifications', name: 'notifications', item: rest.notification }),
    acknowledge: (id) => done('DELETE', `/notifications/${id}`),
    acknowledgeUpTo: (id) => done('DELETE', `/notifications?upTo=${id}`),

    pushKey: () => one({ path: '/push-key', answer: pushKey }),
    subscribePush: (subscription) => done('POST', '/push-subscriptions', subscription),
    unsubscribePush: () => done('DELETE', '/push-subscriptions'),

    uploadsUrl: () => url('/uploads'),
    beginUpload: ({ id, conversation, name, mediaType, size }) =>
      one({
        method: 'POST',
        path: '/uploads',
        headers: {
          ...TUS,
          'upload-length': String(size),
          'upload-metadata': uploadMetadata({ id, conversation, filename: name, filetype: mediaType }),
        },
        answer: nothing,
      }),
    appendUpload: (id, offset, bytes) =>
      one({
        method: 'PATCH',
        path: `/uploads/${id}`,
        headers: {
          ...TUS,
          'content-type': 'application/offset+octet-stream',
          'upload-offset': String(offset),
        },
        bytes,
        answer: nothing,
      }),
    upload: (id) => one({ path: `/uploads/${id}`, answer: rest.upload }),
    discardUpload: (id) => one({ method: 'DELETE', path: `/uploads/${id}`, headers: TUS, answer: nothing }),
    attachmentUrl: (id) => url(`/attachments/${id}`),
    previewUrl: (id) => url(`/attachments/${id}/preview`),
  }
}
