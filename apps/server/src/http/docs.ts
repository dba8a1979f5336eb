import { readFileSync } from 'node:fs'
import { type Env, Hono, type Schema } from 'hono'
import { compress } from 'hono/compress'
import { etag } from 'hono/etag'
import { describeApi } from './description/describe.ts'
import type { Description } from './description/document.ts'
import { docsPage } from './docs/page.ts'

// Files of their own, since no answer of this server may bring its style or script along.
const STYLE = readFileSync(new URL('./docs/style.css', import.meta.url), 'utf8')
const SCRIPT = readFileSync(new URL('./docs/script.js', import.meta.url), 'utf8')

/** The description of the API, for programs and for people, from the schemas that requests are checked by. */
export function createDocsRoutes<E extends Env, S extends Schema, P extends string>(
  routes: Hono<E, S, P>,
): Hono {
  let described: Promise<Description> | undefined
  const description = (): Promise<Description> => (described ??= describeApi(routes))
  let drawn: Promise<string> | undefined
  const page = (): Promise<string> =>
    (drawn ??= description().then(async (each) => String(await docsPage(each))))

  const app = new Hono()
  for (const path of ['/api/openapi.json', '/api/docs/*']) {
    app.use(path, async (c, next) => {
      await next()
      // Kept, and asked about each time: another version of the server has another description.
      c.header('Cache-Control', 'no-cache')
    })
    app.use(path, compress(), etag())
  }
  return app
    .get('/api/openapi.json', async (c) => c.json(await description(), 200))
    .get('/api/docs', async (c) => c.html(await page()))
    .get('/api/docs/style.css', (c) => c.body(STYLE, 200, { 'Content-Type': 'text/css; charset=utf-8' }))
    .get('/api/docs/script.js', (c) =>
      c.body(SCRIPT, 200, { 'Content-Type': 'text/javascript; charset=utf-8' }),
    )
}
