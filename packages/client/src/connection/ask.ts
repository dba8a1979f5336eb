import { type Code, CODES, type CommandId, type Millis, rest } from '@parley/protocol'
import { z } from 'zod'
import type { Answer, Page } from './api.ts'
import type { ClientOptions, Clock, FetchAnswer } from '../ports.ts'
import type { FileBytes } from '../uploads/held-message.ts'

export type AskOptions = Pick<ClientOptions, 'url' | 'fetch' | 'token' | 'clock'>

/** A server that has not answered by now is taken to be gone: whoever asked tries again by its own rules. */
const ANSWER_WITHIN: Millis = 30_000

/** How long a question waits, altogether, for a server that answers "not now". After that it is for whoever asks to say so. */
const WAIT_AT_MOST: Millis = 30_000
/** No server is believed to want to be left alone for longer: some proxies name a day. */
const BELIEVED_AT_MOST: Millis = 10 * 60_000
const WAIT_AT_LEAST: Millis = 1_000

type Values = Readonly<Record<string, string | number | readonly string[] | undefined>>

export interface Question<T> {
  readonly method?: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below `/api`. */
  readonly path: string
  readonly query?: Values
  readonly body?: unknown
  /** A part of a file, instead of a body. */
  readonly bytes?: FileBytes
  /** Makes the request take effect once, however often it is sent (C1). */
  readonly key?: CommandId | undefined
  readonly headers?: Readonly<Record<string, string>>
  readonly answer: z.ZodType<T>
}

/** A list's pages: the name that its items stand under, and what one is. */
export interface Listed<T> {
  readonly path: string
  readonly query?: Values
  readonly name: string
  readonly item: z.ZodType<T>
}

export interface Ask {
  one<T>(question: Question<T>): Promise<Answer<T>>
  page<T>(list: Listed<T>, next?: string): Promise<Answer<Page<T>>>
  /** Follows the pages to the end. */
  all<T>(list: Listed<T>): Promise<Answer<T[]>>
  url(path: string): string
}

/** For what is answered by a status alone. */
export const nothing = z.unknown().transform(() => undefined)

/**
 * Asks over `fetch`: answers are parsed, and no answer at all is a code like any other. When the server
 * says that this device asks too much, no question goes out before the time it names: those that were
 * asked wait for it and are asked then. What changes something is answered at once, for a person to see.
 */
export function createAsk({ url, fetch, token, clock }: AskOptions): Ask {
  const base = `${url.replace(/\/+$/, '')}/api`

  let notBefore: Millis = 0
  /** A clock that was set back leaves a time too far off to have been said. */
  const waitLeft = (): Millis => {
    const left = notBefore - clock.now()
    return left > BELIEVED_AT_MOST ? 0 : Math.max(0, left)
  }

  async function one<T>(question: Question<T>): Promise<Answer<T>> {
    if (question.method !== undefined) return await once(question)
    const end = clock.now() + WAIT_AT_MOST
    for (;;) {
      const wait = waitLeft()
      if (clock.now() + wait > end)
        return { ok: false, code: 'rate_limited', message: TOO_MUCH, retryAfter: wait }
      if (wait > 0) await pause(wait, clock)
      const answer = await once(question)
      if (answer.ok || answer.code !== 'rate_limited' || answer.retryAfter === undefined) return answer
      const asked = Math.min(BELIEVED_AT_MOST, Math.max(WAIT_AT_LEAST, answer.retryAfter))
      notBefore = Math.max(notBefore, clock.now() + asked)
      if (clock.now() + waitLeft() > end) return answer
    }
  }

  async function once<T>(question: Question<T>): Promise<Answer<T>> {
    const { method, path, query, body, bytes, key, answer: form } = question
    const headers: Record<string, string> = { ...question.headers }
    if (token !== undefined) headers['authorization'] = `Bearer ${token}`
    if (body !== undefined) headers['content-type'] = 'application/json'
    if (key !== undefined) headers['idempotency-key'] = key
    let answer: FetchAnswer
    let text: string
    let giveUp: () => void = () => undefined
    try {
      const asked = fetch(base + path + queryOf(query), {
        method: method ?? 'GET',
        headers,
        credentials: 'include',
        onGivenUp: (run) => (giveUp = run),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(bytes === undefined ? {} : { body: bytes }),
      }).then(async (each) => [each, await each.text()] as const)
      ;[answer, text] = await withinTime(asked, clock, () => giveUp())
    } catch {
      // Whatever `fetch` throws means that there was no answer; which kind of none decides nothing.
      return { ok: false, code: 'unavailable', message: 'the server cannot be reached' }
    }
    const parsed = parseJson(text)
    if (answer.status < 200 || answer.status >= 300) return failureOf(answer, parsed, clock.now())
    const value = form.safeParse(parsed)
    // Text that is no JSON is not the server's: a hotel's log-in page must not pass for "done".
    return value.success && (parsed !== undefined || text === '')
      ? { ok: true, value: value.data }
      : { ok: false, code: 'internal', message: `the server's answer to ${path} is not what it should be` }
  }

  async function page<T>({ path, query, name, item }: Listed<T>, next?: string): Promise<Answer<Page<T>>> {
    const form = z.object({ [name]: z.array(item), next: z.string().optional() })
    const answer = await one({ path, query: { ...query, cursor: next }, answer: form })
    if (!answer.ok) return answer
    const { next: following } = answer.value
    const items = answer.value[name] as T[]
    return { ok: true, value: { items, ...(typeof following === 'string' && { next: following }) } }
  }

  async function all<T>(list: Listed<T>): Promise<Answer<T[]>> {
    const items: T[] = []
    for (let next: string | undefined; ;) {
      const answer: Answer<Page<T>> = await page(list, next)
      if (!answer.ok) return answer
      items.push(...answer.value.items)
      if (answer.value.next === undefined) return { ok: true, value: items }
      if (answer.value.next === next)
        return { ok: false, code: 'internal', message: `the server's list ${list.path} does not end` }
      ;({ next } = answer.value)
    }
  }

  return { one, page, all, url: (path) => base + path }
}

const TOO_MUCH = 'the server was asked too much, and said for how long it is not to be asked'

const pause = (delay: Millis, clock: Clock): Promise<void> =>
  new Promise((resolve) => {
    clock.after(delay, resolve)
  })

function queryOf(values: Values = {}): string {
  const parts = Object.entries(values)
    .filter((entry): entry is [string, string | number | readonly string[]] => entry[1] !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
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

function failureOf(answer: FetchAnswer, body: unknown, now: Millis): Answer<never> & { ok: false } {
  const parsed = rest.errorAnswer.safeParse(body)
  const given = parsed.success ? parsed.data.error : undefined
  const code = given !== undefined && isCode(given.code) ? given.code : codeOfStatus(answer.status)
  const retryAfter = waitOf(answer.headers.get('retry-after') ?? '', now)
  return {
    ok: false,
    code,
    message: given?.message ?? `the server answered ${answer.status}`,
    ...(retryAfter === undefined ? {} : { retryAfter }),
  }
}

/** `Retry-After` is in seconds, or, from some proxies, a date. */
function waitOf(header: string, now: Millis): Millis | undefined {
  const millis = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now
  return Number.isFinite(millis) ? Math.max(0, millis) : undefined
}

const isCode = (code: string): code is Code => Object.hasOwn(CODES, code)

/** For answers that are not Parley's own: a proxy in front of it speaks in statuses alone. */
function codeOfStatus(status: number): Code {
  if (status === 502 || status === 504) return 'unavailable'
  for (const [code, meaning] of Object.entries(CODES)) if (meaning.status === status) return code as Code
  return status >= 500 ? 'internal' : 'invalid'
}
