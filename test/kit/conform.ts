import { Ajv2020 } from 'ajv/dist/2020.js'
import { default as formats } from 'ajv-formats'
import type { Content, Description, Operation } from '../../apps/server/src/http/description/document.ts'

/** One request and what came of it. */
export interface Exchange {
  readonly method: string
  readonly path: string
  /** What was sent as JSON; a text was no object, and is not judged. */
  readonly sent: unknown
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

/** Throws when an exchange is not as the API describes itself. Paths that are not described are not judged. */
export type Conform = (exchange: Exchange) => void

const pointer = (...keys: readonly (string | number)[]): string =>
  keys.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

/** Checks exchanges against a description: statuses, codes, headers, bodies, and that no answer says more than described. */
export function createConform(description: Description): Conform {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  formats.default(ajv)
  ajv.addSchema(closed(description) as object, 'api')
  const routes = Object.entries(description.paths).map(([path, operations]) => ({
    path,
    operations,
    pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
    /** Of `/users/me` and `/users/{id}` the first is meant. */
    variables: path.split('{').length,
  }))

  const faultsOf = (place: string, value: unknown): string | undefined =>
    ajv.validate({ $ref: `api#${place}` }, value) ? undefined : ajv.errorsText(ajv.errors)

  function judge(
    operation: Operation,
    at: string,
    { sent, status, headers, body }: Exchange,
  ): string | undefined {
    const given = operation.responses[status]
    if (given === undefined) return `there is no status ${status} in its description`
    const isShared = '$ref' in given
    const answer = isShared ? description.components.responses[given.$ref.split('/').at(-1) ?? ''] : given
    const answerAt = isShared ? given.$ref.slice(1) : at + pointer('responses', status)
    if (answer === undefined) return `${answerAt} is not in the description`
    for (const name of Object.keys(answer.headers ?? {}))
      if (!headers.has(name)) return `the header ${name} is missing`
    // A file is whatever it is.
    if (answer.content !== undefined && Object.hasOwn(answer.content, '*/*')) return undefined
    const type = headers.get('Content-Type')?.split(';')[0]
    if (answer.content === undefined) return body === '' ? undefined : 'nothing is said of its body'
    if (type === undefined || !Object.hasOwn(answer.content, type)) return `nothing is said of ${type}`
    if (type !== 'application/json') return undefined
    const faults = faultsOf(answerAt + pointer('content', type, 'schema'), body)
    if (faults !== undefined) return `its body is not as described: ${faults}`
    if (status >= 400) return codeFault(answer, body)
    const bodyAt = at + pointer('requestBody', 'content', 'application/json', 'schema')
    // What was taken must be what the description says one may send; bytes may be any.
    const isJson = operation.requestBody?.content?.['application/json'] !== undefined
    const sentFaults = sent === undefined || !isJson ? undefined : faultsOf(bodyAt, sent)
    return sentFaults === undefined ? undefined : `it took what is not described: ${sentFaults}`
  }

  return ({ sent, ...answered }) => {
    const exchange = { ...answered, sent: typeof sent === 'string' ? undefined : sent }
    const { method, path, status } = exchange
    const pathname = path.split('?')[0] ?? ''
    const [route] = routes
      .filter(({ pattern }) => pattern.test(pathname))
      .toSorted((a, b) => a.variables - b.variables)
    const operation = route?.operations[method.toLowerCase()]
    if (route === undefined || operation === undefined) return
    const fault = judge(operation, pointer('paths', route.path, method.toLowerCase()), exchange)
    if (fault !== undefined)
      throw new Error(`${method} ${path} answered ${status}, and ${fault}\n${JSON.stringify(exchange.body)}`)
  }
}

/** The codes that a status is described with stand as the names of its examples. */
function codeFault({ content }: Content, body: unknown): string | undefined {
  const { code } = (body as { error: { code: string } }).error
  const described = content?.['application/json']?.examples ?? {}
  return Object.hasOwn(described, code) ? undefined : `there is no code ${code} in its description`
}

/** Readers let new fields pass; here, a field that nobody described is one too many. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, each]): [string, unknown] => [
    key,
    key === 'examples' || key === 'example' ? each : closed(each),
  ])
  const isObject = 'properties' in value && 'type' in value && value.type === 'object'
  return Object.fromEntries([...(isObject ? [['additionalProperties', false]] : []), ...entries])
}
