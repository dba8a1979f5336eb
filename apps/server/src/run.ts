import { parseConfig } from './config.ts'
import { createLogger } from './logger.ts'
import { OperatorError } from './operator-error.ts'
import { type RunningServer, startServer } from './server.ts'

/** Ctrl+C under npm arrives twice, from the terminal and from npm; only a later one is impatience. */
const SAME_SIGNAL_MS = 2_000

/** Runs the server of this process until a signal ends it: SIGTERM or SIGINT drains [N4], a second one forces. */
export async function run(env: NodeJS.ProcessEnv): Promise<void> {
  let server: RunningServer | undefined
  let askedAt: number | undefined

  try {
    const config = parseConfig(env)
    const logger = createLogger(config.logLevel)
    const stop = (signal: NodeJS.Signals): void => {
      if (askedAt !== undefined) {
        if (Date.now() - askedAt > SAME_SIGNAL_MS) process.exit(1)
        return
      }
      askedAt = Date.now()
      logger.info({ signal }, 'stopping')
      // Still starting: there is nothing to drain, and leaving takes down what was started.
      if (server === undefined) process.exit(0)
      server.close().then(
        () => process.exit(0),
        (err: unknown) => {
          logger.error({ err }, 'could not stop in order')
          process.exit(1)
        },
      )
    }
    process.on('SIGTERM', stop)
    process.on('SIGINT', stop)
    server = await startServer(config, logger)
    logger.info({ url: server.url, pid: process.pid }, 'listening')
    process.stdout.write(`Parley is running at ${config.publicUrl ?? server.url}\n`)
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`)
    process.exit(1)
  }
}

/** What nobody foresaw is told with its trace. */
function explain(error: unknown): string {
  if (error instanceof OperatorError) return error.message
  return `Parley could not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
}
