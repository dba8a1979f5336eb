import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context, MiddlewareHandler } from 'hono'
import { clientAddress } from '../limits/address.ts'
import { EVERYBODY, type Rates } from '../limits/rates.ts'
import type { ApiDeps, ApiEnv } from './env.ts'

/** The address of whoever holds the other end of the socket, if there is one. */
export const remoteOf = (c: Context): string | undefined =>
  c.env === undefined || !('incoming' in c.env) ? undefined : getConnInfo(c).remote.address

/** Says from where a request comes, and lets through no more of them than an address may send. */
export const addressLimited =
  ({ rates, trustProxy }: Pick<ApiDeps, 'rates' | 'trustProxy'>): MiddlewareHandler<ApiEnv> =>
  async (c, next) => {
    const address = clientAddress(remoteOf(c), c.req.header('X-Forwarded-For'), trustProxy)
    c.set('address', address)
    rates.addressRequests.demand(address)
    return next()
  }

/**
 * For routes whose work is that of several requests (a search, an export): they cost the person so many.
 * Stands behind `signedIn`, which has counted the request itself.
 */
export const costs =
  ({ rates }: Pick<ApiDeps, 'rates'>, requests: number): MiddlewareHandler<ApiEnv> =>
  async (c, next) => {
    rates.requests.demand(c.get('identity').user.id, requests - 1)
    return next()
  }

/** Counts an account that is about to be made; what is refused altogether does not use up an address's own. */
export function allowSignUp({ signUps, addressSignUps }: Rates, address: string): void {
  const wait = signUps.peek(EVERYBODY)
  if (wait > 0) throw signUps.exceeded(wait)
  addressSignUps.demand(address)
  signUps.demand(EVERYBODY)
}
