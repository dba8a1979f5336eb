import { html, raw } from 'hono/html'
import {
  type Answer,
  type Components,
  nameOf,
  type Operation,
  type Parameter,
  type Reference,
  type Schema,
} from '../description/document.ts'
import { type Asked, type AskedBody, curlOf, JSON_TYPE } from './asked.ts'
import { inline, markdown } from './markdown.ts'
import { pretty, resolve, sampleOf } from './sample.ts'
import { field, fieldsOf, typeOf } from './schema-view.ts'
import { tryView } from './try-view.ts'

type Html = ReturnType<typeof html>

/** One operation: a line that opens to everything there is to know about it, and a way to try it. */
export function operationView(
  method: string,
  path: string,
  operation: Operation,
  components: Components,
): Html {
  const parameters = (operation.parameters ?? []).map((each): Parameter =>
    '$ref' in each ? (components.parameters[nameOf(each)] as Parameter) : each,
  )
  const [[bodyType, body] = []] = Object.entries(operation.requestBody?.content ?? {})
  const isPublic = operation.security?.length === 0
  const asked: Asked = {
    method,
    path,
    parameters,
    isPublic,
    body: body && bodyType ? { type: bodyType, ...body } : undefined,
  }
  return html`
    <details class="operation" id="${operation.operationId}">
      <summary>
        <span class="method ${method}">${method.toUpperCase()}</span>
        <h3>
          <code class="path"
            >${raw(path.replaceAll('/', '/<wbr />').replaceAll(/\{\w+\}/g, '<em>$&</em>'))}</code
          >
          <span class="what">${operation.summary}</span>
        </h3>
        ${isPublic ? html`<span class="public">no login</span>` : ''}
      </summary>
      <div class="inside">
        <div class="words">
          ${operation.description === undefined ? '' : raw(markdown(operation.description))}
          ${parameters.length === 0 ? '' : parametersView(parameters)}
          ${asked.body === undefined ? '' : bodyView(asked.body, components)}
          ${answersView(operation, components)}
        </div>
        <div class="samples">
          ${sample('curl', curlOf(asked, components))} ${successSamples(operation, components)}
          ${tryView(asked, components)}
        </div>
      </div>
    </details>
  `
}

const parametersView = (parameters: readonly Parameter[]): Html => html`
  <h4>Parameters</h4>
  <dl class="fields">
    ${parameters.map((each) => field(each.name, each.required === true, each.schema, placed(each)))}
  </dl>
`

const placed = ({ in: place, description = '' }: Parameter): string =>
  place === 'header' ? `A header. ${description}` : description

const bodyView = ({ type, schema }: AskedBody, components: Components): Html => html`
  <h4>Body ${type === JSON_TYPE ? typeOf(schema) : html`<code>${type}</code>`}</h4>
  ${type === JSON_TYPE ? bodyFields(schema, components) : ''}
`

/** The fields, or of a choice those of each of its shapes. */
function bodyFields(schema: Schema, components: Components): Html {
  const target = resolve(schema, components)
  const options = (target.oneOf ?? []).filter(({ $ref }) => $ref !== undefined)
  if (options.length === 0) return fieldsOf(target)
  return html`${options.map(
    (option, index) =>
      html`<details class="more option" ${index === 0 ? 'open' : ''}>
        <summary>${nameOf({ $ref: option.$ref ?? '' })}</summary>
        ${fieldsOf(resolve(option, components))}
      </details>`,
  )}`
}

function answersView({ responses }: Operation, components: Components): Html {
  const answers = Object.entries(responses).map(
    ([status, answer]) => [status, answerOf(answer, components)] as const,
  )
  const [good, bad] = [
    answers.filter(([status]) => Number(status) < 400),
    answers.filter(([status]) => Number(status) >= 400),
  ]
  return html`
    <h4>Answers</h4>
    <dl class="answers">
      ${good.map(
        ([status, { description, content }]) =>
          html`<div>
            <dt class="good">${status}</dt>
            <dd>
              <p>
                ${raw(inline(description))}
                ${Object.entries(content ?? {}).map(([type, { schema }]) =>
                  type === JSON_TYPE ? typeOf(schema) : html`<code>${type}</code>`,
                )}
              </p>
            </dd>
          </div>`,
      )}
    </dl>
    <details class="more refusals">
      <summary>Refusals</summary>
      <dl class="answers">
        ${bad.map(
          ([status, { description }]) =>
            html`<div>
              <dt>${status}</dt>
              <dd>${raw(markdown(description))}</dd>
            </div>`,
        )}
      </dl>
    </details>
  `
}

const answerOf = (answer: Answer | Reference, { responses }: Components): Answer =>
  '$ref' in answer ? (responses[nameOf(answer)] as Answer) : answer

const sample = (title: string, text: string): Html => html`
  <figure class="sample">
    <figcaption>${title} <button type="button" class="copy" hidden>Copy</button></figcaption>
    <pre tabindex="0" aria-label="${title}"><code>${text}</code></pre>
  </figure>
`

/** What a success looks like; where several look alike, once. */
function successSamples({ responses }: Operation, components: Components): Html {
  const looks = Object.entries(responses).flatMap(([status, answer]): [string, string][] => {
    const schema = answerOf(answer, components).content?.[JSON_TYPE]?.schema
    return Number(status) < 400 && schema !== undefined
      ? [[status, pretty(sampleOf(schema, components))]]
      : []
  })
  return html`${[...Map.groupBy(looks, ([, text]) => text)].map(([text, alike]) =>
    sample(alike.map(([status]) => status).join(', '), text),
  )}`
}
