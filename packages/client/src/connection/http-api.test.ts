import { type CommandId, newId, type UserId } from '@parley/protocol'
import { describe, expect, test } from 'vitest'
import type { Answer, Api } from './api.ts'
import { httpApi } from './http-api.ts'
import type { Fetch } from '../ports.ts'
import { testClock } from '../testing/clock.ts'
import { conversation } from '../testing/logs.ts'

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
    setAvatar: () => api.setAvatar(new Blob(['a']), 'image/webp'),
    addAvatar: () => api.addAvatar(new Blob(['a']), 'image/webp'),
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
    membersPage: () => api.membersPage(conversation),
    addMember: () => api.addMember(conversation, { user: ben }),
    changeRole: () => api.changeRole(conversation, ben, 'admin'),
    removeMember: () => api.removeMember(conversation, ben),
    events: () => api.events(conversation, { after: 0, limit: 1 }),
    messages: () => api.messages(conversation, {}),
    say: () => api.say(conversation, { type: 'message', text: 'x' }),
    readers: () => api.readers(conversation, newId()),
    markRead: () => api.markRead(conversation, 1),
    search: () => api.search({ q: 'x', conversation }),
    notifications: () => api.notifications(),
    acknowledge: () => api.acknowledge(newId()),
    acknowledgeUpTo: () => api.acknowledgeUpTo(newId()),
    pushKey: () => api.pushKey(),
    subscribePush: () =>
      api.subscribePush({ endpoint: 'https://push.example.org', keys: { p256dh: '', auth: '' } }),
    unsubscribePush: () => api.unsubscribePush(),
    upload: () => api.upload(newId()),
    beginUpload: () =>
      api.beginUpload({ id: newId(), conversation: newId(), name: 'a', mediaType: 'text/plain', size: 1 }),
    appendUpload: () => api.appendUpload(newId(), 0, new Blob(['a'])),
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
  'subscribePush',
  'unsubscribePush',
  'beginUpload',
  'appendUpload',
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
      answering({ status: 429, body: error('rate_limited'), headers: { 'retry-after': '70' } }),
      { code: 'rate_limited', retryAfter: 70_000 },
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

describe('REST: a server that says "not now" is left alone for as long as it says', () => {
  const profile = JSON.stringify({ id: ben, username: 'ben', name: 'Ben' })
  /** A server that answers "too much" until it is told otherwise, and counts what it is asked. */
  function busyServer(retryAfter: string) {
    const state = { isBusy: true, asked: 0 }
    const fetch: Fetch = async () => {
      state.asked += 1
      return state.isBusy
        ? { status: 429, headers: { get: () => retryAfter }, text: async () => error('rate_limited') }
        : { status: 200, headers: { get: () => null }, text: async () => profile }
    }
    const clock = testClock()
    return { state, fetch, clock, api: apiOver(fetch, clock) }
  }
  const turns = () => new Promise((resolve) => setTimeout(resolve))

  test('a question waits for that time, is asked then, and is answered as if nothing had been', async () => {
    const { state, clock, api } = busyServer('7')
    const asked = api.user(ben)
    await turns()
    state.isBusy = false
    clock.advance(6_999)
    await turns()
    expect(state.asked).toBe(1)
    clock.advance(1)
    expect(await asked).toMatchObject({ ok: true, value: { name: 'Ben' } })
    expect(state.asked).toBe(2)
  })

  test('others that are asked meanwhile wait, too, instead of asking', async () => {
    const { state, clock, api } = busyServer('7')
    const first = api.user(ben)
    await turns()
    const others = [api.user(ben), api.user(ben)]
    await turns()
    expect(state.asked).toBe(1)
    state.isBusy = false
    clock.advance(7_000)
    for (const answer of await Promise.all([first, ...others])) expect(answer.ok).toBe(true)
  })

  test('half a minute is as long as a question waits; what comes after it is not asked at all before its time', async () => {
    const { state, clock, api } = busyServer('20')
    const asked = api.user(ben)
    await turns()
    clock.advance(20_000)
    expect(await asked).toMatchObject({ ok: false, code: 'rate_limited', retryAfter: 20_000 })
    expect(state.asked).toBe(2)
    const far = busyServer('100')
    expect(await far.api.user(ben)).toMatchObject({ ok: false, retryAfter: 100_000 })
    far.clock.advance(60_000)
    expect(await far.api.user(ben)).toMatchObject({ ok: false, code: 'rate_limited', retryAfter: 40_000 })
    expect(far.state.asked).toBe(1)
    far.clock.advance(40_000)
    far.state.isBusy = false
    expect(await far.api.user(ben)).toMatchObject({ ok: true })
  })

  test('what changes something is not held back: who gave it hears at once', async () => {
    const { state, api } = busyServer('7')
    expect(await api.signIn({ login: 'ana', password: 'secret' })).toMatchObject({
      ok: false,
      retryAfter: 7_000,
    })
    expect(await api.updateMe({ name: 'Ana' })).toMatchObject({ ok: false, retryAfter: 7_000 })
    expect(state.asked).toBe(2)
  })

  test('a time of nothing is taken for a second, a day for ten minutes, and a date for what it is', async () => {
    const soon = busyServer('0')
    const asked = soon.api.user(ben)
    await turns()
    expect(soon.state.asked).toBe(1)
    soon.state.isBusy = false
    soon.clock.advance(1_000)
    expect(await asked).toMatchObject({ ok: true })

    const day = busyServer('86400')
    await day.api.user(ben)
    day.state.isBusy = false
    day.clock.advance(600_000)
    expect(await day.api.user(ben)).toMatchObject({ ok: true })

    const dated = busyServer(new Date(1_000_000 + 90_000).toUTCString())
    expect(await dated.api.user(ben)).toMatchObject({ ok: false, retryAfter: 90_000 })
  })

  test('a clock that is set back silences nobody', async () => {
    let now = 10_000_000
    const { state, fetch, clock } = busyServer('100')
    const api = httpApi({ url: 'https://x', fetch, clock: { ...clock, now: () => now } })
    await api.user(ben)
    state.isBusy = false
    now = 0
    expect(await api.user(ben)).toMatchObject({ ok: true })
  })
})
