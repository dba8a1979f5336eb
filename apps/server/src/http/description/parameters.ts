import type { OperationWords } from './chapter.ts'
import type { Parameter, Reference, Schema } from './document.ts'

/** Parameters that are the same on every route that has them. */
export const SHARED_PARAMETERS = {
  IdempotencyKey: {
    in: 'header',
    name: 'Idempotency-Key',
    description:
      'A UUID of version 4 or 7 that you make. Sent again under the same key, the request happens once and is answered as the first time; what it makes has this id.',
    schema: { type: 'string', format: 'uuid' },
  },
  Cursor: {
    in: 'query',
    name: 'cursor',
    description: 'Where the list goes on: what the page before gave as `next`.',
    schema: { type: 'string', maxLength: 2000 },
  },
} as const satisfies Readonly<Record<string, Parameter>>

const shared = (name: keyof typeof SHARED_PARAMETERS): Reference => ({
  $ref: `#/components/parameters/${name}`,
})

/** What an id in a path stands for, where the route itself does not say. */
const IDS: readonly (readonly [prefix: string, name: string, about: string])[] = [
  ['/api/conversations/', 'id', 'The conversation.'],
  ['/api/conversations/', 'event', 'The event.'],
  ['/api/', 'user', 'The user.'],
  ['/api/users/', 'id', 'The user.'],
]

/** A route's parameters with words, and what it takes beside them. */
export function parametersOf(
  path: string,
  generated: readonly Parameter[],
  words: OperationWords | undefined,
): readonly (Parameter | Reference)[] {
  const described = generated.map((parameter): Parameter | Reference => {
    if (parameter.in === 'query' && parameter.name === 'cursor') return shared('Cursor')
    const about =
      words?.parameters?.[parameter.name] ??
      (parameter.in === 'path'
        ? IDS.find(([prefix, name]) => path.startsWith(prefix) && name === parameter.name)?.[2]
        : undefined) ??
      (parameter.name === 'limit' ? 'How many a page may hold.' : undefined)
    return withSchema(parameter, about)
  })
  return words?.takesKey === true ? [...described, shared('IdempotencyKey')] : described
}

function withSchema({ in: place, name, required, schema }: Parameter, about: string | undefined): Parameter {
  const { description: _, 'x-default': fallback, ...rest } = schema as Schema & { 'x-default'?: unknown }
  return {
    in: place,
    name,
    ...(required === true && { required }),
    ...(about !== undefined && { description: about }),
    // Zod leaves out the default of what it transforms; so it comes under another name.
    schema: fallback === undefined ? rest : { ...rest, default: fallback },
    // Several values stand in one, with commas between them.
    ...(schema.type === 'array' && { style: 'form', explode: false }),
  }
}
