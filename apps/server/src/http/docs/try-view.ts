import { html } from 'hono/html'
import type { Components, Schema } from '../description/document.ts'
import { type Asked, JSON_TYPE } from './asked.ts'
import { pretty, resolve, sampleOf } from './sample.ts'

type Html = ReturnType<typeof html>

/** A form that sends the operation; hidden until the script is there to do it. Not for bodies that are files. */
export function tryView({ method, path, parameters, body }: Asked, components: Components): Html | '' {
  if (body !== undefined && body.type !== JSON_TYPE) return ''
  return html`
    <details class="more try" hidden>
      <summary>Try it</summary>
      <form data-method="${method.toUpperCase()}" data-path="${path}" autocomplete="off">
        ${parameters.map(
          ({ in: place, name, required, schema }) =>
            html`<label>
              <span><code>${name}</code>${required === true ? '' : ' (optional)'}</span>
              <input
                name="${name}"
                data-in="${place}"
                ${required === true ? 'required' : ''}
                ${placeholder(schema, components)}
              />
            </label>`,
        )}
        ${
          body === undefined
            ? ''
            : html`<label>
                <span>Body</span>
                <textarea data-in="body" rows="6" spellcheck="false">
${pretty(sampleOf(body.schema, components))}</textarea>
              </label>`
        }
        <p class="send">
          <button type="submit">Send</button>
          <span class="as">as who is logged in here, for real</span>
        </p>
        <output></output>
      </form>
    </details>
  `
}

function placeholder(schema: Schema, components: Components): Html | '' {
  const { default: fallback, enum: words } = resolve(schema, components)
  const hint = fallback === undefined ? words?.join(' or ') : JSON.stringify(fallback)
  return hint === undefined ? '' : html`placeholder="${hint}"`
}
