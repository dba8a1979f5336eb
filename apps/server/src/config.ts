import { resolve } from 'node:path'
import { DEFAULT_LIMITS, type Limits } from '@parley/protocol'
import { z } from 'zod'
import { MAX_OBJECT_BYTES, type S3Settings } from './attachments/s3-store.ts'
import { limitVariable } from './limits/rate-limited.ts'
import { LOG_LEVELS, type LogLevel } from './logger.ts'
import { OperatorError } from './operator-error.ts'

export interface Config {
  /** 0 takes any free port. */
  readonly port: number
  readonly host: string
  /** The origin under which people reach the server, when it is not the one it listens on. */
  readonly publicUrl: string | undefined
  /** Absolute. */
  readonly dataDir: string
  /** PostgreSQL to use; undefined for the embedded one. */
  readonly databaseUrl: string | undefined
  /** Where attachments are kept; undefined: in `dataDir`. */
  readonly s3: S3Settings | undefined
  readonly logLevel: LogLevel
  /** How many proxies stand in front and append to X-Forwarded-For. */
  readonly trustProxy: number
  /** Who may make an account: anybody, who has an invitation, or nobody but an operator. */
  readonly signUp: 'open' | 'invite' | 'closed'
  /** Whom push services can turn to; undefined: PUBLIC_URL says it, or nobody. */
  readonly vapidSubject: string | undefined
  readonly limits: Limits
}

/** Says which variables are wrong and what each of them should be. */
export class ConfigError extends OperatorError {
  override name = 'ConfigError'
  constructor(faults: readonly string[]) {
    super(`The configuration is not usable:\n${faults.map((fault) => `  ${fault}`).join('\n')}`)
  }
}

type Environment = Readonly<Record<string, string | undefined>>

const wholeNumber = (min: number, max: number) => {
  const expected = `a whole number from ${min} to ${max}`
  return z
    .string()
    .refine((text) => /^\d{1,15}$/.test(text) && Number(text) >= min && Number(text) <= max, expected)
    .transform(Number)
}

const url = (protocols: readonly string[], expected: string) =>
  z
    .string()
    .refine((text) => protocols.includes(URL.parse(text)?.protocol ?? ''), { message: expected, abort: true })

const origin = url(['http:', 'https:'], 'a URL like https://chat.example.org')
  .transform((text) => new URL(text))
  .refine(({ href, origin }) => href === `${origin}/`, 'a URL without a path, like https://chat.example.org')
  .transform(({ origin }) => origin)

const s3Endpoint = url(['http:', 'https:'], 'a URL like https://s3.example.org')
  .transform((text) => new URL(text))
  .refine(
    ({ search, hash, username, password }) => `${search}${hash}${username}${password}` === '',
    'a URL of host and path alone, like https://s3.example.org',
  )
  .transform(({ href }) => href.replace(/\/+$/, ''))

const LIMITS = Object.keys(DEFAULT_LIMITS) as (keyof Limits)[]
const MAX_LIMIT = 2 ** 40

/** The message of every fault is what the variable should be. */
const environment = z.object({
  PORT: wholeNumber(0, 65_535).default(3000),
  HOST: z.string().default('127.0.0.1'),
  PUBLIC_URL: origin.optional(),
  DATA_DIR: z.string().default('./data'),
  DATABASE_URL: url(
    ['postgres:', 'postgresql:'],
    'a PostgreSQL URL like postgres://user:password@host:5432/database',
  ).optional(),
  S3_ENDPOINT: s3Endpoint.optional(),
  S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'the name of a bucket: 3 to 63 of a-z, 0-9, "." and "-"')
    .optional(),
  S3_REGION: z
    .string()
    .regex(/^[\w-]+$/, 'the name of a region, like eu-central-1; us-east-1 where the store knows none')
    .optional(),
  S3_ACCESS_KEY_ID: z.string().optional(),
  S3_SECRET_ACCESS_KEY: z.string().optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, `one of ${LOG_LEVELS.join(', ')}`).default('info'),
  TRUST_PROXY: wholeNumber(0, 16).default(0),
  VAPID_SUBJECT: url(
    ['mailto:', 'https:'],
    'an address for push services to turn to, like mailto:operator@example.org or https://example.org',
  ).optional(),
  SIGN_UP: z.enum(['open', 'invite', 'closed'], 'open, invite or closed').default('open'),
})

const limits = z.object(
  Object.fromEntries(
    LIMITS.map((key) => [limitVariable(key), wholeNumber(1, MAX_LIMIT).default(DEFAULT_LIMITS[key])]),
  ),
)

/** Known by name, and not built: set and ignored would be worse than a refusal. */
const NOT_BUILT: Readonly<Record<string, string>> = {
  REDIS_URL: 'this version runs as one node and does not use Redis',
  SMTP_URL: 'this version sends no mail',
}

/** Values that may hold a password are not repeated in a message that ends in a log. */
const HIDDEN = new Set(['DATABASE_URL', 'S3_ENDPOINT'])

/**
 * Reads the whole configuration from the environment, once. An empty variable counts as unset,
 * because Compose files pass such. Throws {@link ConfigError}, which lists every fault by its variable.
 */
export function parseConfig(env: Environment): Config {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  )
  const main = environment.safeParse(given)
  const limited = limits.safeParse(given)
  const faults = [
    ...(main.success ? [] : describe(main.error, given)),
    ...(limited.success ? [] : describe(limited.error, given)),
    ...unknownLimits(given),
    ...incompleteS3(given),
    ...Object.entries(NOT_BUILT).flatMap(([name, why]) =>
      name in given ? [`${name} is set, but ${why}: unset it`] : [],
    ),
  ]
  if (!main.success || !limited.success || faults.length > 0) throw new ConfigError(faults)
  const s3 = s3Settings(main.data)
  return {
    port: main.data.PORT,
    host: main.data.HOST,
    publicUrl: main.data.PUBLIC_URL,
    dataDir: resolve(main.data.DATA_DIR),
    databaseUrl: main.data.DATABASE_URL,
    s3,
    logLevel: main.data.LOG_LEVEL,
    trustProxy: main.data.TRUST_PROXY,
    signUp: main.data.SIGN_UP,
    vapidSubject: main.data.VAPID_SUBJECT,
    limits: consistent(limited.data, s3),
  }
}

function describe(error: z.ZodError, given: Environment): string[] {
  return error.issues.map(({ path, message }) => {
    const name = String(path[0])
    return `${name} is ${HIDDEN.has(name) ? 'not usable' : JSON.stringify(given[name])}: it should be ${message}`
  })
}

/** A misspelt limit would silently leave the default in force. */
function unknownLimits(given: Environment): string[] {
  const known = new Set(LIMITS.map(limitVariable))
  return Object.keys(given)
    .filter((name) => name.startsWith('LIMIT_') && !known.has(name))
    .map((name) => `${name} is unknown: the limits are ${[...known].join(', ')}`)
}

const S3_VARIABLES = [
  'S3_ENDPOINT',
  'S3_BUCKET',
  'S3_REGION',
  'S3_ACCESS_KEY_ID',
  'S3_SECRET_ACCESS_KEY',
] as const

/** Half a store would be found out by the first person who sends a picture. */
function incompleteS3(given: Environment): string[] {
  const missing = S3_VARIABLES.filter((name) => !(name in given))
  if (missing.length === 0 || missing.length === S3_VARIABLES.length) return []
  return missing.map(
    (name) => `${name} is not set: ${S3_VARIABLES.join(', ')} are set together or not at all`,
  )
}

function s3Settings(given: z.infer<typeof environment>): S3Settings | undefined {
  const { S3_ENDPOINT: endpoint, S3_BUCKET: bucket, S3_REGION: region } = given
  const { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = given
  if (endpoint === undefined || bucket === undefined || region === undefined) return undefined
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined
  return { endpoint, bucket, region, accessKeyId, secretAccessKey }
}

function consistent(values: Readonly<Record<string, number>>, s3: S3Settings | undefined): Limits {
  const chosen = Object.fromEntries(
    LIMITS.map((key) => [key, values[limitVariable(key)]]),
  ) as unknown as Limits
  // A device may have to send or fetch its whole account document in one WebSocket message.
  if (chosen.accountBytes > chosen.frameBytes) {
    throw new ConfigError(['LIMIT_FRAME_BYTES is too low: it should be at least LIMIT_ACCOUNT_BYTES'])
  }
  if (chosen.attachmentBytes > chosen.pendingUploadBytes) {
    throw new ConfigError([
      'LIMIT_PENDING_UPLOAD_BYTES is too low: it should be at least LIMIT_ATTACHMENT_BYTES',
    ])
  }
  if (s3 !== undefined && chosen.attachmentBytes > MAX_OBJECT_BYTES) {
    throw new ConfigError([
      `LIMIT_ATTACHMENT_BYTES is too high: it should be at most ${MAX_OBJECT_BYTES}, what an S3 store takes at once`,
    ])
  }
  return chosen
}
