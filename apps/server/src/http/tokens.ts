import { rest } from '@parley/protocol'
import { Hono } from 'hono'
import { z } from 'zod'
import type { TokenListing } from '../auth/tokens.ts'
import type { ApiDeps, ApiEnv } from './env.ts'
import { ApiError } from './errors.ts'
import { signedIn } from './guards.ts'
import { body, described, params } from './parse.ts'

const toToken = ({ id, name, createdAt, lastUsedAt }: TokenListing): rest.Token => ({
  id,
  name,
  createdAt,
  ...(lastUsedAt !== null && { lastUsedAt }),
})

export const createTokenRoutes = (deps: ApiDeps) => {
  const { auth } = deps
  return new Hono<ApiEnv>()
    .use(signedIn(deps))
    .get('/', described('List your tokens', { 200: rest.tokenList }), async (c) => {
      const tokens = await auth.tokens.list(c.get('identity').user.id)
      return c.json({ tokens: tokens.map(toToken) }, 200)
    })
    .post('/', described('Make a token', { 201: rest.createdToken }), body(rest.createToken), async (c) => {
      const { token, ...listing } = await auth.tokens.create(
        c.get('identity').user.id,
        c.req.valid('json').name,
      )
      return c.json({ ...toToken(listing), token }, 201)
    })
    .delete(
      '/:id',
      described('End a token', { 204: null }),
      params(z.object({ id: z.uuid().lowercase() })),
      async (c) => {
        const isEnded = await auth.tokens.end(c.get('identity').user.id, c.req.valid('param').id)
        if (!isEnded) throw new ApiError('not_found', 'you have no such token')
        return c.body(null, 204)
      },
    )
}
