import { type Code, CODES, event, type Millis, rest, type UserId } from '@parley/protocol'
import { z } from 'zod'
import type { Answer, Api, EventsQuery } from './api.ts'
import type { ClientOptions, Clock, FetchAnswer } from './ports.ts'

type ApiOptions = Pick<ClientOptions, 'url' | 'fetch' | 'token' | 'clock'>

/** A server that has not answered by now is taken to be gone: whoever asked tries again by its own rules. */
const ANSWER_WITHIN: Millis = 30_000

/** The most ids that one question for profiles carries: keeps the address short. */
const IDS_AT_ONCE = 50

/** The REST interface over `fetch`: answers are parsed, and no answer at all is a code like any other. */
export function httpApi({ url, fetch, token, clock }: ApiOptions): Api {
  const base = `${url.replace(/\/+$/, '')}/api`

  async function ask<T>(
    method: string,
    path: string,
    schema: z.ZodType<T>,
    body?: unknown,
  ): Promise<Answer<T>> {
    const headers: Record<string, string> = {}
    if (token !== undefined) headers['authorization'] = `Bearer ${token}`
    if (body !== undefined) headers['content-type'] = 'application/json'
    let answer: FetchAnswer
    let text: string
    let giveUp: () => void = () => undefined
    try {
      const asked = fetch(`${base}${path}`, {
        method,
        headers,
        credentials: 'include',
        onGivenUp: (run) => (giveUp = run),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }).then(async (each) => [each, await each.text()] as const)
      ;[answer, text] = await withinTime(asked, clock, () => giveUp())
    } catch {
      // Whatever `fetch` throws means that there was no answer; which kind of none decides nothing.
      return { ok: false, code: 'unavailable', message: 'the server cannot be reached' }
    }
    const parsed = parseJson(text)
    if (answer.status < 200 || answer.status >= 300) return failureOf(answer, parsed)
    const value = schema.safeParse(parsed)
    // Text that is no JSON is not the server's: a hotel's log-in page must not pass for "done".
    return value.success && (parsed !== undefined || text === '')
      ? { ok: true, value: value.data }
      : { ok: false, code: 'internal', message: `the server's answer to ${path} is not what it should be` }
  }

  /** Follows the cursor to the end of a list. */
  async function askAll<T>(path: string, name: string, item: z.ZodType<T>): Promise<Answer<T[]>> {
    const page = z.object({ [name]: z.array(item), next: z.string().optional() }) as unknown as z.ZodType<
      Record<string, T[]> & { next?: string }
    >
    const all: T[] = []
    for (let next: string | undefined = ''; next !== undefined;) {
      const separator = path.includes('?') ? '&' : '?'
      const answer: Answer<Record<string, T[]> & { next?: string }> = await ask(
        'GET',
        next === '' ? path : `${path}${separator}cursor=${encodeURIComponent(next)}`,
        page,
      )
      if (!answer.ok) return answer
      all.push(...(answer.value[name] ?? []))
      if (next !== '' && answer.value.next === next)
        return { ok: false, code: 'internal', message: `the server's list ${path} does not end` }
      next = answer.value.next
    }
    return { ok: true, value: all }
  }

  const nothing = z.unknown().transform(() => undefined)
  const me = () => ask('GET', '/users/me', rest.me)
  const thenMe = async (answer: Answer<undefined>): Promise<Answer<rest.Me>> =>
    answer.ok ? await me() : answer

  return {
    signUp: async (body) => await thenMe(await ask('POST', '/users', nothing, body)),
    signIn: async (body) => await thenMe(await ask('POST', '/sessions', nothing, body)),
    signOut: () => ask('DELETE', '/sessions/current', nothing),
    me,
    updateMe: (body) => ask('PATCH', '/users/me', rest.me, body),
    users: async (ids) => {
      const all: rest.User[] = []
      for (let from = 0; from < ids.length; from += IDS_AT_ONCE) {
        const some = ids.slice(from, from + IDS_AT_ONCE) as readonly UserId[]
        const answer = await askAll(`/users?ids=${some.join(',')}`, 'users', rest.user)
        if (!answer.ok) return answer
        all.push(...answer.value)
      }
      return { ok: true, value: all }
    },
    searchUsers: (query) => askAll(`/users?q=${encodeURIComponent(query)}`, 'users', rest.user),
    usersByEmail: (email) => askAll(`/users?email=${encodeURIComponent(email)}`, 'users', rest.user),
    sessions: () => askAll('/sessions', 'sessions', rest.session),
    endSession: (id) => ask('DELETE', `/sessions/${encodeURIComponent(id)}`, nothing),
    tokens: () => askAll('/tokens', 'tokens', rest.token),
    createToken: (name) => ask('POST', '/tokens', rest.createdToken, { name }),
    deleteToken: (id) => ask('DELETE', `/tokens/${encodeURIComponent(id)}`, nothing),
    conversations: () => askAll('/conversations', 'conversations', rest.conversationSummary),
    conversation: (id) => ask('GET', `/conversations/${id}`, rest.conversationSummary),
    members: (id) => askAll(`/conversations/${id}/members`, 'members', rest.member),
    events: (id, query) =>
      ask(
        'GET',
        `/conversations/${id}/events${queryOf(query)}`,
        eventsPage.transform(({ events }) => events),
      ),
  }
}

const eventsPage = z.object({ events: z.array(event) })

function queryOf(query: EventsQuery): string {
  const parts = Object.entries(query).map(([name, value]) => `${name}=${value}`)
  return parts.length === 0 ? '' : `?${parts.join('&')}`
}

function withinTime<T>(answer: Promise<T>, clock: Clock, giveUp: () => void): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const cancel = clock.after(ANSWER_WITHIN, () => {
    reject(new Error('no answer in time'))
    giveUp()
  })
  void answer.then(resolve, reject).finally(cancel)
  return promise
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // An answer without a body, or a proxy's page: the schema or the status decides.
    return undefined
  }
}

function failureOf(answer: FetchAnswer, body: unknown): Answer<never> & { ok: false } {
  const parsed = rest.errorAnswer.safeParse(body)
  const given = parsed.success ? parsed.data.error : undefined
  const code = given !== undefined && isCode(given.code) ? given.code : codeOfStatus(answer.status)
  const seconds = Number(answer.headers.get('retry-after') ?? Number.NaN)
  return {
    ok: false,
    code,
    message: given?.message ?? `the server answered ${answer.status}`,
    ...(Number.isFinite(seconds) ? { retryAfter: seconds * 1000 } : {}),
  }
}

const isCode = (code: string): code is Code => Object.hasOwn(CODES, code)

/** For answers that are not Parley's own: a proxy in front of it speaks in statuses alone. */
function codeOfStatus(status: number): Code {
  if (status === 502 || status === 504) return 'unavailable'
  for (const [code, meaning] of Object.entries(CODES)) if (meaning.status === status) return code as Code
  return status >= 500 ? 'internal' : 'invalid'
}
