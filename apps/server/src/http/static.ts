import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { serveStatic } from '@hono/node-server/serve-static'
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { etag } from 'hono/etag'

/** What belongs to the server itself: a path below that nothing answers is a mistake, not a screen of the app. */
const NOT_THE_APP = /^\/(api|sync|yjs|assets|healthz|readyz|metrics)(\/|$)/

/** A year: names below /assets/ carry a hash of what is in the file. */
const FOR_EVER = 'public, max-age=31536000, immutable'
/** Kept, and asked about each time: an update is seen at the next visit. */
const ASK_FIRST = 'no-cache'

/** The search worker runs a database that is compiled to WebAssembly. A worker lives by the policy of its own file. */
const SEARCH_WORKER = '/assets/search-worker-'
const MAY_COMPILE = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"

/** The built web app in `directory`. Every path that is no file is a screen, which the app finds by itself. */
export function webApp(directory: string): Hono {
  const app = new Hono()
  if (!existsSync(join(directory, 'index.html'))) {
    return app.get('*', async (context, next) =>
      isScreen(context) ? context.text('The web app is not built yet: run "npm run build".\n', 503) : next(),
    )
  }
  const files = serveStatic({ root: directory, precompressed: true })
  const index = serveStatic({ root: directory, path: 'index.html', precompressed: true })
  app.get('/assets/*', caching(FOR_EVER), compiling, files)
  app.get('*', caching(ASK_FIRST), etag(), files)
  return app.get('*', (context, next) => (isScreen(context) ? index(context, next) : next()))
}

// Not by serveStatic's onFound: in @hono/node-server 2.1.8 it runs when the headers are already taken.
const caching =
  (cacheControl: string): MiddlewareHandler =>
  async (context, next) => {
    await next()
    if (context.res.ok || context.res.status === 304) context.header('Cache-Control', cacheControl)
  }

const compiling: MiddlewareHandler = async (context, next) => {
  await next()
  if (context.req.path.startsWith(SEARCH_WORKER)) context.header('Content-Security-Policy', MAY_COMPILE)
}

const isScreen = ({ req }: Context): boolean =>
  !NOT_THE_APP.test(req.path) && (req.header('accept') ?? '*/*').includes('text/html')
