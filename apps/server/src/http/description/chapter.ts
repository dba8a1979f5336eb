import type { Code } from '@parley/protocol'
import type { z } from 'zod'

/** One part of the description: what belongs to a resource, in the order in which one would want to read it. */
export interface Chapter {
  readonly name: string
  readonly about: string
  readonly shapes: readonly Shape[]
  /** By method and path: `GET /api/users/{id}`. */
  readonly operations: Readonly<Record<string, OperationWords>>
}

/** What a route's own summary and schemas do not say. Texts are Markdown. */
export interface OperationWords {
  /** Its name in generated clients, and in packages/client. */
  readonly id: string
  readonly about?: string
  readonly parameters?: Readonly<Record<string, string>>
  /** By status: what a success means. */
  readonly answers?: Readonly<Record<number, string>>
  /** What it may be refused with, beyond what any request may be; each with the reason. */
  readonly refusals?: { readonly [C in Code]?: string }
  /** No credential is needed. */
  readonly isPublic?: true
  /** Takes the header `Idempotency-Key`. */
  readonly takesKey?: true
}

/** A shape of the API under the name that the description gives it, with what to know about it and its fields. */
export interface Shape {
  readonly schema: z.ZodType
  readonly name: string
  readonly about: string
  readonly fields: Readonly<Record<string, string>>
  /** Further keywords of its JSON Schema. */
  readonly keywords: Readonly<Record<string, unknown>>
}

export const shape = <S extends z.ZodObject>(
  schema: S,
  name: string,
  about: string,
  fields: { readonly [Field in keyof S['shape']]?: string } = {},
  example?: z.input<S>,
): Shape => ({
  schema,
  name,
  about,
  fields: fields as Record<string, string>,
  keywords: example === undefined ? {} : { examples: [example] },
})

/** A shape that is strict where it is stored: who reads it in an answer lets new fields pass. */
export function stored<S extends z.ZodObject>(...given: Parameters<typeof shape<S>>): Shape {
  const strict = shape(...given)
  return { ...strict, keywords: { ...strict.keywords, additionalProperties: undefined } }
}

/** A value that is no object: an id, a time, one word of a few. */
export const value = (
  schema: z.ZodType,
  name: string,
  about: string,
  keywords: Readonly<Record<string, unknown>> = {},
): Shape => ({ schema, name, about, fields: {}, keywords })

/** One of several shapes, told apart by their `type`. */
export const choice = (
  schema: z.ZodType,
  name: string,
  about: string,
  shapeOfType: Readonly<Record<string, string>>,
): Shape => {
  const mapping = Object.fromEntries(
    Object.entries(shapeOfType).map(([type, option]) => [type, `#/components/schemas/${option}`]),
  )
  return { schema, name, about, fields: {}, keywords: { discriminator: { propertyName: 'type', mapping } } }
}

/** What is said of every list that has more than one page. */
export const NEXT = 'Pass it back as `cursor` to get the next page. Absent: this is the last one.'
