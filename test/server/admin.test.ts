import {
  accountDocument,
  type ConversationId,
  conversationDocument,
  type Event,
  newId,
  rest,
  type UserId,
} from '@parley/protocol'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { administration, administrationHere, type Administration } from '../kit/admin-process.ts'
import { type Answer, toAnswer } from '../kit/api.ts'
import { bytesOf, continued, lineOf, withFooter } from '../kit/export-file.ts'
import { RawPeer } from '../kit/raw-peer.ts'
import { type ServerProcess, startServerProcess } from '../kit/server-process.ts'
import { connectDevice, type Device } from '../kit/sync-server.ts'

/** By when a running server has acted on what a command did because it was told of it [S4], and not at its next look round. */
const AT_ONCE_MS = 10_000

let server: ServerProcess
let admin: Administration
/** For what a test needs and is not about. */
let here: Administration
const devices: (Device | RawPeer)[] = []

beforeAll(async () => {
  server = await startServerProcess({ SIGN_UP: 'closed' })
  const target = { DATABASE_URL: server.databaseUrl ?? '' }
  ;[admin, here] = [administration(target), administrationHere(target)]
})
afterAll(() => server?.dispose())
afterEach(() => devices.splice(0).forEach((device) => device.close()))

interface Person {
  readonly id: UserId
  readonly username: string
  readonly password: string
  readonly cookie: string
  readonly token: string
  ask(method: string, path: string, body?: object): Promise<Answer>
}

async function ask(
  headers: Record<string, string>,
  method: string,
  path: string,
  body?: object,
): Promise<Answer> {
  const response = await fetch(`${server.url}/api${path}`, {
    method,
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return toAnswer(`${method} ${path}`, response)
}

const logIn = (login: string, password: string) => ask({}, 'POST', '/sessions', { login, password })

/** Somebody with an account made from the command line, logged in, and with a program of their own. */
async function person(username: string): Promise<Person> {
  const password = `the secret of ${username}`
  const details = [
    '--email',
    `${username}@example.org`,
    '--username',
    username,
    '--name',
    `Name of ${username}`,
  ]
  await here.run(['user', 'create', ...details, '--password-stdin'], `${password}\n`)
  const loggedIn = await logIn(username, password)
  const cookie = loggedIn.headers.get('set-cookie')?.split(';')[0] ?? ''
  const { id } = loggedIn.as(rest.me)
  const asked = await ask({ cookie, origin: server.url }, 'POST', '/tokens', { name: 'program' })
  const { token } = asked.as(rest.createdToken)
  const bearer = { authorization: `Bearer ${token}` }
  return {
    id,
    username,
    password,
    cookie,
    token,
    ask: (method, path, body) => ask(bearer, method, path, body),
  }
}

async function group(owner: Person, ...members: Person[]): Promise<ConversationId> {
  const body = { kind: 'group', title: 'Group', members: members.map((member) => member.id) }
  return (await owner.ask('POST', '/conversations', body)).as(rest.conversationSummary).id
}

const say = (who: Person, conversation: ConversationId, text: string) =>
  who.ask('POST', `/conversations/${conversation}/events`, { type: 'message', text })

/** A browser and a program of somebody's, each with the account open. */
async function connect(who: Person): Promise<RawPeer[]> {
  const browser = await RawPeer.connect(server.url, { cookie: who.cookie, origin: server.url })
  const program = await RawPeer.connect(server.url)
  devices.push(browser, program)
  const document = accountDocument(who.id)
  expect(await browser.open(document, '')).toMatchObject({ granted: true })
  expect(await program.open(document, who.token)).toMatchObject({ granted: true })
  return [browser, program]
}

function device(who: Person): Device {
  const opened = connectDevice(`${server.url.replace('http', 'ws')}/sync`, who.id, who.token)
  devices.push(opened)
  return opened
}

/** Runs a command; answers how long after its end `happened` came true, if it had not by then. */
async function latenessOf(
  happened: Promise<unknown>,
  args: readonly string[],
  input?: string,
): Promise<number> {
  await admin.run(args, input)
  const endedAt = performance.now()
  await happened
  return performance.now() - endedAt
}

test('an account made from the command line is there, also where sign-up is closed', async () => {
  const ana = await person('ana.first')
  expect((await ana.ask('GET', '/users/me')).as(rest.me)).toMatchObject({
    username: 'ana.first',
    name: 'Name of ana.first',
    email: 'ana.first@example.org',
  })
  const stranger = { email: 's@example.org', username: 'stranger', name: 'S', password: 'long enough' }
  expect((await ask({}, 'POST', '/users', stranger)).error.code).toBe('forbidden')
  const again = await admin.try([
    'user',
    'create',
    '--email',
    'new@example.org',
    '--username',
    'ana.first',
    '--generate-password',
  ])
  expect([again.code, again.stdout, again.stderr]).toEqual([
    1,
    '',
    'error (conflict): this username is already in use\n',
  ])
  const made = z
    .object({ id: z.string(), password: z.string() })
    .parse(
      await admin.json([
        'user',
        'create',
        '--email',
        'g@example.org',
        '--username',
        'generated',
        '--generate-password',
      ]),
    )
  expect((await logIn('generated', made.password)).as(rest.me).id).toBe(made.id)
})

test('[S4] a new password ends every session and token, and the sockets they opened, within a second', async () => {
  const ben = await person('ben')
  const sockets = await connect(ben)
  const closed = Promise.all(sockets.map((socket) => socket.untilClosed()))
  const late = await latenessOf(
    closed,
    ['user', 'reset-password', 'ben', '--password-stdin'],
    'another secret',
  )
  expect(late).toBeLessThan(AT_ONCE_MS)
  expect((await closed).map(({ code }) => code)).toEqual([4401, 4401])
  expect((await ben.ask('GET', '/users/me')).status).toBe(401)
  expect((await ask({ cookie: ben.cookie }, 'GET', '/users/me')).status).toBe(401)
  expect((await logIn('ben', ben.password)).status).toBe(401)
  expect((await logIn('ben', 'another secret')).status).toBe(201)
})

test('[S4] who logs in after a reset stays logged in, whatever is announced late', async () => {
  const dora = await person('dora')
  await here.run(['user', 'reset-password', 'dora', '--password-stdin'], 'another secret')
  const cookie = (await logIn('dora', 'another secret')).headers.get('set-cookie')?.split(';')[0] ?? ''
  const browser = await RawPeer.connect(server.url, { cookie, origin: server.url })
  devices.push(browser)
  await browser.open(accountDocument(dora.id), '')
  // The reset is announced once more, as to a server that was away: only what has ended ends.
  const database = new pg.Client({ connectionString: server.databaseUrl })
  await database.connect()
  const again = { about: 'credentials', user: dora.id }
  await database.query('INSERT INTO announcements (announcement) VALUES ($1)', [again])
  await database.end()
  const other = await person('dora.other')
  const [, program] = await connect(other)
  await here.run(['user', 'disable', 'dora.other'])
  await program?.untilClosed()
  expect(await browser.settled(accountDocument(dora.id))).toBe('answered')
})

test('[S4] who is disabled is out within a second, and in again when enabled, in the same conversations', async () => {
  const [cem, eva] = [await person('cem'), await person('eva')]
  const conversation = await group(cem, eva)
  const sockets = await connect(cem)
  const late = await latenessOf(Promise.all(sockets.map((socket) => socket.untilClosed())), [
    'user',
    'disable',
    'cem@example.org',
  ])
  expect(late).toBeLessThan(AT_ONCE_MS)
  expect((await logIn('cem', cem.password)).status).toBe(401)
  expect((await cem.ask('GET', '/users/me')).status).toBe(401)
  expect(await here.json(['user', 'show', 'cem'])).toMatchObject({ standing: 'disabled' })
  expect(
    (await eva.ask('GET', `/conversations/${conversation}/members`)).as(rest.memberList).members,
  ).toHaveLength(2)
  expect(await here.run(['user', 'disable', 'cem'])).toBe('cem was disabled already\n')

  expect(await admin.run(['user', 'enable', cem.id])).toBe('cem can log in again\n')
  expect((await cem.ask('GET', '/users/me')).status).toBe(401)
  const cookie = (await logIn('cem', cem.password)).headers.get('set-cookie')?.split(';')[0] ?? ''
  const mine = (await ask({ cookie }, 'GET', '/conversations')).as(rest.conversationList).conversations
  expect(mine).toMatchObject([{ id: conversation, role: 'owner' }])
  expect(await here.run(['user', 'enable', 'cem'])).toBe('cem was not disabled\n')
})

test('an account deleted from the command line hands over before everybody’s eyes, and is gone', async () => {
  const [fay, gus] = [await person('fay'), await person('gus')]
  const conversation = await group(fay, gus)
  await say(fay, conversation, 'remember me')
  await fay.ask('POST', '/friend-requests', { user: gus.id })
  await gus.ask('POST', '/friend-requests', { user: fay.id })
  const own = device(gus)
  const { doc, until } = own.conversation(conversation)
  const events = () => doc.getArray<{ seq: number; cause?: string }>('events').toArray()
  await until(() => events().length > 0)
  const { stateless, until: untilTold } = own.account()
  await untilTold(() => stateless.some(({ type }) => type === 'hello'))
  const sockets = await connect(fay)

  const refused = await here.try(['user', 'delete', 'fay'])
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('add --yes') as string])
  const seen = Promise.all([
    until(() => events().at(-1)?.cause === 'handover'),
    untilTold(() => stateless.some(({ type, what }) => type === 'changed' && what === 'friends')),
    ...sockets.map((socket) => socket.untilClosed()),
  ])
  expect(await latenessOf(seen, ['user', 'delete', 'fay', '--yes'])).toBeLessThan(AT_ONCE_MS)
  expect(events().map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6])
  expect((await gus.ask('GET', `/users/${fay.id}`)).body).toMatchObject({
    name: 'Deleted user',
    deleted: true,
  })
  expect((await gus.ask('GET', '/friends')).as(rest.friendList).friends).toEqual([])
  expect((await gus.ask('GET', `/conversations/${conversation}`)).as(rest.conversationSummary).role).toBe(
    'owner',
  )
  expect(await here.run(['user', 'delete', fay.id, '--yes'])).toBe(`${fay.id} was deleted already\n`)
  expect((await here.try(['user', 'disable', fay.id])).stderr).toContain('error (not_found)')
})

test('[S4] a conversation deleted from the command line is closed for those who have it open, and stays gone', async () => {
  const [hal, ida] = [await person('hal'), await person('ida')]
  const conversation = await group(hal, ida)
  const own = device(ida)
  const { doc, denied, closed, until } = own.conversation(conversation)
  await until(() => doc.getArray('events').length > 0)
  const { stateless, until: untilTold } = own.account()
  await untilTold(() => stateless.some(({ type }) => type === 'hello'))
  const gone = Promise.all([
    until(() => closed.includes('forbidden') || denied.includes('forbidden')),
    untilTold(() => stateless.some(({ type, what }) => type === 'changed' && what === 'conversations')),
  ])
  expect(await latenessOf(gone, ['conversation', 'delete', conversation, '--yes'])).toBeLessThan(AT_ONCE_MS)
  expect((await hal.ask('GET', `/conversations/${conversation}`)).error.code).toBe('forbidden')
  expect((await say(hal, conversation, 'hello?')).error.code).toBe('forbidden')
  const create = { id: conversation, kind: 'group', title: 'Again' }
  expect((await hal.ask('POST', '/conversations', create)).error.code).toBe('conflict')
  expect(await here.run(['conversation', 'delete', conversation, '--yes'])).toBe(
    `${conversation} was deleted already\n`,
  )
  const unknown = await here.try(['conversation', 'delete', newId(), '--yes'])
  expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('error (not_found)') as string])
})

test('[L7] export → verify → import → export: the same bytes by both doors, and people see it at once', async () => {
  const [kim, leo] = [await person('kim'), await person('leo')]
  const conversation = await group(kim, leo)
  for (const text of ['one', 'two\u2028', '🏷️']) await say(leo, conversation, text)
  const response = await kim.ask('GET', `/conversations/${conversation}/export?format=jsonl`)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-disposition')).toBe(
    `attachment; filename="parley-${conversation}.jsonl"`,
  )
  const file = Buffer.from(response.bytes).toString()
  expect(await admin.run(['export', conversation])).toBe(file)
  const checked = await admin.json(['verify', '-'], file)
  expect(checked).toMatchObject({ ok: true, conversation, kind: 'group', users: 2, lastSeq: 6 })

  const other = await startServerProcess()
  try {
    const target = { DATABASE_URL: other.databaseUrl ?? '' }
    const [there, thereToo] = [administration(target), administrationHere(target)]
    const imported = z.object({ users: z.array(z.object({ username: z.string() })) })
    const { users } = imported.parse(await there.json(['import', '-'], file))
    expect(users.map(({ username }) => username).toSorted()).toEqual(['kim', 'leo'])
    expect(await there.run(['export', conversation])).toBe(file)
    // Whoever was there gets a password, and finds their conversations.
    const needsEmail = await thereToo.try(
      ['user', 'reset-password', 'leo', '--password-stdin'],
      'a secret of leo',
    )
    expect([needsEmail.code, needsEmail.stderr]).toEqual([1, expect.stringContaining('--email') as string])
    await thereToo.run(
      ['user', 'reset-password', 'leo', '--email', 'leo@example.org', '--password-stdin'],
      'a secret of leo',
    )
    const login = {
      method: 'POST',
      body: '{"login":"leo","password":"a secret of leo"}',
      headers: { 'content-type': 'application/json' },
    }
    const loggedIn = await fetch(`${other.url}/api/sessions`, login)
    expect(loggedIn.status).toBe(201)
    const cookie = loggedIn.headers.get('set-cookie')?.split(';')[0] ?? ''
    const page = await fetch(`${other.url}/api/conversations/${conversation}/events`, { headers: { cookie } })
    expect(rest.eventPage.parse(await page.json()).events.at(-1)).toMatchObject({ seq: 6, text: '🏷️' })

    // Open on the running server while the rest of it is imported.
    const browser = await RawPeer.connect(other.url, { cookie, origin: other.url })
    devices.push(browser)
    await browser.open(conversationDocument(conversation), '')
    await browser.settled(conversationDocument(conversation))
    await say(kim, conversation, 'said later')
    const longer = await here.run(['export', conversation])
    const from = browser.answers.length
    await there.run(['import', '-'], longer)
    const endedAt = performance.now()
    await browser.next('sync', (answer) => answer.document === conversationDocument(conversation), from)
    expect(performance.now() - endedAt).toBeLessThan(AT_ONCE_MS)
    expect(await thereToo.run(['import', '-'], longer)).toContain('nothing was changed')
  } finally {
    await other.dispose()
  }
})

test('an export whose conversation is deleted meanwhile breaks off, and the server goes on', async () => {
  const ros = await person('ros')
  const conversation = await group(ros)
  await say(ros, conversation, 'the beginning')
  const [header, ...events] = (await here.run(['export', conversation])).split('\n').slice(0, -2) as [
    string,
    ...string[],
  ]
  const log = events.map((line) => JSON.parse(line) as Event)
  // Far more than fits between the two ends of a connection.
  const long = continued(log, ros.id, 3_000, 'x'.repeat(16_000)).map(lineOf)
  await here.run(['import', '-'], bytesOf(withFooter([header, ...long])))
  const response = await fetch(`${server.url}/api/conversations/${conversation}/export`, {
    headers: { authorization: `Bearer ${ros.token}` },
  })
  const reader = response.body?.getReader()
  await reader?.read()
  await here.run(['conversation', 'delete', conversation, '--yes'])
  const readOn = async () => {
    for (;;) if ((await reader?.read())?.done !== false) return
  }
  await expect(readOn()).rejects.toThrow('terminated')
  expect((await ros.ask('GET', '/users/me')).status).toBe(200)
})

test('verify says what is wrong and where, and ends with 1', async () => {
  const moe = await person('moe')
  const conversation = await group(moe)
  await say(moe, conversation, 'one')
  const file = await here.run(['export', conversation])
  const changed = await admin.try(['verify', '-'], file.replace('"one"', '"two"'))
  expect([changed.code, changed.stdout]).toEqual([1, ''])
  expect(changed.stderr).toMatch(/^error \(chain\): line 4 \(event 3\): its hash does not follow/)
  const cut = await here.try(['verify', '-', '--json'], file.slice(0, -5))
  expect([cut.code, JSON.parse(cut.stdout)]).toEqual([
    1,
    expect.objectContaining({ ok: false, code: 'truncated', line: 5 }),
  ])
  const refused = await here.try(['import', '-'], file.replace('"one"', '"two"'))
  expect([refused.code, refused.stderr]).toEqual([
    1,
    expect.stringContaining('error (chain): line 4') as string,
  ])
})
