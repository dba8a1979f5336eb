import { type Env, Hono, type Schema } from 'hono'
import { html } from 'hono/html'
import { type GenerateSpecOptions, generateSpecs } from 'hono-openapi'

const DOCUMENTATION: GenerateSpecOptions['documentation'] = {
  info: {
    title: 'Parley',
    version: '0.1.0',
    description:
      'Log in with POST /api/sessions and keep the cookie, or send a token as "Authorization: Bearer …". ' +
      'Errors are { "error": { "code", "message", "details"? } }; after 429 and 503 the same request may be sent again. ' +
      'A POST with the header Idempotency-Key (a UUID of version 4 or 7) can be sent again without happening twice.',
  },
  components: {
    securitySchemes: {
      session: { type: 'apiKey', in: 'cookie', name: 'parley_session' },
      token: { type: 'http', scheme: 'bearer' },
    },
  },
  security: [{ session: [] }, { token: [] }],
}

type Spec = Awaited<ReturnType<typeof generateSpecs>>

/** The description of the API, for programs and for people, from the schemas that requests are checked by. */
export function createDocsRoutes<E extends Env, S extends Schema, P extends string>(
  routes: Hono<E, S, P>,
): Hono {
  let generated: Promise<Spec> | undefined
  const spec = (): Promise<Spec> =>
    (generated ??= generateSpecs(routes, {
      documentation: DOCUMENTATION,
      // A refusal is described once, as the default answer of every route.
      defaultValidationErrorResponse: false,
    }))
  return (
    new Hono()
      .get('/api/openapi.json', async (c) => c.json(await spec(), 200))
      .get('/api/docs', async (c) => c.html(page(await spec())))
      // A file of its own, since no answer of this server may bring its style along.
      .get('/api/docs.css', (c) => c.body(STYLE, 200, { 'Content-Type': 'text/css; charset=utf-8' }))
  )
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const

const page = ({ info, paths }: Spec) =>
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
              const operation = operations[method]
              return operation === undefined ? '' : route(method, path, operation)
            }),
          )}
        </main>
      </body>
    </html>`

type Operation = NonNullable<Spec['paths'][string][(typeof METHODS)[number]]>

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
