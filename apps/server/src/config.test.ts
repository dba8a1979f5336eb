import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { DEFAULT_LIMITS } from '@parley/protocol'
import { expect, test } from 'vitest'
import { ConfigError, parseConfig } from './config.ts'
import { limitVariable } from './limits/rate-limited.ts'

function faultOf(env: Record<string, string>): string {
  try {
    parseConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  throw new Error('the configuration was accepted')
}

test('nothing set is a usable configuration: embedded database, this machine only', () => {
  expect(parseConfig({})).toEqual({
    port: 3000,
    host: '127.0.0.1',
    publicUrl: undefined,
    dataDir: resolve('data'),
    databaseUrl: undefined,
    logLevel: 'info',
    trustProxy: 0,
    signUp: 'open',
    limits: DEFAULT_LIMITS,
  })
})

test('an empty variable is an unset one', () => {
  expect(parseConfig({ PORT: '', DATABASE_URL: '', REDIS_URL: '' })).toEqual(parseConfig({}))
})

test('every variable is read', () => {
  expect(
    parseConfig({
      PORT: '0',
      HOST: '::',
      PUBLIC_URL: 'https://chat.example.org/',
      DATA_DIR: '/srv/parley',
      DATABASE_URL: 'postgresql://db/parley',
      LOG_LEVEL: 'warn',
      TRUST_PROXY: '1',
      SIGN_UP: 'closed',
    }),
  ).toMatchObject({
    port: 0,
    host: '::',
    publicUrl: 'https://chat.example.org',
    dataDir: '/srv/parley',
    databaseUrl: 'postgresql://db/parley',
    logLevel: 'warn',
    trustProxy: 1,
    signUp: 'closed',
  })
})

test.each(Object.keys(DEFAULT_LIMITS) as (keyof typeof DEFAULT_LIMITS)[])(
  'limit %s has a variable',
  (limit) => {
    const low = {
      ...(limit === 'frameBytes' && { LIMIT_ACCOUNT_BYTES: '7' }),
      ...(limit === 'pendingUploadBytes' && { LIMIT_ATTACHMENT_BYTES: '7' }),
    }
    expect(parseConfig({ ...low, [limitVariable(limit)]: '7' }).limits[limit]).toBe(7)
  },
)

test('the manual names every limit with its default, and no other', () => {
  const manual = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8')
  const named = [...manual.matchAll(/^\| `(LIMIT_\w+)` \| (\d+) \|/gm)].map(([, name, value]) => [
    name,
    Number(value),
  ])
  const known = Object.entries(DEFAULT_LIMITS).map(([key, value]) => [
    limitVariable(key as keyof typeof DEFAULT_LIMITS),
    value,
  ])
  expect(Object.fromEntries(named)).toEqual(Object.fromEntries(known))
})

test('limits have the names the manual gives them', () => {
  expect(limitVariable('messageBytes')).toBe('LIMIT_MESSAGE_BYTES')
  expect(limitVariable('commandsPerSecond')).toBe('LIMIT_COMMANDS_PER_SECOND')
})

test.each([
  ['PORT', '80a', 'a whole number from 0 to 65535'],
  ['PORT', '65536', 'a whole number from 0 to 65535'],
  ['PUBLIC_URL', 'chat.example.org', 'a URL like https://chat.example.org'],
  ['PUBLIC_URL', 'https://example.org/chat', 'a URL without a path'],
  ['LOG_LEVEL', 'loud', 'one of fatal, error'],
  ['TRUST_PROXY', 'yes', 'a whole number from 0 to 16'],
  ['SIGN_UP', 'maybe', 'open, invite or closed'],
  ['LIMIT_MESSAGE_BYTES', '16K', 'a whole number from 1'],
])('%s=%s is refused with the name, the value and what is expected', (name, value, expected) => {
  const fault = faultOf({ [name]: value })
  expect(fault).toContain(`${name} is "${value}"`)
  expect(fault).toContain(expected)
})

test('all faults are told at once', () => {
  const fault = faultOf({ PORT: 'x', LOG_LEVEL: 'y', LIMIT_FRAME_BYTES: 'z' })
  expect(fault).toMatch(/PORT[^]*LOG_LEVEL[^]*LIMIT_FRAME_BYTES/)
})

test('a password in DATABASE_URL is not repeated in the refusal', () => {
  const fault = faultOf({ DATABASE_URL: 'mysql://user:hunter2@db/parley' })
  expect(fault).toContain('DATABASE_URL')
  expect(fault).toContain('postgres://user:password@host:5432/database')
  expect(fault).not.toContain('hunter2')
})

test.each(['REDIS_URL', 'SMTP_URL'])('%s is refused rather than ignored while nothing reads it', (name) => {
  expect(faultOf({ [name]: 'something' })).toMatch(
    new RegExp(`${name} is set, but this version .*: unset it`),
  )
})

test('push services are told whom to turn to, by mail or on the web', () => {
  expect(parseConfig({ VAPID_SUBJECT: 'mailto:operator@example.org' }).vapidSubject).toBe(
    'mailto:operator@example.org',
  )
  expect(parseConfig({}).vapidSubject).toBeUndefined()
  expect(faultOf({ VAPID_SUBJECT: 'operator@example.org' })).toContain('VAPID_SUBJECT')
})

const S3 = {
  S3_ENDPOINT: 'https://s3.example.org/store/',
  S3_BUCKET: 'parley',
  S3_REGION: 'eu-central-1',
  S3_ACCESS_KEY_ID: 'id',
  S3_SECRET_ACCESS_KEY: 'hunter2',
}

test('a store for attachments is described by five variables', () => {
  expect(parseConfig(S3).s3).toEqual({
    endpoint: 'https://s3.example.org/store',
    bucket: 'parley',
    region: 'eu-central-1',
    accessKeyId: 'id',
    secretAccessKey: 'hunter2',
  })
  expect(parseConfig({}).s3).toBeUndefined()
})

test.each(Object.keys(S3))(
  'without %s the store is not described, and the refusal says what is missing',
  (name) => {
    const fault = faultOf({ ...S3, [name]: '' })
    expect(fault).toContain(`${name} is not set: S3_ENDPOINT, S3_BUCKET, S3_REGION`)
    expect(fault).not.toContain('hunter2')
  },
)

test.each([
  ['S3_ENDPOINT', 's3.example.org', 'a URL like https://s3.example.org'],
  ['S3_ENDPOINT', 'https://id:hunter2@s3.example.org', 'a URL of host and path alone'],
  ['S3_BUCKET', 'My Bucket', 'the name of a bucket'],
  ['S3_REGION', 'eu central', 'the name of a region'],
])('%s=%s is refused', (name, value, expected) => {
  const fault = faultOf({ ...S3, [name]: value })
  expect(fault).toContain(`${name} is `)
  expect(fault).toContain(expected)
  expect(fault).not.toContain('hunter2')
})

test('what may wait to be sent includes the largest attachment, and an S3 store takes no object beyond 5 GiB', () => {
  expect(faultOf({ LIMIT_PENDING_UPLOAD_BYTES: '1024' })).toContain('at least LIMIT_ATTACHMENT_BYTES')
  const large = { LIMIT_ATTACHMENT_BYTES: String(6 * 2 ** 30), LIMIT_PENDING_UPLOAD_BYTES: String(2 ** 36) }
  expect(parseConfig(large).limits.attachmentBytes).toBe(6 * 2 ** 30)
  expect(faultOf({ ...S3, ...large })).toContain('LIMIT_ATTACHMENT_BYTES is too high')
})

test('a misspelt limit is refused rather than ignored', () => {
  expect(faultOf({ LIMIT_MESSAGE_BITES: '1' })).toContain('LIMIT_MESSAGE_BITES is unknown')
})

test('a frame must hold an account document', () => {
  expect(faultOf({ LIMIT_FRAME_BYTES: '1024' })).toContain('at least LIMIT_ACCOUNT_BYTES')
})
