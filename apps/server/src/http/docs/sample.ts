import { type Components, nameOf, type Schema } from '../description/document.ts'

/** A value of a schema, to show what one looks like: its own example, or one put together from its parts. */
export function sampleOf(schema: Schema, components: Components): unknown {
  const target = resolve(schema, components)
  if (target.examples !== undefined) return target.examples[0]
  if (target.default !== undefined) return target.default
  if (target.const !== undefined) return target.const
  if (target.enum !== undefined) return target.enum[0]
  const [option] = target.oneOf ?? target.anyOf ?? []
  if (option !== undefined) return sampleOf(option, components)
  const [type] = [target.type].flat()
  if (type === 'object') {
    const { properties = {}, required = [] } = target
    return Object.fromEntries(
      Object.entries(properties)
        .filter(([name]) => required.includes(name))
        .map(([name, property]) => [name, sampleOf(property, components)]),
    )
  }
  if (type === 'array') return target.items === undefined ? [] : [sampleOf(target.items, components)]
  if (type === 'integer' || type === 'number') return target.minimum ?? 1
  if (type === 'boolean') return true
  return target.format === 'email' ? 'ana@example.org' : 'text'
}

/** The schema itself, where another is only referred to. */
export const resolve = (schema: Schema, components: Components): Schema =>
  schema.$ref === undefined ? schema : (components.schemas[nameOf({ $ref: schema.$ref })] ?? {})

export const pretty = (value: unknown): string => JSON.stringify(value, undefined, 2)
