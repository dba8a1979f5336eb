import { type Code, CODES, type rest } from '@parley/protocol'
import type { Context, ErrorHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { Refused } from '../attachments/refused.ts'
import { TooManyLogins } from '../auth/passwords.ts'
import { Unavailable } from '../commands/outcome.ts'
import { RateLimited, secondsOf } from '../limits/rate-limited.ts'
import type { Logger } from '../logger.ts'
import { isDatabaseTrouble } from '../queries/database-errors.ts'

/** An expected refusal on its way to the answer; the code decides the status. */
export class ApiError extends Error {
  override name = 'ApiError'
  readonly code: Code
  readonly details: unknown
  constructor(code: Code, message: string, details?: unknown) {
    super(message)
    this.code = code
    this.details = details
  }
}

/** One answer for a conversation that is not there and one that is not for this person: neither says which [S2]. */
export const notYourConversation = (): ApiError =>
  new ApiError('forbidden', 'you may not see this conversation, or there is none')

export function answerError(
  c: Context,
  code: Code,
  message: string,
  details?: unknown,
  retryAfterSeconds = 1,
): Response {
  const body: rest.ErrorAnswer = { error: { code, message, ...(details !== undefined && { details }) } }
  const { status, retryHelps } = CODES[code]
  if (retryHelps) c.header('Retry-After', String(retryAfterSeconds))
  return c.json(body, status as ContentfulStatusCode)
}

/** The one place where what went wrong becomes an answer. */
export const createErrorHandler =
  (logger: Logger): ErrorHandler =>
  (error, c) => {
    if (error instanceof ApiError) return answerError(c, error.code, error.message, error.details)
    if (error instanceof Refused) return answerError(c, error.code, error.message)
    // Thrown by the reader of bodies, with a message of its own about the JSON.
    if (error instanceof HTTPException && error.status < 500) return answerError(c, 'invalid', error.message)
    if (error instanceof RateLimited)
      return answerError(c, 'rate_limited', error.message, undefined, secondsOf(error.waitMillis))
    if (error instanceof TooManyLogins) return answerError(c, 'rate_limited', error.message)
    const where = { err: error, method: c.req.method, path: c.req.path }
    if (error instanceof Unavailable || isDatabaseTrouble(error)) {
      logger.warn(where, 'could not answer a request')
      return answerError(c, 'unavailable', 'the server cannot do this right now; try again')
    }
    logger.error(where, 'a request failed')
    return answerError(c, 'internal', 'the server made a mistake')
  }
