import { type CommandId, commandId, conversationId, newId, rest } from '@parley/protocol'
import type { Context } from 'hono'
import { describeRoute, resolver, validator } from 'hono-openapi'
import { z } from 'zod'
import { ApiError } from './errors.ts'

interface Issue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

const MAX_ISSUES = 10
const MAX_TEXT = 200

/** Says what is wrong and where, and never what was sent: an answer may end up in a log. */
export function invalid(what: string, issues: readonly Issue[]): ApiError {
  const details = issues.slice(0, MAX_ISSUES).map(({ path = [], message }) => ({
    path: path
      .map((part) => String(typeof part === 'object' ? part.key : part))
      .join('.')
      .slice(0, MAX_TEXT),
    message: message.slice(0, MAX_TEXT),
  }))
  const [first] = details
  const where = first === undefined || first.path === '' ? '' : ` at "${first.path}"`
  return new ApiError('invalid', `${what} is not valid${where}: ${first?.message ?? 'unknown'}`, details)
}

export const body = <S extends z.ZodType>(schema: S) =>
  validator('json', schema, (result) => {
    if (!result.success) throw invalid('the body', result.error)
  })

export const query = <S extends z.ZodType>(schema: S) =>
  validator('query', schema, (result) => {
    if (!result.success) throw invalid('the query', result.error)
  })

export const params = <S extends z.ZodType>(schema: S) =>
  validator('param', schema, (result) => {
    if (!result.success) throw invalid('the path', result.error)
  })

/** Names are in lower case here, whatever a client writes. */
export const headers = <S extends z.ZodType>(schema: S) =>
  validator('header', schema, (result) => {
    if (!result.success) throw invalid('the headers', result.error)
  })

const PROBLEM = {
  description: 'Refused, with a code and a reason',
  content: { 'application/json': { schema: resolver(rest.errorAnswer) } },
}

/** What a route is for and what it answers, for the description of the API; null: an answer without a body. */
export const described = (summary: string, answers: Readonly<Record<number, z.ZodType | null>>) =>
  describeRoute({
    summary,
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, schema]) => [
          status,
          schema === null
            ? { description: 'Done' }
            : { description: 'Done', content: { 'application/json': { schema: resolver(schema) } } },
        ]),
      ),
      default: PROBLEM,
    },
  })

/** A whole number in a query string. */
export const wholeNumber = z
  .string()
  .regex(/^\d{1,15}$/, 'must be a whole number')
  .transform(Number)
  // Described as what it means, not as the text it arrives as.
  .meta({ type: 'integer', minimum: 0, pattern: undefined })

/** How many a page may hold: 1 to `max`. */
export const limit = (fallback: number, max: number) =>
  wholeNumber
    .pipe(z.int().min(1).max(max))
    .optional()
    .transform((value) => value ?? fallback)
    .meta({ minimum: 1, maximum: max, 'x-default': fallback })

/** Several values in one parameter, with commas between them. */
export const commaList = <S extends z.ZodType<string, string>>(item: S, maxItems?: number) =>
  z
    .string()
    .transform((text) => text.split(','))
    .pipe(maxItems === undefined ? z.array(item) : z.array(item).max(maxItems))
    .meta({ type: 'array', items: z.toJSONSchema(item, { io: 'input' }), ...(maxItems && { maxItems }) })

/** Where a list goes on: opaque to the client, and checked like everything else that it sends. */
export const cursor = <S extends z.ZodType>(schema: S) =>
  z
    .string()
    .max(2000)
    .transform((text, context): unknown => {
      try {
        return JSON.parse(Buffer.from(text, 'base64url').toString())
      } catch {
        context.addIssue('must be what an answer gave as "next"')
        return z.NEVER
      }
    })
    .pipe(schema)

export const toCursor = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** The `next` of a list that was asked for one more than its page holds. */
export const pageOf = <T>(
  rows: readonly T[],
  size: number,
  cursorOf: (last: T) => unknown,
): { page: T[]; next?: string } => {
  const page = rows.slice(0, size)
  const last = page.at(-1)
  return last !== undefined && rows.length > size ? { page, next: toCursor(cursorOf(last)) } : { page }
}

/** The id of the command that a POST makes: the client's, if it may send the request again (C1). */
export function commandIdOf(c: Context): CommandId {
  const key = c.req.header('Idempotency-Key')
  if (key === undefined) return newId()
  const parsed = commandId.safeParse(key.toLowerCase())
  if (!parsed.success) throw invalid('the header Idempotency-Key', parsed.error.issues)
  return parsed.data
}

export const conversationPath = z.object({ id: conversationId })
