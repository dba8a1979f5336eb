import { rest } from '@parley/protocol'
import { expect, test } from 'vitest'
import { cookieOf, createTestApi, HOST, ORIGIN, type Person } from '../../../../test/kit/api.ts'
import { useDatabase } from '../../../../test/kit/database.ts'
import type { Revocation } from './identity.ts'
import { createPasswords } from './passwords.ts'

const database = useDatabase()

const logIn = (api: ReturnType<typeof createTestApi>, login: string, password: string) =>
  api.ask('POST', '/api/sessions', { login, password })

const isSignedIn = async (api: ReturnType<typeof createTestApi>, cookie: string) =>
  (await api.as(cookie)('GET', '/api/users/me')).status === 200

/** Everything the auth module announces while `act` runs. */
async function revoked(
  api: ReturnType<typeof createTestApi>,
  act: () => Promise<unknown>,
): Promise<Revocation[]> {
  const heard: Revocation[] = []
  const stop = api.auth.onRevoked((revocation) => heard.push(revocation))
  await act()
  stop()
  return heard
}

const sessionsOf = async (person: Person) =>
  (await person.ask('GET', '/api/sessions')).as(rest.sessionList).sessions

test('signing up logs in, and log-in takes the email or the username in any case', async () => {
  const api = createTestApi(database)
  const ana = await api.signUp('ana')
  expect(await isSignedIn(api, ana.cookie)).toBe(true)
  for (const login of ['ana', 'ANA', 'ana@example.org', 'Ana@Example.ORG']) {
    const answer = await logIn(api, login, ana.password)
    expect(answer.status).toBe(201)
    expect(answer.as(rest.me).id).toBe(ana.id)
    expect(await isSignedIn(api, cookieOf(answer))).toBe(true)
  }
})

test('a taken email or username is a conflict that names the field', async () => {
  const api = createTestApi(database)
  await api.signUp('taken')
  const details = { email: 'other@example.org', username: 'other', name: 'x', password: 'long enough' }
  const email = await api.ask('POST', '/api/users', { ...details, email: 'TAKEN@example.org' })
  const username = await api.ask('POST', '/api/users', { ...details, username: 'taken' })
  expect([email.status, email.error.details]).toEqual([409, { field: 'email' }])
  expect([username.status, username.error.details]).toEqual([409, { field: 'username' }])
  expect((await logIn(api, 'other', 'long enough')).status).toBe(401)
})

test('a server that is closed to newcomers takes none', async () => {
  const api = createTestApi(database, { signUp: 'closed' })
  const answer = await api.ask('POST', '/api/users', {
    email: 'late@example.org',
    username: 'late',
    name: 'x',
    password: 'long enough',
  })
  expect([answer.status, answer.error.code]).toEqual([403, 'forbidden'])
})

test('an unknown user and a wrong password get one answer after the same work', async () => {
  let verifications = 0
  const real = createPasswords()
  const passwords = {
    hash: real.hash,
    verify: (hash: string | undefined, password: string) => {
      verifications += 1
      return real.verify(hash, password)
    },
  }
  const api = createTestApi(database, { passwords })
  const known = await api.signUp('known')
  const wrong = await logIn(api, known.username, 'not the password')
  expect(verifications).toBe(1)
  const unknown = await logIn(api, 'nobody-at-all', 'not the password')
  expect(verifications).toBe(2)
  expect(unknown.status).toBe(401)
  expect([unknown.status, unknown.body, [...unknown.headers]]).toEqual([
    wrong.status,
    wrong.body,
    [...wrong.headers],
  ])
})

test('the cookie is out of reach of scripts and other sites, and secure outside localhost', async () => {
  const local = await createTestApi(database).ask('POST', '/api/users', {
    email: 'c1@example.org',
    username: 'cookie1',
    name: 'x',
    password: 'long enough',
  })
  expect(local.headers.get('Set-Cookie')).toMatch(
    /^parley_session=[a-z2-7]{40}; HttpOnly; Max-Age=34560000; Path=\/; SameSite=Lax$/,
  )
  const remote = await createTestApi(database, { secureCookies: true }).ask('POST', '/api/sessions', {
    login: 'cookie1',
    password: 'long enough',
  })
  expect(remote.headers.get('Set-Cookie')).toMatch(
    /^__Host-parley_session=.*; HttpOnly;.*; Path=\/; SameSite=Lax; Secure$/,
  )
})

test('[S6] a stolen database opens no session: neither cookie nor token is in it', async () => {
  const api = createTestApi(database)
  const ana = await api.signUp('stored')
  const { token } = (await ana.ask('POST', '/api/tokens', { name: 'bot' })).as(rest.createdToken)
  const dump: string[] = []
  for (const table of ['sessions', 'tokens', 'credentials', 'users']) {
    const { rows } = await database.pool.query<{ row: string }>(`SELECT t::text AS row FROM ${table} t`)
    dump.push(...rows.map(({ row }) => row))
  }
  const secrets = [ana.cookie.split('=')[1] ?? '', token, ana.password]
  for (const secret of secrets) {
    const spellings = [secret, Buffer.from(secret).toString('hex'), Buffer.from(secret).toString('base64')]
    expect(spellings.filter((spelling) => dump.some((row) => row.includes(spelling)))).toEqual([])
  }
  const handles = (await sessionsOf(ana)).map(({ id }) => id)
  for (const handle of handles) expect(await isSignedIn(api, `parley_session=${handle}`)).toBe(false)
})

test('[S4] logging out ends that session, says so, and no other', async () => {
  const api = createTestApi(database)
  const ana = await api.signUp('logout')
  const other = cookieOf(await logIn(api, 'logout', ana.password))
  const [{ id } = { id: '' }] = (await sessionsOf(ana)).filter(({ current }) => current)
  const heard = await revoked(api, () => ana.ask('DELETE', '/api/sessions/current'))
  expect(heard).toEqual([{ user: ana.id, credentialId: id }])
  expect(await isSignedIn(api, ana.cookie)).toBe(false)
  expect(await isSignedIn(api, other)).toBe(true)
})

test('[S4] another device is logged out by its id, by its owner only', async () => {
  const api = createTestApi(database)
  const ana = await api.signUp('devices')
  const ben = await api.signUp('intruder')
  const phone = cookieOf(await logIn(api, 'devices', ana.password))
  const [device] = (await sessionsOf(ana)).filter(({ current }) => !current)
  const path = `/api/sessions/${device?.id}`
  expect((await ben.ask('DELETE', path)).status).toBe(404)
  expect(await isSignedIn(api, phone)).toBe(true)
  const heard = await revoked(api, () => ana.ask('DELETE', path))
  expect(heard).toEqual([{ user: ana.id, credentialId: device?.id }])
  expect(await isSignedIn(api, phone)).toBe(false)
})

test('[S4] a new password ends every session but the one it is set from', async () => {
  const api = createTestApi(database)
  const ana = await api.signUp('change')
  const phone = cookieOf(await logIn(api, 'change', ana.password))
  const [device] = (await sessionsOf(ana)).filter(({ current }) => !current)
  const wrong = await ana.ask('PATCH', '/api/users/me', {
    password: 'a new password',
    currentPassword: 'wrong',
  })
  expect([wrong.status, wrong.error.details]).toEqual([403, { field: 'currentPassword' }])
  expect(await isSignedIn(api, phone)).toBe(true)
  const change = { password: 'a new password', currentPassword: ana.password }
  const heard = await revoked(api, () => ana.ask('PATCH', '/api/users/me', change))
  expect(heard).toEqual([{ user: ana.id, credentialId: device?.id }])
  expect(await isSignedIn(api, phone)).toBe(false)
  expect(await isSignedIn(api, ana.cookie)).toBe(true)
  expect((await logIn(api, 'change', ana.password)).status).toBe(401)
  expect((await logIn(api, 'change', 'a new password')).status).toBe(201)
})

test('[S4] a log-in that was checking the old password while it changed is not left standing', async () => {
  const real = createPasswords()
  let duringVerify = async () => {}
  const passwords = {
    hash: real.hash,
    verify: async (hash: string | undefined, password: string) => {
      const isRight = await real.verify(hash, password)
      await duringVerify()
      return isRight
    },
  }
  const api = createTestApi(database, { passwords })
  const ana = await api.signUp('racing')
  duringVerify = async () => {
    duringVerify = async () => {}
    await ana.ask('PATCH', '/api/users/me', { password: 'a new password', currentPassword: ana.password })
  }
  expect((await logIn(api, 'racing', ana.password)).status).toBe(401)
  expect(await sessionsOf(ana)).toHaveLength(1)
})

test('[S4] a log-in that was under way while its owner was disabled is not left standing', async () => {
  const real = createPasswords()
  let duringVerify = async (): Promise<unknown> => undefined
  const passwords = {
    hash: real.hash,
    verify: async (hash: string | undefined, password: string) => {
      const isRight = await real.verify(hash, password)
      await duringVerify()
      return isRight
    },
  }
  const api = createTestApi(database, { passwords })
  const ana = await api.signUp('shut.out')
  const setDisabled = (at: number | null) =>
    database.pool.query('UPDATE users SET disabled_at = $2 WHERE id = $1', [ana.id, at])
  duringVerify = () => setDisabled(1)
  expect((await logIn(api, 'shut.out', ana.password)).status).toBe(401)
  await setDisabled(null)
  expect(await sessionsOf(ana)).toHaveLength(1)
})

test('a session in its second half is prolonged and its cookie set anew; one that has run out is gone', async () => {
  const api = createTestApi(database)
  const ana = await api.signUp('sliding')
  const expires = async (days: number) => {
    await database.pool.query(
      `UPDATE sessions SET expires_at = now() + $2::float8 * interval '1 day' WHERE user_id = $1`,
      [ana.id, days],
    )
  }
  expect((await ana.ask('GET', '/api/users/me')).headers.get('Set-Cookie')).toBeNull()
  await expires(14)
  expect(cookieOf(await ana.ask('GET', '/api/users/me'))).toBe(ana.cookie)
  const [prolonged] = await sessionsOf(ana)
  expect(prolonged?.expiresAt).toBeGreaterThan(Date.now() + 29 * 86_400_000)
  await expires(-0.01)
  expect(await isSignedIn(api, ana.cookie)).toBe(false)
})

test('[S4] sessions that ran out are swept away and said to have ended', async () => {
  const api = createTestApi(database)
  const ana = await api.signUp('swept')
  const [session] = await sessionsOf(ana)
  await database.pool.query(`UPDATE sessions SET expires_at = now() - interval '1 hour' WHERE user_id = $1`, [
    ana.id,
  ])
  const heard = await revoked(api, () => api.auth.sessions.endExpired())
  expect(heard).toContainEqual({ user: ana.id, credentialId: session?.id })
})

test('a token is shown once, works as a bearer, and ends when its owner ends it', async () => {
  const api = createTestApi(database)
  const ana = await api.signUp('programmer')
  const ben = await api.signUp('other-programmer')
  const made = (await ana.ask('POST', '/api/tokens', { name: 'bot' })).as(rest.createdToken)
  const asBot = { Authorization: `Bearer ${made.token}` }
  expect((await api.ask('GET', '/api/users/me', undefined, asBot)).as(rest.me).id).toBe(ana.id)
  const [listed] = (await ana.ask('GET', '/api/tokens')).as(rest.tokenList.strict()).tokens
  expect(listed).toMatchObject({ id: made.id, name: 'bot', lastUsedAt: expect.any(Number) as number })
  expect(JSON.stringify(listed)).not.toContain(made.token)
  expect((await ben.ask('DELETE', `/api/tokens/${made.id}`)).status).toBe(404)
  const heard = await revoked(api, () => ana.ask('DELETE', `/api/tokens/${made.id}`))
  expect(heard).toEqual([{ user: ana.id, credentialId: made.id }])
  expect((await api.ask('GET', '/api/users/me', undefined, asBot)).status).toBe(401)
})

test('authenticate gives the public handle of the credential, the same that revocation names', async () => {
  const api = createTestApi(database)
  const ana = await api.signUp('identity')
  const [session] = await sessionsOf(ana)
  expect(await api.auth.authenticate({ cookie: `theme=100%; ${ana.cookie}` })).toEqual({
    user: { id: ana.id, username: 'identity', name: 'Name of identity' },
    credential: { kind: 'session', id: session?.id },
  })
  expect(await api.auth.authenticate({ cookie: ana.cookie, bearer: 'wrong' })).toBeUndefined()
  expect(await api.auth.authenticate({})).toBeUndefined()
})

test('[S4] somebody who is disabled is out at once and cannot log in', async () => {
  const api = createTestApi(database)
  const ana = await api.signUp('disabled')
  await database.pool.query('UPDATE users SET disabled_at = 1 WHERE id = $1', [ana.id])
  expect(await isSignedIn(api, ana.cookie)).toBe(false)
  expect((await logIn(api, 'disabled', ana.password)).status).toBe(401)
})

test('what changes something with a cookie comes from our own origin', async () => {
  const api = createTestApi(database, { publicUrl: 'https://chat.example.org' })
  const ana = await api.signUp('origin')
  const rename = async (headers: Record<string, string>) =>
    (await api.ask('PATCH', '/api/users/me', { name: 'New' }, { Cookie: ana.cookie, ...headers })).status
  expect(await rename({ Origin: ORIGIN })).toBe(200)
  expect(await rename({ Origin: 'https://chat.example.org' })).toBe(200)
  for (const origin of [
    'https://evil.example',
    'http://localhost:4000',
    `http://${HOST}.evil.example`,
    'null',
    '',
  ]) {
    expect([origin, await rename({ Origin: origin })]).toEqual([origin, 403])
  }
  expect(await rename({})).toBe(403)
  const { token } = (await ana.ask('POST', '/api/tokens', { name: 'bot' })).as(rest.createdToken)
  const bearer = { Authorization: `Bearer ${token}`, Origin: 'https://evil.example' }
  expect((await api.ask('PATCH', '/api/users/me', { name: 'New' }, bearer)).status).toBe(200)
})

test('no other site can log a browser in', async () => {
  const api = createTestApi(database)
  const ana = await api.signUp('fixation')
  const credentials = { login: 'fixation', password: ana.password }
  const answer = await api.ask('POST', '/api/sessions', credentials, { Origin: 'https://evil.example' })
  expect([answer.status, answer.headers.get('Set-Cookie')]).toEqual([403, null])
})
