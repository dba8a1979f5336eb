import { type Limits, rest } from '@parley/protocol'
import { describe, expect, test } from 'vitest'
import { createTestApi, type Answer, type TestApi, type TestApiOptions } from '../../../../test/kit/api.ts'
import { useDatabase } from '../../../../test/kit/database.ts'

const database = useDatabase()
let count = 0
const newName = (): string => `limited${(count += 1)}`

/** An interface whose clock stands still but for `advance`, behind one proxy that says where requests come from. */
function start(limits: Partial<Limits>, more: TestApiOptions = {}): TestApi {
  const at = Date.now()
  return createTestApi(database, { limits, trustProxy: 1, now: () => at, ...more })
}

const from = (address: string) => ({ 'X-Forwarded-For': address })

/** What a refusal says: when to come back, and because of which variable. */
function expectLimited(answer: Answer, retryAfter: number, variable: string): void {
  expect([answer.status, answer.headers.get('Retry-After'), answer.error.code]).toEqual([
    429,
    String(retryAfter),
    'rate_limited',
  ])
  expect(answer.error.message).toContain(variable)
}

describe('commands by REST', () => {
  test('past the burst are refused, named, with the time to wait, and nothing was done', async () => {
    const api = start({ commandsPerSecond: 2, commandsBurst: 5 })
    const ana = await api.signUp(newName())
    const group = await api.group(ana)
    const say = (text: string): Promise<Answer> =>
      ana.ask('POST', `/api/conversations/${group}/events`, { type: 'message', text })
    for (let n = 0; n < 4; n += 1) expect((await say(`${n}`)).status).toBe(201)
    expectLimited(await say('too much'), 1, 'LIMIT_COMMANDS_PER_SECOND, LIMIT_COMMANDS_BURST')
    api.advance(499)
    expect((await say('still too much')).status).toBe(429)
    api.advance(1)
    expect((await say('4')).status).toBe(201)
    const { messages } = (await ana.ask('GET', `/api/conversations/${group}/messages`)).as(rest.messagePage)
    expect(messages.map(({ text }) => text)).toEqual(['0', '1', '2', '3', '4'])
  })

  test('that are refused, and repeats, count as well', async () => {
    const api = start({ commandsPerSecond: 1, commandsBurst: 4 })
    const [ana, ben] = [await api.signUp(newName()), await api.signUp(newName())]
    const group = await api.group(ana)
    const path = `/api/conversations/${group}/events`
    const message = { type: 'message', text: 'let me in' }
    const key = { 'Idempotency-Key': crypto.randomUUID() }
    for (let n = 0; n < 4; n += 1) expect((await ben.ask('POST', path, message)).status).toBe(403)
    expect((await ben.ask('POST', path, message)).status).toBe(429)
    for (let n = 0; n < 3; n += 1) expect((await ana.ask('POST', path, message, key)).status).toBe(201)
    expect((await ana.ask('POST', path, message, key)).status).toBe(429)
  })

  test('of one user do not hold up another, and reading goes on', async () => {
    const api = start({ commandsPerSecond: 1, commandsBurst: 2 })
    const [ana, ben] = [await api.signUp(newName()), await api.signUp(newName())]
    const group = await api.group(ana, ben)
    const path = `/api/conversations/${group}/events`
    await api.say(ana, group, 'last one')
    expect((await ana.ask('POST', path, { type: 'message', text: 'x' })).status).toBe(429)
    expect((await ana.ask('GET', path)).status).toBe(200)
    await api.say(ben, group, 'fine')
  })

  test('a deleted account leaves all its conversations, however many', async () => {
    const api = start({ commandsPerSecond: 1, commandsBurst: 3 })
    const ana = await api.signUp(newName())
    for (let n = 0; n < 6; n += 1) {
      await api.group(ana)
      api.advance(1000)
    }
    expect((await ana.ask('DELETE', '/api/users/me')).status).toBe(204)
  })
})

describe('requests', () => {
  test('of one user are limited, whatever they ask and from wherever', async () => {
    const api = start({ requestsPerSecond: 4, requestsBurst: 3 })
    const ana = await api.signUp(newName())
    const paths = ['/api/users/me', '/api/conversations', '/api/nothing', '/api/sessions']
    const statuses: number[] = []
    for (const [n, path] of paths.entries())
      statuses.push((await ana.ask('GET', path, undefined, from(`192.0.2.${n}`))).status)
    expect(statuses).toEqual([200, 200, 404, 200])
    expectLimited(await ana.ask('GET', '/api/users/me'), 1, 'LIMIT_REQUESTS_PER_SECOND, LIMIT_REQUESTS_BURST')
    api.advance(250)
    expect((await ana.ask('GET', '/api/users/me')).status).toBe(200)
  })

  test('from one address are limited, whoever asks, and elsewhere is elsewhere', async () => {
    const api = start({ addressRequestsPerSecond: 1, addressRequestsBurst: 4 })
    const ask = (address: string): Promise<Answer> =>
      api.ask('GET', '/api/openapi.json', undefined, from(address))
    for (let n = 0; n < 4; n += 1) expect((await ask('192.0.2.1')).status).toBe(200)
    expectLimited(await ask('192.0.2.1'), 1, 'LIMIT_ADDRESS_REQUESTS_PER_SECOND')
    expect((await ask('192.0.2.2')).status).toBe(200)
    // What the client claims stands further left.
    expect((await ask('192.0.2.77, 192.0.2.1')).status).toBe(429)
    // Of IPv6 it is the /64.
    for (let n = 0; n < 4; n += 1) expect((await ask(`2001:db8::${n}`)).status).toBe(200)
    expect((await ask('2001:db8::ffff:1')).status).toBe(429)
    expect((await ask('2001:db8:0:1::1')).status).toBe(200)
  })

  test('without a proxy to trust, the header changes nothing', async () => {
    const api = start({ addressRequestsPerSecond: 1, addressRequestsBurst: 8 }, { trustProxy: 0 })
    const statuses: number[] = []
    for (let n = 0; n < 9; n += 1)
      statuses.push((await api.ask('GET', '/api/openapi.json', undefined, from(`192.0.2.${n}`))).status)
    expect(statuses.at(0)).toBe(200)
    expect(statuses.at(-1)).toBe(429)
  })

  test('for whether the server lives are never limited; those that cost a query are', async () => {
    const api = start({ addressRequestsPerSecond: 1, addressRequestsBurst: 3 })
    const ask = (path: string): Promise<Answer> => api.ask('GET', path, undefined, from('192.0.2.1'))
    for (let n = 0; n < 10; n += 1) expect((await ask('/healthz')).status).toBe(200)
    for (let n = 0; n < 3; n += 1) expect((await ask('/readyz')).status).toBe(200)
    expect((await ask('/readyz')).status).toBe(429)
  })

  test.each([
    ['token', { Authorization: 'Bearer parley_guessed' }],
    ['session', { Cookie: 'parley_session=guessed' }],
  ])('with a guessed %s cost ten times as much', async (_what, credential) => {
    const api = start({ addressRequestsPerSecond: 1, addressRequestsBurst: 30 })
    const guess = (): Promise<Answer> =>
      api.ask('GET', '/api/users/me', undefined, { ...credential, ...from('192.0.2.1') })
    for (let n = 0; n < 3; n += 1) expect((await guess()).status).toBe(401)
    expect((await guess()).status).toBe(429)
    const other = await api.ask('GET', '/api/users/me', undefined, { ...credential, ...from('192.0.2.2') })
    expect(other.status).toBe(401)
  })
})

describe('logging in', () => {
  const wait = { logInFailures: 3, logInWaitSeconds: 60 }
  const logIn = (api: TestApi, login: string, password: string, address = '192.0.2.1'): Promise<Answer> =>
    api.ask('POST', '/api/sessions', { login, password }, from(address))

  test('waits after wrong passwords, also with the right one, and then goes on', async () => {
    const api = start(wait)
    const ana = await api.signUp(newName())
    for (let n = 0; n < 3; n += 1) expect((await logIn(api, ana.username, 'wrong')).status).toBe(401)
    expectLimited(await logIn(api, ana.username, ana.password), 1, 'LIMIT_LOG_IN_FAILURES')
    api.advance(1000)
    expect((await logIn(api, ana.username, 'wrong')).status).toBe(401)
    expectLimited(await logIn(api, ana.username, ana.password), 2, 'LIMIT_LOG_IN_FAILURES')
    api.advance(2000)
    expect((await logIn(api, ana.username, ana.password)).status).toBe(201)
  })

  test('[S2] behaves the same whether the account exists or not, to the letter', async () => {
    const api = start(wait)
    const ana = await api.signUp(newName())
    const answers = async (login: string, address: string): Promise<unknown[]> => {
      const seen: unknown[] = []
      for (let n = 0; n < 6; n += 1) {
        const answer = await logIn(api, login, 'wrong', address)
        seen.push([answer.status, answer.headers.get('Retry-After'), answer.body])
      }
      return seen
    }
    expect(await answers(ana.username, '192.0.2.1')).toEqual(await answers('nobody.at.all', '192.0.2.2'))
  })

  test('the owner gets in while a stranger elsewhere keeps failing', async () => {
    const api = start(wait)
    const ana = await api.signUp(newName())
    for (let n = 0; n < 20; n += 1) await logIn(api, ana.username, 'wrong', '203.0.113.66')
    expect((await logIn(api, ana.username, ana.password)).status).toBe(201)
  })

  test('letters in another case are the same account', async () => {
    const api = start(wait)
    const ana = await api.signUp(newName())
    for (const login of [ana.username, ana.username.toUpperCase(), ana.username.replace('l', 'L')])
      expect((await logIn(api, login, 'wrong')).status).toBe(401)
    expect((await logIn(api, ana.username, 'wrong')).status).toBe(429)
  })

  test('for many accounts from one address is limited by the hour', async () => {
    const api = start({ addressLogInFailuresPerHour: 4 })
    for (let n = 0; n < 4; n += 1) expect((await logIn(api, `user${n}`, 'wrong')).status).toBe(401)
    expectLimited(await logIn(api, 'user5', 'wrong'), 900, 'LIMIT_ADDRESS_LOG_IN_FAILURES_PER_HOUR')
  })

  test('the current password cannot be guessed with a stolen session either', async () => {
    const api = start(wait)
    const ana = await api.signUp(newName())
    const change = (currentPassword: string): Promise<Answer> =>
      ana.ask('PATCH', '/api/users/me', { password: 'quite another one', currentPassword }, from('192.0.2.9'))
    for (let n = 0; n < 3; n += 1) expect((await change('wrong')).status).toBe(403)
    expectLimited(await change(ana.password), 1, 'LIMIT_LOG_IN_FAILURES')
    // What needs no password goes on.
    expect((await ana.ask('PATCH', '/api/users/me', { name: 'Ana' }, from('192.0.2.9'))).status).toBe(200)
    api.advance(1000)
    expect((await change(ana.password)).status).toBe(200)
    expect((await logIn(api, ana.username, 'quite another one')).status).toBe(201)
  })

  test('many at once try no more than one after the other', async () => {
    const api = start(wait)
    const ana = await api.signUp(newName())
    const answers = await Promise.all(Array.from({ length: 12 }, () => logIn(api, ana.username, 'wrong')))
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(3)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(9)
  })
})

describe('signing up', () => {
  const signUp = (api: TestApi, address: string, username = newName()): Promise<Answer> =>
    api.ask(
      'POST',
      '/api/users',
      { email: `${username}@example.org`, username, name: 'New', password: 'a good secret' },
      from(address),
    )

  test('is limited by address, and comes back with time', async () => {
    const api = start({ addressSignUpsPerHour: 2 })
    expect((await signUp(api, '192.0.2.1')).status).toBe(201)
    expect((await signUp(api, '192.0.2.1')).status).toBe(201)
    const username = newName()
    expectLimited(await signUp(api, '192.0.2.1', username), 1800, 'LIMIT_ADDRESS_SIGN_UPS_PER_HOUR')
    expect((await signUp(api, '192.0.2.2')).status).toBe(201)
    api.advance(1_800_000)
    // Nothing was done the first time: the name is free.
    expect((await signUp(api, '192.0.2.1', username)).status).toBe(201)
  })

  test('is limited altogether, which uses up no address’s own', async () => {
    const api = start({ addressSignUpsPerHour: 1, signUpsPerHour: 2 })
    expect((await signUp(api, '192.0.2.1')).status).toBe(201)
    expect((await signUp(api, '192.0.2.2')).status).toBe(201)
    expectLimited(await signUp(api, '192.0.2.3'), 1800, 'LIMIT_SIGN_UPS_PER_HOUR')
    api.advance(1_800_000)
    expect((await signUp(api, '192.0.2.3')).status).toBe(201)
  })

  test('what is not valid counts for nothing', async () => {
    const api = start({ addressSignUpsPerHour: 1 })
    for (let n = 0; n < 5; n += 1) expect((await signUp(api, '192.0.2.1', 'No Username')).status).toBe(400)
    expect((await signUp(api, '192.0.2.1')).status).toBe(201)
  })
})
