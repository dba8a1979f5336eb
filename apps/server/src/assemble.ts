import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Millis } from '@parley/protocol'
import { Hono } from 'hono'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { createAttachments } from './attachments/attachments.ts'
import type { FileStore } from './attachments/file-store.ts'
import { createAuth, needsSecureCookies } from './auth/auth.ts'
import type { Config } from './config.ts'
import { createCore } from './core.ts'
import type { Database } from './db/database.ts'
import { createApi } from './http/api.ts'
import { securityHeaders } from './http/security-headers.ts'
import { webApp } from './http/static.ts'
import { createPush } from './push/push.ts'
import { httpsPost, type Post } from './push/post.ts'
import { createRates } from './limits/rates.ts'
import type { Logger } from './logger.ts'

/** How long an expired session may still hold a socket open. */
const SWEEP_MS = 60_000

/** How much longer than promised a file that nobody asks for may lie about. */
const TIDY_MS = 10 * 60_000

const WEB_APP = fileURLToPath(new URL('../../web/dist', import.meta.url))

export interface Surroundings {
  readonly config: Config
  readonly database: Database
  /** Where attachments are kept. */
  readonly files: FileStore
  readonly logger: Logger
  readonly now: () => Millis
  /** How push services are reached, where it is not over the internet. */
  readonly post?: Post
}

/** Everything a request or a socket can reach, without the port it comes in by. */
export interface Parley {
  readonly fetch: Hono['fetch']
  /** Takes over an HTTP upgrade, whatever it asks for. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Finishes what has been accepted, saves documents and asks clients to connect elsewhere [N4]. */
  close(): Promise<void>
}

export function assemble({ config, database, files, logger, now, post = httpsPost() }: Surroundings): Parley {
  const { publicUrl, limits, signUp, trustProxy, dataDir } = config
  const origin = publicUrl ?? `http://${config.host.includes(':') ? `[${config.host}]` : config.host}`
  const auth = createAuth({ db: database.kysely, secureCookies: needsSecureCookies(origin), now })
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const rates = createRates({ limits, now, registry })
  const subject = config.vapidSubject ?? (origin.startsWith('https:') ? origin : 'mailto:parley@localhost')
  const push = createPush({ db: database.kysely, now, logger, subject, post })
  const core = createCore({
    db: database,
    auth,
    limits,
    rates,
    trustProxy,
    logger,
    now,
    publicUrl,
    transports: [push.transport],
    heard: push.heard,
  })

  const sweep = setInterval(() => {
    auth.sessions
      .endExpired()
      .catch((err: unknown) => logger.warn({ err }, 'expired sessions could not be ended'))
  }, SWEEP_MS).unref()

  const attachments = createAttachments({ db: database, files, dataDir, limits, now, logger })
  void attachments.sweep()
  const tidy = setInterval(() => void attachments.sweep(), TIDY_MS).unref()

  const http = new Hono()
  http.use('*', securityHeaders(origin.startsWith('https:')))
  const { handler, positions, notifications, presence } = core
  http.route(
    '/',
    createApi({
      db: database.kysely,
      handler,
      auth,
      positions,
      notifications,
      announce: presence.announce,
      attachments,
      push,
      limits,
      rates,
      trustProxy,
      signUp,
      publicUrl,
      now,
      logger,
      registry,
    }),
  )
  http.route('/', webApp(WEB_APP))

  return {
    fetch: http.fetch,
    upgrade(request, socket, head) {
      const onError = (err: unknown): void => logger.debug({ err }, 'a socket failed before it was opened')
      // Until it is a WebSocket nobody else listens, and a reset without a listener ends the process.
      socket.on('error', onError)
      const { pathname } = new URL(request.url ?? '/', 'http://localhost')
      if (pathname !== '/sync')
        socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
      else {
        core.collab.handleUpgrade(request, socket, head).catch((err: unknown) => {
          logger.warn({ err }, 'a WebSocket could not be opened')
          socket.destroy()
        })
      }
    },
    async close() {
      clearInterval(sweep)
      clearInterval(tidy)
      await attachments.close()
      await core.close()
      await push.close()
    },
  }
}
