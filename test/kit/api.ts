import { gunzipSync } from 'node:zlib'
import {
  type ConversationId,
  DEFAULT_LIMITS,
  type Event,
  type EventId,
  event,
  type Limits,
  type Millis,
  newId,
  rest,
  type UserId,
} from '@parley/protocol'
import { Hono } from 'hono'
import { Registry } from 'prom-client'
import type { z } from 'zod'
import type { Attachments, AttachmentsOptions } from '../../apps/server/src/attachments/attachments.ts'
import { type Auth, createAuth } from '../../apps/server/src/auth/auth.ts'
import { createPasswords, type Passwords } from '../../apps/server/src/auth/passwords.ts'
import { createFriendCommands } from '../../apps/server/src/commands/friends.ts'
import { createCommandHandler } from '../../apps/server/src/commands/handler.ts'
import type { CommandHandler } from '../../apps/server/src/commands/outcome.ts'
import type { Database } from '../../apps/server/src/db/database.ts'
import { createApi } from '../../apps/server/src/http/api.ts'
import type { Description } from '../../apps/server/src/http/description/document.ts'
import { Appender } from '../../apps/server/src/log/appender.ts'
import { Bus } from '../../apps/server/src/log/bus.ts'
import { createRates } from '../../apps/server/src/limits/rates.ts'
import { createLogger } from '../../apps/server/src/logger.ts'
import { eventsAfter } from '../../apps/server/src/queries/events.ts'
import { createPush } from '../../apps/server/src/push/push.ts'
import { createPositions, type Positions } from '../../apps/server/src/reading/positions.ts'
import { createTestAttachments } from './attachments.ts'
import { type Conform, createConform } from './conform.ts'
import { UNHURRIED } from './limits.ts'
import { waitingOnly } from './notifications.ts'

export const HOST = 'localhost:3000'
export const ORIGIN = `http://${HOST}`

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
  readonly bytes: Uint8Array
  /** The body as what it should be; fails the test otherwise. */
  as<S extends z.ZodType>(schema: S): z.infer<S>
  readonly error: rest.ErrorAnswer['error']
}

export type Ask = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Answer>

export interface Person {
  readonly id: UserId
  readonly username: string
  readonly password: string
  readonly cookie: string
  readonly ask: Ask
}

export interface TestApi {
  readonly auth: Auth
  readonly handler: CommandHandler
  readonly positions: Positions
  readonly attachments: Attachments
  /** Without a credential. */
  readonly ask: Ask
  signUp(username: string): Promise<Person>
  as(cookie: string): Ask
  /** A group of the first person's with the others in it. */
  group(owner: Person, ...members: Person[]): Promise<ConversationId>
  say(
    who: Person,
    conversation: ConversationId,
    text: string,
    more?: object,
  ): Promise<Event & { type: 'message' }>
  befriend(one: Person, other: Person): Promise<void>
  /** Turns the clock. */
  advance(millis: number): void
}

export interface TestApiOptions {
  readonly passwords?: Passwords
  readonly signUp?: 'open' | 'invite' | 'closed'
  readonly publicUrl?: string
  readonly secureCookies?: boolean
  /** Rates that are to be met; others are out of the way. */
  readonly limits?: Partial<Limits>
  /** From 1 on a request comes from where its X-Forwarded-For says. */
  readonly trustProxy?: number
  readonly now?: () => Millis
  /** Where attachments are kept, and how much of them. */
  readonly attachments?: Partial<AttachmentsOptions>
}

/** The REST interface over the real database and the real command handler, asked without a socket in between. */
export function createTestApi(database: Database, options: TestApiOptions = {}): TestApi {
  let ahead = 0
  const { now: clock = Date.now } = options
  const now = () => clock() + ahead
  const logger = createLogger('silent')
  const bus = new Bus((error) => {
    throw error
  })
  const db = database.kysely
  const notifications = waitingOnly(db)
  const appender = new Appender({
    pool: database.pool,
    writers: database.writers,
    bus,
    now,
    logger,
    transports: [],
    eventsAfter: (conversation, after, limit) => eventsAfter(db, conversation, after, limit),
  })
  const handler = createCommandHandler({
    appender,
    friends: createFriendCommands(db, notifications),
    limits: DEFAULT_LIMITS,
    now,
  })
  const auth = createAuth({
    db,
    now,
    secureCookies: options.secureCookies ?? false,
    passwords: options.passwords ?? createPasswords(),
  })
  const positions = createPositions(db, notifications)
  const attachments = createTestAttachments({ db: database, now, ...options.attachments })
  const api = createApi({
    db,
    handler,
    auth,
    positions,
    notifications,
    announce: (_user, _what, change) => change(),
    attachments,
    push: createPush({ db, now, logger, subject: 'mailto:test@example.org', post: async () => 'taken' }),
    limits: DEFAULT_LIMITS,
    rates: createRates({ limits: { ...UNHURRIED, ...options.limits }, now }),
    trustProxy: options.trustProxy ?? 0,
    signUp: options.signUp ?? 'open',
    publicUrl: options.publicUrl,
    now,
    logger,
    registry: new Registry(),
  })
  // Mounted as in the server, where other things stand beside it.
  const app = new Hono().route('/', api)

  let conform: Promise<Conform> | undefined
  const described = (): Promise<Conform> =>
    (conform ??= Promise.resolve(app.request('/api/openapi.json'))
      .then((response) => response.json())
      .then((description) => createConform(description as Description)))

  const asker =
    (own: Record<string, string>): Ask =>
    async (method, path, body, headers = {}) => {
      const response = await app.request(path, {
        method,
        headers: {
          Host: HOST,
          ...(body !== undefined && { 'Content-Type': 'application/json' }),
          ...own,
          ...headers,
        },
        ...(body !== undefined && {
          body: typeof body === 'string' || isBytes(body) ? body : JSON.stringify(body),
        }),
      })
      const answer = await toAnswer(`${method} ${path}`, response)
      // Whatever a test is about, what it was answered is also as the API describes itself.
      const { status, headers: got, body: said } = answer
      ;(await described())({ method, path, sent: body, status, headers: got, body: said })
      return answer
    }
  const as = (cookie: string): Ask => asker({ Cookie: cookie, Origin: ORIGIN })

  return {
    auth,
    handler,
    positions,
    attachments,
    ask: asker({}),
    as,
    advance: (millis) => {
      ahead += millis
    },
    async signUp(username) {
      const password = `${username} has a secret`
      const answer = await asker({})('POST', '/api/users', {
        email: `${username}@example.org`,
        username,
        name: `Name of ${username}`,
        password,
      })
      const { id } = answer.as(rest.me)
      const cookie = cookieOf(answer)
      return { id, username, password, cookie, ask: as(cookie) }
    },
    async group(owner, ...members) {
      const answer = await owner.ask('POST', '/api/conversations', {
        kind: 'group',
        title: 'Group',
        members: members.map((member) => member.id),
      })
      return answer.as(rest.conversationSummary).id
    },
    async say(who, conversation, text, more = {}) {
      const answer = await who.ask('POST', `/api/conversations/${conversation}/events`, {
        type: 'message',
        text,
        ...more,
      })
      const said = answer.as(event)
      if (said.type !== 'message') throw new Error('a message became something else')
      return said
    },
    async befriend(one, other) {
      await one.ask('POST', '/api/friend-requests', { user: other.id })
      await other.ask('POST', '/api/friend-requests', { user: one.id })
    },
  }
}

const isBytes = (body: unknown): body is Uint8Array<ArrayBuffer> => body instanceof Uint8Array

/** The cookie that an answer sets, as a browser would send it back. */
export function cookieOf(answer: Answer): string {
  const cookie = answer.headers.get('Set-Cookie')?.split(';')[0]
  if (cookie === undefined)
    throw new Error(`no cookie in an answer ${answer.status}: ${JSON.stringify(answer.body)}`)
  return cookie
}

/** An HTTP answer, its body parsed if it is JSON. */
export async function toAnswer(what: string, response: Response): Promise<Answer> {
  const bytes = new Uint8Array(await response.arrayBuffer())
  // Not by the header: whoever asked over a network has been given them unpacked.
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b
  const text = new TextDecoder().decode(isPacked ? gunzipSync(bytes) : bytes)
  const isJson = /^application\/json *(;|$)/.test(response.headers.get('Content-Type') ?? '')
  // The answer to HEAD is described like the one to GET, and has no body.
  const body: unknown = isJson && text !== '' ? JSON.parse(text) : text
  return {
    status: response.status,
    headers: response.headers,
    body,
    bytes,
    as: (schema) => {
      const parsed = schema.safeParse(body)
      if (!parsed.success)
        throw new Error(`${what} answered ${response.status} ${text.slice(0, 500)}: ${parsed.error.message}`)
      return parsed.data
    },
    get error() {
      return rest.errorAnswer.parse(body).error
    },
  }
}

/** An id of something that does not exist. */
export const nobody = (): EventId & UserId & ConversationId => newId()
