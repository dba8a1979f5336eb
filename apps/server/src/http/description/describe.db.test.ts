import { readFile } from 'node:fs/promises'
import { rest } from '@parley/protocol'
import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { default as formats } from 'ajv-formats'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createTestApi } from '../../../../../test/kit/api.ts'
import { useDatabase } from '../../../../../test/kit/database.ts'
import { CHAPTERS } from './chapters.ts'
import { VERSION } from './describe.ts'
import type { Description, Operation, Parameter, Schema } from './document.ts'

const database = useDatabase()
let description: Description
let operations: readonly (readonly [key: string, operation: Operation])[]

beforeAll(async () => {
  description = (await createTestApi(database).ask('GET', '/api/openapi.json')).body as Description
  operations = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const,
    ),
  )
})

test('the description is a valid OpenAPI 3.1 document', async () => {
  const result = await new Validator().validate({ ...structuredClone(description) })
  expect(result).toEqual({ valid: true })
  expect(description.openapi).toBe('3.1.0')
})

test('its version is that of the server', async () => {
  const manifest = new URL('../../../package.json', import.meta.url)
  expect(VERSION).toBe((JSON.parse(await readFile(manifest, 'utf8')) as { version: string }).version)
})

test('every route has its words, and no words are of a route that is gone', () => {
  const worded = CHAPTERS.flatMap((chapter) => Object.keys(chapter.operations))
  expect(worded.toSorted()).toEqual(operations.map(([key]) => key).toSorted())
})

test('every operation has a name of its own, a summary, a chapter and an answer of success', () => {
  const ids = operations.map(([, { operationId }]) => operationId)
  expect(new Set(ids).size).toBe(ids.length)
  for (const [key, { operationId, summary, tags, responses }] of operations) {
    expect([key, operationId]).toEqual([key, expect.stringMatching(/^[a-z][A-Za-z]*$/)])
    expect([key, summary]).toEqual([key, expect.stringMatching(/^[A-Z]/)])
    expect([key, tags.length]).toEqual([key, 1])
    expect([key, Object.keys(responses).some((status) => status.startsWith('2'))]).toEqual([key, true])
  }
})

test('every parameter says what it is for', () => {
  for (const [key, { parameters = [] }] of operations) {
    for (const parameter of parameters.filter((each): each is Parameter => !('$ref' in each)))
      expect([key, parameter.name, parameter.description]).toEqual([key, parameter.name, expect.any(String)])
  }
})

test('words about fields and parameters are of fields and parameters that there are', () => {
  for (const { name, fields } of CHAPTERS.flatMap(({ shapes }) => shapes)) {
    for (const field of Object.keys(fields).filter((each) => !each.includes('.')))
      expect([name, Object.keys(description.components.schemas[name]?.properties ?? {})]).toEqual([
        name,
        expect.arrayContaining([field]),
      ])
  }
  const named = new Map(operations.map(([key, { parameters = [] }]) => [key, parameters]))
  for (const [key, words] of CHAPTERS.flatMap((chapter) => Object.entries(chapter.operations))) {
    const names = named.get(key)?.map((each) => ('$ref' in each ? '' : each.name))
    expect([key, names]).toEqual([key, expect.arrayContaining(Object.keys(words.parameters ?? {}))])
  }
})

test('every shape of a body has a name, and is described in one place', () => {
  const objects = Object.entries(rest).filter(
    ([, schema]) => schema instanceof z.ZodObject || schema instanceof z.ZodDiscriminatedUnion,
  )
  const shapes = new Set(CHAPTERS.flatMap((chapter) => chapter.shapes.map(({ schema }) => schema)))
  expect(objects.filter(([, schema]) => !shapes.has(schema as z.ZodType)).map(([name]) => name)).toEqual([])
  expect(Object.keys(description.components.schemas).length).toBe(shapes.size)
  for (const [key, operation] of operations) {
    const contents = [operation.requestBody, ...Object.values(operation.responses)].flatMap((each) =>
      each !== undefined && 'content' in each ? [each.content?.['application/json']?.schema] : [],
    )
    for (const schema of contents.filter((each): each is Schema => each !== undefined))
      expect([key, Object.keys(schema)]).toEqual([key, ['$ref']])
  }
})

describe('an example', () => {
  test('is of its own schema', () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true })
    formats.default(ajv)
    ajv.addSchema(description, 'api')
    let count = 0
    for (const [name, { examples = [] }] of Object.entries(description.components.schemas)) {
      for (const example of examples) {
        count += 1
        const isValid = ajv.validate({ $ref: `api#/components/schemas/${name}` }, example)
        expect([name, isValid, ajv.errors]).toEqual([name, true, null])
      }
    }
    expect(count).toBeGreaterThan(10)
  })

  test('is there for every body that one may send', () => {
    for (const [key, { requestBody }] of operations) {
      const name = requestBody?.content?.['application/json']?.schema.$ref?.split('/').at(-1)
      if (name === undefined) continue
      const schema = description.components.schemas[name]
      const options = schema?.oneOf?.map(({ $ref }) => $ref?.split('/').at(-1) ?? '') ?? [name]
      for (const option of options)
        expect([key, description.components.schemas[option]?.examples?.length]).toEqual([key, 1])
    }
  })
})
