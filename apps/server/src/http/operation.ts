import { setTimeout as wait } from 'node:timers/promises'
import { type Context, Hono } from 'hono'
import { sql } from 'kysely'
import { isAdmin } from '../queries/users.ts'
import type { ApiDeps, ApiEnv } from './env.ts'
import { answerError, ApiError } from './errors.ts'
import { bearerOf } from './guards.ts'
import { remoteOf } from './limit.ts'

/** A database that has not answered by then does not count as there. */
const READY_WITHIN_MS = 2_000

/** For those who run the server: whether it lives, whether it can work, and what it is doing. */
export const createOperationRoutes = ({ db, auth, registry, logger }: ApiDeps) => {
  const answersInTime = async (): Promise<boolean> => {
    const given = new AbortController()
    const asked = sql`SELECT 1`.execute(db).then(
      () => true,
      (err: unknown) => {
        logger.debug({ err }, 'the database is not ready')
        return false
      },
    )
    // Aborted as soon as the database has answered, which is nothing to hear about.
    const late = wait(READY_WITHIN_MS, false, { signal: given.signal }).catch(() => false)
    const isReady = await Promise.race([asked, late])
    given.abort()
    return isReady
  }

  const mayReadMetrics = async (c: Context): Promise<boolean> => {
    const bearer = bearerOf(c.req.header('Authorization'))
    if (bearer === undefined) return isFromThisMachine(c)
    const identity = await auth.authenticate({ bearer })
    return identity !== undefined && isAdmin(db, identity.user.id)
  }

  return new Hono<ApiEnv>()
    .get('/healthz', (c) => c.json({ status: 'ok' }, 200))
    .get('/readyz', async (c) =>
      (await answersInTime())
        ? c.json({ status: 'ok' }, 200)
        : answerError(c, 'unavailable', 'the database does not answer'),
    )
    .get('/metrics', async (c) => {
      if (!(await mayReadMetrics(c)))
        throw new ApiError('forbidden', "metrics are for this machine, or for an administrator's token")
      return c.body(await registry.metrics(), 200, { 'Content-Type': registry.contentType })
    })
}

/** Asked from the machine itself, and not by a proxy on it that passes on somebody else's request (docs/decisions/0006). */
function isFromThisMachine(c: Context): boolean {
  const isForwarded = ['Forwarded', 'X-Forwarded-For', 'X-Real-IP', 'Via'].some(
    (name) => c.req.header(name) !== undefined,
  )
  const address = remoteOf(c)
  return !isForwarded && address !== undefined && /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/.test(address)
}
