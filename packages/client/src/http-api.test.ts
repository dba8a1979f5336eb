import { describe, expect, test } from 'vitest'
import type { Answer } from './api.ts'
import { httpApi } from './http-api.ts'
import type { Fetch } from './ports.ts'
import { testClock } from './testing/clock.ts'
import { conversation, logOf } from './testing/logs.ts'

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
const page = '<html>log in to the hotel</html>'

/** Every question, each with its own form of answer. */
const questions = (fetch: Fetch): readonly (readonly [string, () => Promise<Answer<unknown>>])[] => {
  const api = apiOver(fetch)
  return [
    ['signUp', () => api.signUp({ email: 'a@b.c', username: 'ana', name: 'Ana', password: 'secret' })],
    ['signIn', () => api.signIn({ login: 'ana', password: 'secret' })],
    ['signOut', () => api.signOut()],
    ['me', () => api.me()],
    ['updateMe', () => api.updateMe({ name: 'Ana' })],
    ['users', () => api.users(logOf(1).map(({ author }) => author))],
    ['searchUsers', () => api.searchUsers('an')],
    ['sessions', () => api.sessions()],
    ['endSession', () => api.endSession('x')],
    ['conversations', () => api.conversations()],
    ['conversation', () => api.conversation(conversation)],
    ['members', () => api.members(conversation)],
    ['events', () => api.events(conversation, { after: 0, limit: 1 })],
  ]
}

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
        // These two say all by their status.
        if (name !== 'signOut' && name !== 'endSession')
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

  test('a list whose cursor leads nowhere ends', async () => {
    const body = JSON.stringify({ users: [], next: 'again' })
    expect(await apiOver(answering({ status: 200, body })).searchUsers('a')).toMatchObject({
      ok: false,
      code: 'internal',
    })
  })
})
