import { html, raw } from 'hono/html'
import { nameOf, type Schema } from '../description/document.ts'
import { inline } from './markdown.ts'

type Html = ReturnType<typeof html>

/** What a value may be, in a few words; a named shape as a link to it. */
export function typeOf(schema: Schema): Html {
  if (schema.$ref !== undefined) {
    const name = nameOf({ $ref: schema.$ref })
    return html`<a class="type" href="#shape-${name}">${name}</a>`
  }
  const options = schema.oneOf ?? schema.anyOf
  if (options !== undefined) return joined(options.map(typeOf))
  if (schema.const !== undefined) return html`<code class="type">${JSON.stringify(schema.const)}</code>`
  if (schema.enum !== undefined)
    return joined(schema.enum.map((value) => html`<code class="type">${JSON.stringify(value)}</code>`))
  if (schema.type === 'array')
    return html`<span class="type">list of</span>
      ${schema.items === undefined ? 'anything' : typeOf(schema.items)}`
  const type = schema.type === 'string' ? (schema.format ?? 'string') : (schema.type ?? 'anything')
  return html`<span class="type">${[type].flat().join(' or ')}</span>${bounds(schema)}`
}

const joined = (parts: readonly Html[]): Html =>
  html`${parts.map((part, index) => (index === 0 ? part : html` <span class="or">or</span> ${part}`))}`

function bounds(schema: Schema): Html | '' {
  const { minLength, maxLength, maxItems, minimum, maximum, exclusiveMinimum, default: fallback } = schema
  const words = [
    range(minLength, maxLength, 'characters'),
    range(undefined, maxItems, 'values'),
    range(exclusiveMinimum === undefined ? minimum : exclusiveMinimum + 1, maximum, ''),
    fallback === undefined ? '' : `${JSON.stringify(fallback)} if left out`,
  ].filter((each) => each !== '')
  return words.length === 0 ? '' : html` <span class="bounds">${words.join(', ')}</span>`
}

function range(least: number | undefined, most: number | undefined, unit: string): string {
  const what = unit === '' ? '' : ` ${unit}`
  if (most === undefined) return least === undefined || least === 0 ? '' : `at least ${least}${what}`
  return least === undefined || least === 0 ? `at most ${most}${what}` : `${least} to ${most}${what}`
}

/** A named value with its type and what is to be known about it. */
export const field = (
  name: string,
  isRequired: boolean,
  schema: Schema,
  about: string | undefined,
): Html => html`
  <div class="field">
    <dt>
      <code>${name}</code>
      ${typeOf(schema)} ${isRequired ? '' : html`<span class="optional">optional</span>`}
    </dt>
    <dd>
      ${about === undefined ? '' : html`<p>${raw(inline(about))}</p>`}
      ${schema.properties === undefined ? '' : fieldsOf(schema)}
      ${schema.items?.properties === undefined ? '' : fieldsOf(schema.items)}
    </dd>
  </div>
`

/** The fields of an object, or the shapes that a choice is between. */
export function fieldsOf({ properties, required = [], ...schema }: Schema): Html {
  if (properties === undefined) return html`<p class="is">${typeOf(schema)}</p>`
  return html`<dl class="fields">
    ${Object.entries(properties).map(([name, property]) =>
      field(name, required.includes(name), property, property.description),
    )}
  </dl>`
}
