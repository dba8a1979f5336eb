import { type Env, Hono, type Schema } from 'hono'
import { html } from 'hono/html'
import { describeApi } from './description/describe.ts'
import type { Description, Operation } from './description/document.ts'

/** The description of the API, for programs and for people, from the schemas that requests are checked by. */
export function createDocsRoutes<E extends Env, S extends Schema, P extends string>(
  routes: Hono<E, S, P>,
): Hono {
  let made: Promise<Description> | undefined
  const spec = (): Promise<Description> => (made ??= describeApi(routes))
  return (
    new Hono()
      .get('/api/openapi.json', async (c) => c.json(await spec(), 200))
      .get('/api/docs', async (c) => c.html(page(await spec())))
      // A file of its own, since no answer of this server may bring its style along.
      .get('/api/docs.css', (c) => c.body(STYLE, 200, { 'Content-Type': 'text/css; charset=utf-8' }))
  )
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const

const page = ({ info, paths }: Description) =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${info.title} API</title>
        <link rel="stylesheet" href="/api/docs.css" />
      </head>
      <body>
        <main>
          <h1>${info.title} API</h1>
          <p>${info.description}</p>
          <p>For programs: <a href="/api/openapi.json">openapi.json</a></p>
          ${Object.entries(paths).map(([path, operations]) =>
            METHODS.map((method) => {
              const operation = operations?.[method]
              return operation === undefined ? '' : route(method, path, operation)
            }),
          )}
        </main>
      </body>
    </html>`

const route = (
  method: string,
  path: string,
  { summary, parameters, requestBody, responses }: Operation,
) => html`
  <details>
    <summary>
      <code><b>${method.toUpperCase()}</b> ${path}</code> ${summary}
    </summary>
    ${parameters === undefined || parameters.length === 0 ? '' : part('Parameters', parameters)}
    ${requestBody === undefined ? '' : part('Body', contentOf(requestBody))}
    ${Object.entries(responses ?? {})
      .filter(([status]) => status !== 'default')
      .map(([status, response]) => part(`Answer ${status}`, contentOf(response)))}
  </details>
`

const part = (title: string, schema: unknown) =>
  schema === undefined
    ? html`<h2>${title}</h2>`
    : html`<h2>${title}</h2>
        <pre>${JSON.stringify(schema, null, 2)}</pre>`

const contentOf = (described: object): unknown =>
  'content' in described
    ? (described.content as Record<string, { schema?: unknown }>)['application/json']?.schema
    : undefined

const STYLE = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
  body { margin: 0 }
  main { max-width: 60rem; margin: 0 auto; padding: 2rem 1rem }
  details { border-top: 1px solid color-mix(in srgb, currentColor 20%, transparent); padding: .5rem 0 }
  summary { cursor: pointer }
  h2 { font-size: 1rem; margin: 1rem 0 .25rem }
  pre { overflow: auto; font-size: .8125rem; padding: .75rem; margin: 0; border-radius: .375rem;
        background: color-mix(in srgb, currentColor 8%, transparent) }
`
