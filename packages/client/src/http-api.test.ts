import { type CommandId, newId, type UserId } from '@parley/protocol'
import { describe, expect, test } from 'vitest'
import type { Answer, Api } from './api.ts'
import { httpApi } from './http-api.ts'
import type { Fetch } from './ports.ts'
import { testClock } from './testing/clock.ts'
import { conversation } from './testing/logs.ts'

interface Served {
  readonly status: number
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
}

const answering =
  ({ status, body = '', headers = {} }: Served): Fetch =>
  async () => ({ status, headers: { get: (name) => headers[name] ?? null }, text: async () => body })
const apiOver = (fetch: Fetch, clock = testClock()) => httpApi({ url: 'https://x', fetch, clock })
const error = (code: string) => JSON.stringify({ error: { code, message: 'why' } })
const ben = newId<UserId>()
const page = '<html>log in to the hotel</html>'

type Asking = {
  readonly [F in keyof Api as ReturnType<Api[F]> extends string ? never : F]: Promise<Answer<unknown>>
}
type Questions = { readonly [F in keyof Asking]: () => Asking[F] }

/** Every question that there is, each with its own form of answer. */
function questions(fetch: Fetch): readonly (readonly [keyof Questions, () => Promise<Answer<unknown>>])[] {
  const api = apiOver(fetch)
  const all: Questions = {
    signUp: () => api.signUp({ email: 'a@b.c', username: 'ana', name: 'Ana', password: 'secret' }),
    me: () => api.me(),
    updateMe: () => api.updateMe({ name: 'Ana' }),
    deleteMe: () => api.deleteMe(),
    user: () => api.user(ben),
    users: () => api.users([ben]),
    searchUsers: () => api.searchUsers('an'),
    usersByEmail: () => api.usersByEmail('a@b.c'),
    signIn: () => api.signIn({ login: 'ana', password: 'secret' }),
    signOut: () => api.signOut(),
    sessions: () => api.sessions(),
    endSession: () => api.endSession('x'),
    tokens: () => api.tokens(),
    createToken: () => api.createToken('x'),
    deleteToken: () => api.deleteToken('x'),
    friends: () => api.friends(),
    removeFriend: () => api.removeFriend(ben),
    friendRequests: () => api.friendRequests({ status: 'PENDING' }),
    requestFriend: () => api.requestFriend(ben),
    answerFriendRequest: () => api.answerFriendRequest(newId(), 'ACCEPTED'),
    blocks: () => api.blocks(),
    blockOf: () => api.blockOf(ben),
    block: () => api.block(ben),
    unblock: () => api.unblock(ben),
    conversations: () => api.conversations(),
    conversation: () => api.conversation(conversation),
    createConversation: () => api.createConversation({ kind: 'group' }),
    updateConversation: () => api.updateConversation(conversation, { title: 'x' }),
    deleteConversation: () => api.deleteConversation(conversation),
    channels: () => api.channels('x', 'next'),
    members: () => api.members(conversation),
    addMember: () => api.addMember(conversation, { user: ben }),
    changeRole: () => api.changeRole(conversation, ben, 'admin'),
    removeMember: () => api.removeMember(conversation, ben),
    events: () => api.events(conversation, { after: 0, limit: 1 }),
    messages: () => api.messages(conversation, {}),
    say: () => api.say(conversation, { type: 'message', text: 'x' }),
    readers: () => api.readers(conversation, newId()),
    markRead: () => api.markRead(conversation, 1),
    notifications: () => api.notifications(),
    acknowledge: () => api.acknowledge(newId()),
    acknowledgeUpTo: () => api.acknowledgeUpTo(newId()),
    upload: () => api.upload(newId()),
    discardUpload: () => api.discardUpload(newId()),
  }
  return Object.entries(all) as [keyof Questions, () => Promise<Answer<unknown>>][]
}

/** These say all by their status. */
const SAID_BY_STATUS: ReadonlySet<keyof Questions> = new Set([
  'deleteMe',
  'signOut',
  'endSession',
  'deleteToken',
  'removeFriend',
  'block',
  'unblock',
  'deleteConversation',
  'removeMember',
  'markRead',
  'acknowledge',
  'acknowledgeUpTo',
  'discardUpload',
])

describe('REST: whatever the server does is an answer, never a rejection', () => {
  const failures: readonly (readonly [string, Fetch, object])[] = [
    ['no network', () => Promise.reject(new TypeError('failed')), { code: 'unavailable' }],
    [
      'fetch throwing at once',
      () => {
        throw new TypeError('bad address')
      },
      { code: 'unavailable' },
    ],
    [
      'a connection cut within the body',
      async () => ({
        status: 200,
        headers: { get: () => null },
        text: () => Promise.reject(new TypeError('cut')),
      }),
      { code: 'unavailable' },
    ],
    [
      '401',
      answering({ status: 401, body: error('unauthenticated') }),
      { code: 'unauthenticated', message: 'why' },
    ],
    ['403', answering({ status: 403, body: error('forbidden') }), { code: 'forbidden' }],
    ['409', answering({ status: 409, body: error('conflict') }), { code: 'conflict' }],
    ['409 for its own reason', answering({ status: 409, body: error('archived') }), { code: 'archived' }],
    [
      '429 with its time',
      answering({ status: 429, body: error('rate_limited'), headers: { 'retry-after': '7' } }),
      { code: 'rate_limited', retryAfter: 7000 },
    ],
    ['429 of a proxy', answering({ status: 429, body: page }), { code: 'rate_limited' }],
    ['500', answering({ status: 500, body: error('internal') }), { code: 'internal' }],
    ['502 of a proxy', answering({ status: 502, body: page }), { code: 'unavailable' }],
    ['503', answering({ status: 503, body: error('unavailable') }), { code: 'unavailable' }],
    [
      'a status and a code nobody knows',
      answering({ status: 599, body: error('odd') }),
      { code: 'internal' },
    ],
    ['a page where JSON was asked for', answering({ status: 200, body: page }), { code: 'internal' }],
  ]
  test.each(failures)('%s', async (_, fetch, expected) => {
    for (const [name, ask] of questions(fetch)) {
      expect(await ask(), name).toMatchObject({ ok: false, ...expected })
    }
  })

  test('JSON of another form is not taken for an answer', async () => {
    for (const body of ['null', '[]', '{}', '{"events":[{"seq":"1"}],"users":7,"id":3}']) {
      for (const [name, ask] of questions(answering({ status: 200, body }))) {
        if (!SAID_BY_STATUS.has(name))
          expect(await ask(), `${name} ${body}`).toMatchObject({ ok: false, code: 'internal' })
      }
    }
  })

  test('a server that never answers counts as gone after half a minute', async () => {
    const clock = testClock()
    const silent = () => new Promise<never>(() => undefined)
    const asked = apiOver(silent, clock).me()
    clock.advance(29_999)
    let isAnswered = false
    void asked.then(() => (isAnswered = true))
    await Promise.resolve()
    expect(isAnswered).toBe(false)
    clock.advance(1)
    expect(await asked).toMatchObject({ ok: false, code: 'unavailable' })
  })

  test('a call that was given up is ended, and one that was answered is not', async () => {
    const clock = testClock()
    let ended = 0
    const counting =
      (answer: Fetch): Fetch =>
      (url, init) => {
        init.onGivenUp(() => (ended += 1))
        return answer(url, init)
      }
    await apiOver(counting(answering({ status: 401 })), clock).me()
    clock.advance(60_000)
    expect(ended).toBe(0)
    const asked = apiOver(
      counting(() => new Promise<never>(() => undefined)),
      clock,
    ).me()
    clock.advance(30_000)
    await asked
    expect(ended).toBe(1)
  })

  test('[C1] a key goes along where there is one, and only there', async () => {
    const keys: (string | undefined)[] = []
    const keeping: Fetch = (url, init) => {
      keys.push(init.headers['idempotency-key'])
      return answering({ status: 403, body: error('forbidden') })(url, init)
    }
    const key = newId<CommandId>()
    const said = { type: 'message', text: 'x' } as const
    await apiOver(keeping).say(conversation, said, key)
    await apiOver(keeping).say(conversation, said)
    expect(keys).toEqual([key, undefined])
  })

  test('what stands in an address is written so that it stays what it is', async () => {
    const asked: string[] = []
    const keeping: Fetch = (url, init) => {
      asked.push(url)
      return answering({ status: 403, body: error('forbidden') })(url, init)
    }
    await apiOver(keeping).searchUsers('a&b=c/ä')
    await apiOver(keeping).endSession('../tokens')
    await apiOver(keeping).events(conversation, { after: 3, types: ['message', 'meta'] })
    expect(asked).toEqual([
      'https://x/api/users?q=a%26b%3Dc%2F%C3%A4',
      'https://x/api/sessions/..%2Ftokens',
      `https://x/api/conversations/${conversation}/events?after=3&types=message%2Cmeta`,
    ])
  })

  test('a list whose cursor leads nowhere ends', async () => {
    const body = JSON.stringify({ users: [], next: 'again' })
    expect(await apiOver(answering({ status: 200, body })).searchUsers('a')).toMatchObject({
      ok: false,
      code: 'internal',
    })
  })
})
