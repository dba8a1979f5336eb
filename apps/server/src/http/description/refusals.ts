import { type Code, CODES } from '@parley/protocol'
import type { Answer, Header, Reference } from './document.ts'

type Reasons = { readonly [C in Code]?: string }

/** What any request may be refused with; a route's own words take the place of these, or follow them. */
const REASONS = {
  invalid: 'The request is not valid. `details` lists where and why.',
  unauthenticated: 'There is no credential, or it means nobody.',
  forbidden: 'The request would change something, and comes from a page of another origin.',
  too_large: 'The body is larger than anything that is taken here.',
  rate_limited: 'Too much at once.',
  internal: 'The server made a mistake.',
  unavailable: 'The server cannot do this right now.',
} as const satisfies Reasons

type Usual = keyof typeof REASONS
const isUsual = (code: Code): code is Usual => Object.hasOwn(REASONS, code)

const USUAL_NAMES: { readonly [C in Usual]: string } = {
  invalid: 'Invalid',
  unauthenticated: 'Unauthenticated',
  forbidden: 'OtherOrigin',
  too_large: 'TooLarge',
  rate_limited: 'RateLimited',
  internal: 'Internal',
  unavailable: 'Unavailable',
}

const FAULT = { path: 'name', message: 'must be text' }

export const HEADERS = {
  RetryAfter: {
    description: 'After how many seconds the same request may be sent again.',
    schema: { type: 'integer', minimum: 0 },
  },
  SetCookie: {
    description: 'The session, for a browser to keep.',
    schema: { type: 'string' },
  },
} as const satisfies Readonly<Record<string, Header>>

export const header = (name: keyof typeof HEADERS): Reference => ({ $ref: `#/components/headers/${name}` })

function answerOf(reasons: Reasons): Answer {
  const entries = Object.entries(reasons) as [Code, string][]
  const retryHelps = entries.some(([code]) => CODES[code].retryHelps)
  return {
    description: entries.map(([code, reason]) => `\`${code}\`: ${reason}`).join('\n\n'),
    ...(retryHelps && { headers: { 'Retry-After': header('RetryAfter') } }),
    content: {
      'application/json': {
        schema: { $ref: '#/components/schemas/Error' },
        examples: Object.fromEntries(
          entries.map(([code, reason]) => [
            code,
            { value: { error: { code, message: reason, ...(code === 'invalid' && { details: [FAULT] }) } } },
          ]),
        ),
      },
    },
  }
}

/** The refusals that many routes share, for `components.responses`. */
export const USUAL_REFUSALS: Readonly<Record<string, Answer>> = Object.fromEntries(
  Object.entries(REASONS).map(([code, reason]) => [USUAL_NAMES[code as Usual], answerOf({ [code]: reason })]),
)

interface Asked {
  readonly isPublic: boolean
  readonly changes: boolean
  readonly hasInput: boolean
  readonly hasBody: boolean
}

/** Every refusal of a route by status: its own reasons, and those of any request of its kind. */
export function refusalsOf(own: Reasons, asked: Asked): Readonly<Record<string, Answer | Reference>> {
  const usual: readonly Usual[] = [
    ...(asked.hasInput || asked.changes ? (['invalid'] as const) : []),
    ...(asked.isPublic ? [] : (['unauthenticated'] as const)),
    ...(asked.changes ? (['forbidden'] as const) : []),
    ...(asked.hasBody ? (['too_large'] as const) : []),
    'rate_limited',
    'internal',
    'unavailable',
  ]
  const codes = [...new Set<Code>([...usual, ...(Object.keys(own) as Code[])])]
  const byStatus = Map.groupBy(codes, (code) => CODES[code].status)
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => {
      const [only] = group
      const isShared = group.length === 1 && only !== undefined && isUsual(only) && own[only] === undefined
      if (isShared) return [status, { $ref: `#/components/responses/${USUAL_NAMES[only]}` }]
      return [status, answerOf(Object.fromEntries(group.map((code) => [code, reasonOf(code, own, asked)])))]
    }),
  )
}

function reasonOf(code: Code, own: Reasons, { changes, hasBody }: Asked): string {
  const said = own[code]
  if (said === undefined) return isUsual(code) ? REASONS[code] : code
  if (code === 'forbidden' && changes) return `${said} Or the request comes from a page of another origin.`
  if (code === 'too_large' && hasBody)
    return `${said} Or the body is larger than anything that is taken here.`
  return said
}
