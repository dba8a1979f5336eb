import type { MiddlewareHandler } from 'hono'
import { verifyRequestOrigin } from 'lucia'
import type { Identity } from '../auth/identity.ts'
import { GUESS_COST } from '../limits/rates.ts'
import { ApiError } from './errors.ts'
import type { ApiDeps, ApiEnv } from './env.ts'

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/** The token of `Authorization: Bearer …`; undefined for any other header. */
export const bearerOf = (header: string | undefined): string | undefined =>
  /^Bearer +(\S+)$/i.exec(header ?? '')?.[1]

/**
 * A page elsewhere can make a browser send our cookie, but not hide where it is. So what changes
 * something comes from our own origin, or without a cookie: a bearer token is never sent by itself.
 */
export const sameOrigin =
  ({ auth, publicUrl }: Pick<ApiDeps, 'auth' | 'publicUrl'>): MiddlewareHandler<ApiEnv> =>
  async (c, next) => {
    if (SAFE.has(c.req.method) || c.req.header('Authorization') !== undefined) return next()
    const origin = c.req.header('Origin')
    if (origin === undefined) {
      if (!auth.sessions.isClaimed(c.req.header('Cookie') ?? '')) return next()
      throw new ApiError('forbidden', 'a request with a session cookie needs the header Origin')
    }
    const ours = [c.req.header('Host'), publicUrl].filter((host) => host !== undefined && host !== '')
    if (!verifyRequestOrigin(origin, ours as string[])) {
      throw new ApiError('forbidden', 'this request comes from another origin')
    }
    return next()
  }

/** Lets through who has a session or a token, and says who it is. */
export const signedIn =
  ({ auth, rates }: Pick<ApiDeps, 'auth' | 'rates'>): MiddlewareHandler<ApiEnv> =>
  async (c, next) => {
    // The routes of a conversation and those below it both ask.
    if ((c.get('identity') as Identity | undefined) !== undefined) return next()
    const authorization = c.req.header('Authorization')
    const bearer = bearerOf(authorization)
    if (authorization !== undefined && bearer === undefined) {
      throw new ApiError('unauthenticated', 'the header Authorization must be "Bearer" and a token')
    }
    const cookie = c.req.header('Cookie')
    const identity = await auth.authenticate({ cookie, bearer })
    if (identity === undefined) {
      if (bearer !== undefined || cookie !== undefined)
        rates.addressRequests.charge(c.get('address'), GUESS_COST - 1)
      throw new ApiError('unauthenticated', 'log in first')
    }
    c.set('identity', identity)
    if (identity.renewedCookie !== undefined) c.header('Set-Cookie', identity.renewedCookie)
    rates.requests.demand(identity.user.id)
    return next()
  }

/** Bodies are JSON and say so; without this, one that says nothing would count as an empty one. */
export const jsonOnly: MiddlewareHandler = async (c, next) => {
  const hasBody =
    Number(c.req.header('Content-Length') ?? 0) > 0 || c.req.header('Transfer-Encoding') !== undefined
  const type = c.req.header('Content-Type')
  if (
    !SAFE.has(c.req.method) &&
    (hasBody || type !== undefined) &&
    !/^application\/json *(;|$)/i.test(type ?? '')
  ) {
    throw new ApiError('invalid', 'the body must be application/json')
  }
  return next()
}
