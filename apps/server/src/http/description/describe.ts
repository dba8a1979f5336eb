import type { Env, Hono, Schema as RouteSchema } from 'hono'
import { generateSpecs } from 'hono-openapi'
import { z } from 'zod'
import type { Chapter, OperationWords } from './chapter.ts'
import { CHAPTERS } from './chapters.ts'
import type { Description, Operation, Parameter, Reference, Schema } from './document.ts'
import { INTRODUCTION } from './introduction.ts'
import { parametersOf, SHARED_PARAMETERS } from './parameters.ts'
import { header, HEADERS, refusalsOf, USUAL_REFUSALS } from './refusals.ts'

/** The version of the server. */
export const VERSION = '0.1.0'

const SECURITY = {
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'parley_session',
    description: 'Set by logging in. What changes something also needs the header `Origin`.',
  },
  token: { type: 'http', scheme: 'bearer', description: 'For programs; made by `POST /api/tokens`.' },
}

/**
 * The description of the API: routes and schemas are those that requests are checked by, the words
 * are the chapters'. A route without words is still described, by its schemas alone.
 */
export async function describeApi<E extends Env, S extends RouteSchema, P extends string>(
  routes: Hono<E, S, P>,
): Promise<Description> {
  for (const { schema, name, about, keywords } of CHAPTERS.flatMap(({ shapes }) => shapes)) {
    z.globalRegistry.add(schema, { id: name, description: about, ...keywords })
  }
  const spec = tidy(
    // hono-openapi's types allow whatever OpenAPI does; what it makes of our routes is this part of it.
    (await generateSpecs(routes, { defaultValidationErrorResponse: false })) as unknown as Description,
  )
  return {
    openapi: spec.openapi,
    info: {
      title: 'Parley',
      version: VERSION,
      summary: 'People, conversations and what is said in them.',
      description: INTRODUCTION,
      license: { name: 'AGPL-3.0-or-later', identifier: 'AGPL-3.0-or-later' },
    },
    servers: [{ url: '/', description: 'The server that this description comes from.' }],
    tags: CHAPTERS.map(({ name, about }) => ({ name, description: about })),
    security: [{ session: [] }, { token: [] }],
    paths: Object.fromEntries(
      Object.entries(spec.paths).map(([path, operations]) => [
        path,
        Object.fromEntries(
          Object.entries(operations).map(([method, operation]) => [method, finish(method, path, operation)]),
        ),
      ]),
    ),
    components: {
      schemas: namedSchemas(spec.components.schemas),
      parameters: SHARED_PARAMETERS,
      headers: HEADERS,
      responses: USUAL_REFUSALS,
      securitySchemes: SECURITY,
    },
  }
}

function wordsFor(method: string, path: string): { chapter?: Chapter; words?: OperationWords } {
  const key = `${method.toUpperCase()} ${path}`
  const chapter = CHAPTERS.find(({ operations }) => Object.hasOwn(operations, key))
  const words = chapter?.operations[key]
  return chapter === undefined || words === undefined ? {} : { chapter, words }
}

function finish(method: string, path: string, operation: Operation): Operation {
  const { chapter, words } = wordsFor(method, path)
  const generated = (operation.parameters ?? []) as readonly Parameter[]
  const parameters: readonly (Parameter | Reference)[] = parametersOf(path, generated, words)
  const { summary, requestBody } = operation
  return {
    operationId: words?.id ?? operation.operationId,
    summary,
    ...(words?.about !== undefined && { description: words.about }),
    tags: chapter === undefined ? [] : [chapter.name],
    ...(words?.isPublic === true && { security: [] as const }),
    ...(parameters.length > 0 && { parameters }),
    ...(requestBody !== undefined && { requestBody }),
    responses: {
      ...successes(operation, words),
      ...refusalsOf(words?.refusals ?? {}, {
        isPublic: words?.isPublic === true,
        changes: method !== 'get',
        hasInput: parameters.length > 0,
        hasBody: requestBody !== undefined,
      }),
    },
  }
}

const SUCCESS: Readonly<Record<string, string>> = { 200: 'What was asked for.', 201: 'Made.', 204: 'Done.' }

const successes = ({ responses }: Operation, words: OperationWords | undefined): Operation['responses'] =>
  Object.fromEntries(
    Object.entries(responses)
      .filter(([status]) => status !== 'default')
      .map(([status, answer]) => [
        status,
        {
          ...answer,
          description: words?.answers?.[Number(status)] ?? SUCCESS[status] ?? 'Done.',
          ...(words?.isPublic === true && { headers: { 'Set-Cookie': header('SetCookie') } }),
        },
      ]),
  )

/** The schemas in the order of the chapters, each field with what is to be known about it. */
function namedSchemas(generated: Description['components']['schemas']): Record<string, Schema> {
  const shapes = CHAPTERS.flatMap((chapter) => chapter.shapes)
  const named = shapes.flatMap(({ name, fields }): [string, Schema][] => {
    const schema = generated[name]
    // A shape that no route uses is not part of the API.
    return schema === undefined ? [] : [[name, withWords(schema, fields)]]
  })
  return Object.fromEntries(named)
}

/** Words are found by the field's name, within an object by its path: `error.code`. */
const withWords = (schema: Schema, fields: Readonly<Record<string, string>>, within = ''): Schema =>
  schema.properties === undefined
    ? schema
    : {
        ...schema,
        properties: Object.fromEntries(
          Object.entries(schema.properties).map(([field, property]) => {
            const path = within + field
            const description = fields[path]
            const inner = withWords(property, fields, `${path}.`)
            return [field, description === undefined ? inner : { ...inner, description }]
          }),
        ),
      }

/** Bounds of what a number can hold say nothing about this one, but that 32 bits may not be enough for it. */
function tidy<T>(schema: T): T {
  if (Array.isArray(schema)) return schema.map((each: unknown) => tidy(each)) as T
  if (typeof schema !== 'object' || schema === null) return schema
  const entries = Object.entries(schema)
  const kept = entries.filter(
    ([, each]) => each !== Number.MAX_SAFE_INTEGER && each !== Number.MIN_SAFE_INTEGER,
  )
  return Object.fromEntries([
    ...kept.map(([key, each]) => [key, tidy(each)]),
    ...(kept.length < entries.length ? [['format', 'int64']] : []),
  ]) as T
}
