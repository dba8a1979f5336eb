import { rest } from '@parley/protocol'
import { beforeAll, expect, test } from 'vitest'
import { createTestApi, type TestApi } from '../../../../test/kit/api.ts'
import { useDatabase } from '../../../../test/kit/database.ts'
import { invite } from './invitations.ts'

const database = useDatabase()
let api: TestApi

beforeAll(() => {
  api = createTestApi(database, { signUp: 'invite' })
})

const HOUR = 3_600_000
let count = 0

const newcomer = (more: object = {}) => {
  count += 1
  return {
    email: `new${count}@example.org`,
    username: `new${count}`,
    name: 'New',
    password: 'long enough',
    ...more,
  }
}
const signUp = (body: object) => api.ask('POST', '/api/users', body)
const invitation = (email?: string) =>
  invite(database.kysely, { email, now: Date.now(), expiresAt: Date.now() + HOUR })

/** Not let in, in the same words whatever the reason, and without a trace. */
async function expectRefused(body: ReturnType<typeof newcomer>): Promise<void> {
  const { status, error } = await signUp(body)
  expect([status, error.code, error.details]).toEqual([403, 'forbidden', { field: 'invitation' }])
  const words = (await signUp(newcomer())).error.message
  expect(error.message).toBe(words)
  const { rows } = await database.pool.query('SELECT FROM users WHERE username = $1', [body.username])
  expect(rows).toEqual([])
}

test('who is invited gets an account and is logged in; who is not, is not', async () => {
  await expectRefused(newcomer())
  await expectRefused(newcomer({ invitation: '' }))
  await expectRefused(newcomer({ invitation: 'made up' }))
  const code = await invitation()
  const body = newcomer({ invitation: code })
  const answer = await signUp(body)
  expect([answer.status, answer.as(rest.me).username]).toEqual([201, body.username])
})

test('an invitation is good once, also for two who use it at the same moment', async () => {
  const code = await invitation()
  const answers = await Promise.all([1, 2, 3].map(() => signUp(newcomer({ invitation: code }))))
  expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 403, 403])
  await expectRefused(newcomer({ invitation: code }))
})

test('a sign-up that fails for another reason leaves the invitation good', async () => {
  await signUp(newcomer({ invitation: await invitation(), username: 'taken' }))
  const code = await invitation()
  expect((await signUp(newcomer({ invitation: code, username: 'taken' }))).error.code).toBe('conflict')
  expect((await signUp(newcomer({ invitation: code }))).status).toBe(201)
})

test('an invitation for an address is good for that address alone, in any case of its letters', async () => {
  const code = await invitation('Mira@Example.org')
  await expectRefused(newcomer({ invitation: code }))
  expect((await signUp(newcomer({ invitation: code, email: 'mira@example.ORG' }))).status).toBe(201)
})

test('an invitation that has expired is good for nobody', async () => {
  const code = await invite(database.kysely, {
    email: undefined,
    now: Date.now() - HOUR,
    expiresAt: Date.now() - 1,
  })
  await expectRefused(newcomer({ invitation: code }))
})

test('[S6] a stolen database invites nobody', async () => {
  const code = await invitation()
  const { rows } = await database.pool.query<{ row: string }>('SELECT t::text AS row FROM invitations t')
  const hex = Buffer.from(code, 'base64url').toString('hex')
  expect(rows.filter(({ row }) => row.includes(code) || row.includes(hex))).toEqual([])
})

test('a server that takes everybody takes them with an invitation too; one that takes nobody does not', async () => {
  const code = await invitation()
  const open = await createTestApi(database).ask('POST', '/api/users', newcomer({ invitation: code }))
  const closed = await createTestApi(database, { signUp: 'closed' }).ask(
    'POST',
    '/api/users',
    newcomer({ invitation: code }),
  )
  expect([open.status, closed.status]).toEqual([201, 403])
})
