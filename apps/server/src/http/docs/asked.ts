import type { Components, Parameter, Schema } from '../description/document.ts'
import { sampleOf } from './sample.ts'

export const JSON_TYPE = 'application/json'

export interface AskedBody {
  readonly type: string
  readonly schema: Schema
}

/** What one sends to have an operation done. */
export interface Asked {
  readonly method: string
  readonly path: string
  readonly parameters: readonly Parameter[]
  readonly body: AskedBody | undefined
  readonly isPublic: boolean
}

/** The same for curl, with what is required, and the reader's own values as variables. */
export function curlOf({ method, path, parameters, body, isPublic }: Asked, components: Components): string {
  const needed = (place: Parameter['in']): readonly string[] =>
    parameters.filter((each) => each.in === place && each.required === true).map(({ name }) => name)
  const query = needed('query').map((name) => `${name}=${variable(name)}`)
  const target = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => variable(name))
  const isJson = body?.type === JSON_TYPE
  const needsMethod = method !== 'get' && !(method === 'post' && isJson)
  const parts = [
    ...(isPublic ? [] : ['-H "Authorization: Bearer $TOKEN"']),
    ...needed('header').map((name) => `-H "${name}: ${variable(name)}"`),
    ...(body === undefined
      ? []
      : isJson
        ? [`--json '${JSON.stringify(sampleOf(body.schema, components))}'`]
        : [`-H 'Content-Type: ${body.type}' --data-binary @file`]),
    `"$PARLEY${target}${query.length === 0 ? '' : `?${query.join('&')}`}"`,
  ]
  return `curl ${needsMethod ? `-X ${method.toUpperCase()} ` : ''}${parts.join(' \\\n  ')}`
}

const variable = (name: string): string => `$${name.toUpperCase().replaceAll('-', '_')}`
