import { rest } from '@parley/protocol'
import { Hono } from 'hono'
import type { ApiDeps, ApiEnv } from './env.ts'
import { ApiError } from './errors.ts'
import { signedIn } from './guards.ts'
import { body, described } from './parse.ts'

export const createPushKeyRoutes = (deps: ApiDeps) =>
  new Hono<ApiEnv>()
    .use(signedIn(deps))
    .get('/', described('What to subscribe with', { 200: rest.pushKey }), async (c) =>
      c.json({ key: await deps.push.key() }, 200),
    )

export const createPushSubscriptionRoutes = (deps: ApiDeps) => {
  const { push } = deps
  return new Hono<ApiEnv>()
    .use(signedIn(deps))
    .post('/', described('Have this device woken', { 204: null }), body(rest.subscribePush), async (c) => {
      const { user, credential } = c.get('identity')
      // It ends with what it was made with: a token is a program's, which has no browser.
      if (credential.kind !== 'session')
        throw new ApiError('forbidden', 'a push subscription belongs to the session of a browser')
      await push.subscribe(user.id, credential.id, c.req.valid('json'))
      return c.body(null, 204)
    })
    .delete('/', described('Have this device woken no more', { 204: null }), async (c) => {
      const { credential } = c.get('identity')
      if (credential.kind === 'session') await push.unsubscribe(credential.id)
      return c.body(null, 204)
    })
}
