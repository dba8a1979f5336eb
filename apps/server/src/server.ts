import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { Millis } from '@parley/protocol'
import { assemble } from './assemble.ts'
import { openFiles } from './attachments/open-files.ts'
import type { Config } from './config.ts'
import type { Logger } from './logger.ts'
import { OperatorError } from './operator-error.ts'
import { openStorage } from './storage.ts'

export interface RunningServer {
  /** Where it listens, as a browser on this machine reaches it. */
  readonly url: string
  readonly port: number
  /** Finishes what it has accepted, saves, and lets go of everything [N4]. A second call waits for the first. */
  close(): Promise<void>
}

/** How long a request that was being answered may still take. */
const LAST_ANSWERS_MS = 10_000

/** How long nothing may come or go on a connection that is no WebSocket. */
const IDLE_MS = 5 * 60_000

/**
 * How long a connection without a request is kept: longer than proxies keep theirs (nginx and load balancers a minute),
 * because one that is closed just as the next request comes fails that request, and a POST is not sent again.
 */
const KEEP_ALIVE_MS = 75_000

/** Starts everything that `config` asks for. Rejects, leaving nothing behind, when any part of it does not start. */
export async function startServer(
  config: Config,
  logger: Logger,
  now: () => Millis = Date.now,
): Promise<RunningServer> {
  const storage = await openStorage(config, logger)
  const files = await openFiles(config, logger).catch(async (error: unknown) => {
    await storage.close()
    throw error
  })
  const parley = assemble({ config, database: storage.database, files, logger, now })
  const answer = getRequestListener(parley.fetch)
  // It answers failures by itself.
  const server = createServer((request, response) => void answer(request, response))
  // A large file over a slow line takes as long as it takes (Node would end any request after five
  // minutes); what ends is a connection on which nothing moves.
  server.requestTimeout = 0
  server.timeout = IDLE_MS
  server.keepAliveTimeout = KEEP_ALIVE_MS
  server.on('upgrade', parley.upgrade)
  try {
    await listen(server, config)
  } catch (error) {
    await parley.close()
    await storage.close()
    throw error
  }

  const close = async (): Promise<void> => {
    const answered = stopListening(server)
    await parley.close()
    await answered
    await storage.close()
  }
  let closed: Promise<void> | undefined
  const { port } = server.address() as AddressInfo
  return { url: `http://${hostname(config.host)}:${port}`, port, close: () => (closed ??= close()) }
}

async function listen(server: Server, { host, port }: Config): Promise<void> {
  const listening = once(server, 'listening')
  server.listen(port, host)
  try {
    await listening
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (code === 'EADDRINUSE')
      throw new OperatorError(`port ${port} is taken by another program: choose another PORT`, { cause })
    if (code === 'EADDRNOTAVAIL')
      throw new OperatorError(`this machine has no address ${host}: change HOST`, { cause })
    if (code === 'EACCES')
      throw new OperatorError(`port ${port} may not be used by this user: choose a PORT from 1024 on`, {
        cause,
      })
    throw cause
  }
}

/** Resolves when the last request is answered, or when it has taken too long. */
async function stopListening(server: Server): Promise<void> {
  const closed = once(server, 'close')
  // What is being answered now is not waited for longer than the answer takes.
  server.keepAliveTimeout = 1
  server.close()
  const impatience = setTimeout(() => server.closeAllConnections(), LAST_ANSWERS_MS)
  await closed
  clearTimeout(impatience)
}

/** An address that means all of them is reached, from here, as localhost. */
function hostname(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
