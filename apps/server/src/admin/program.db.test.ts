import { rest } from '@parley/protocol'
import { beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { administrationHere, type Administration } from '../../../../test/kit/admin-process.ts'
import { createTestApi, type TestApi } from '../../../../test/kit/api.ts'
import { useDatabase } from '../../../../test/kit/database.ts'

const database = useDatabase()
let admin: Administration
let api: TestApi

beforeAll(() => {
  admin = administrationHere({ DATABASE_URL: database.url })
  api = createTestApi(database)
})

test('administrators read the metrics, and others do not', async () => {
  const ned = await api.signUp('ned')
  const { token } = (await ned.ask('POST', '/api/tokens', { name: 'prometheus' })).as(rest.createdToken)
  const metrics = async () =>
    (await api.ask('GET', '/metrics', undefined, { Authorization: `Bearer ${token}` })).status
  expect(await metrics()).toBe(403)
  expect(await admin.run(['user', 'make-admin', 'ned'])).toBe('ned is an administrator\n')
  expect(await admin.run(['user', 'make-admin', 'ned'])).toBe('ned is already an administrator\n')
  expect(await metrics()).toBe(200)
  await admin.run(['user', 'remove-admin', 'ned'])
  expect(await metrics()).toBe(403)
})

test('lists and numbers are for people, and as JSON for scripts', async () => {
  const [ola, pam] = [await api.signUp('ola'), await api.signUp('pam')]
  const conversation = await api.group(ola, pam)
  await api.say(ola, conversation, 'hello')
  expect(await admin.run(['user', 'list', '--query', 'OLA'])).toMatch(/USERNAME[^]*\bola\b[^]*\n1 users\n$/)
  expect(await admin.json(['user', 'list', '--query', 'name of pam'])).toMatchObject({
    users: [{ id: pam.id, username: 'pam', standing: 'active' }],
    total: 1,
  })
  expect(await admin.json(['user', 'list', '--query', '%'])).toEqual({ users: [], total: 0 })
  const limited = z.object({ users: z.array(z.unknown()), total: z.int() })
  const { users, total } = limited.parse(await admin.json(['user', 'list', '--limit', '1']))
  expect([users.length, total > 1]).toEqual([1, true])
  expect(await admin.json(['user', 'show', 'ola'])).toMatchObject({
    sessions: 1,
    tokens: 0,
    owns: 1,
    conversations: { group: 1 },
  })
  expect(await admin.json(['conversation', 'list', '--member', 'pam'])).toEqual({
    conversations: [
      {
        id: conversation,
        kind: 'group',
        title: 'Group',
        archived: false,
        members: 2,
        owner: 'ola',
        events: 4,
        lastAt: expect.any(Number) as number,
      },
    ],
    total: 1,
  })
  expect(await admin.json(['conversation', 'list', '--kind', 'channel'])).toEqual({
    conversations: [],
    total: 0,
  })
  const numbers = z.object({
    users: z.object({ total: z.int().min(2) }),
    conversations: z.object({ group: z.int().min(1) }),
    events: z.object({
      total: z.int().min(4),
      messages: z.int().min(1),
      lastDay: z.int().min(4),
      perDay: z.int(),
    }),
    attachments: z.object({ count: z.literal(0), bytes: z.literal(0) }),
    database: z.object({ bytes: z.int().min(1_000_000) }),
  })
  numbers.parse(await admin.json(['stats']))
  expect(await admin.run(['stats'])).toMatch(/^database bytes +[\d.]+ MiB$/m)
})

test('what people call themselves does not reach the operator’s terminal as a command', async () => {
  const evil = await api.signUp('evil')
  await evil.ask('POST', '/api/conversations', { kind: 'group', title: 'a\u009b31mb\u202ec' })
  const listed = await admin.run(['conversation', 'list', '--member', 'evil'])
  expect(listed).toContain('a�31mb�c')
})

test.each([
  ['no command', [], 'Usage: admin'],
  ['an unknown command', ['user', 'lst'], "unknown command 'lst'"],
  ['an unknown option', ['stats', '--xml'], "unknown option '--xml'"],
  ['a missing option', ['user', 'create', '--username', 'someone'], '--email'],
  [
    'an address that is none',
    ['user', 'create', '--email', 'x', '--username', 'someone'],
    "argument 'x' is invalid",
  ],
  ['a missing argument', ['user', 'show'], "missing required argument 'user'"],
  ['an id that is none', ['export', 'x'], 'must be a lower-case UUID'],
  ['one argument too many', ['user', 'show', 'a', 'b'], 'too many arguments'],
  ['a password as an argument', ['user', 'reset-password', 'ana', 'hunter2'], 'too many arguments'],
  ['no way to a password', ['user', 'reset-password', 'ned'], 'there is no terminal to ask for a password'],
  [
    'two ways to a password',
    ['user', 'reset-password', 'ana', '--generate-password', '--password-stdin'],
    'exclude each other',
  ],
])('%s is a mistake in the command line: exit code 2', async (_what, args, words) => {
  const { code, stdout, stderr } = await admin.try(args)
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toContain(words)
})

test('every command says what it does', async () => {
  for (const args of [[], ['user'], ['user', 'create'], ['conversation', 'delete'], ['import'], ['invite']]) {
    const { code, stdout } = await admin.try([...args, '--help'])
    expect([code, stdout.startsWith(`Usage: admin${args.map((arg) => ` ${arg}`).join('')}`)]).toEqual([
      0,
      true,
    ])
  }
})

test.each([
  [
    'nobody of that name',
    ['user', 'show', 'nobody-here'],
    'error (not_found): there is no user "nobody-here"',
  ],
  ['no such conversation', ['export', '01890000-0000-7000-8000-000000000001'], 'error (not_found)'],
  ['no such file', ['verify', '/no/such/file'], 'error (not_found): /no/such/file cannot be used'],
  ['not one of ours', ['verify', 'package.json'], 'error (format): line 1'],
])('%s: exit code 1, and one sentence', async (_what, args, words) => {
  const { code, stdout, stderr } = await admin.try(args)
  expect([code, stdout, stderr.trimEnd().split('\n').length]).toEqual([1, '', 1])
  expect(stderr).toContain(words)
})

test('a password that is too short is not taken', async () => {
  const { code, stderr } = await admin.try(['user', 'reset-password', 'ned', '--password-stdin'], 'short\n')
  expect([code, stderr]).toEqual([1, 'error (invalid): the password must have at least 8 characters\n'])
})

test('an invitation is a link to the sign-up form', async () => {
  const made = z
    .object({ link: z.string(), email: z.literal('x@example.org'), expiresAt: z.int() })
    .parse(await admin.json(['invite', '--email', 'x@example.org', '--days', '2']))
  expect(made.link).toMatch(/^http:\/\/localhost:3000\/sign-up\?invitation=[\w-]{24}$/)
  expect(made.expiresAt).toBeGreaterThan(Date.now() + 1.9 * 86_400_000)
})
