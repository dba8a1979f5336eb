import { rest } from '@parley/protocol'
import { Hono } from 'hono'
import { z } from 'zod'
import type { ApiDeps, ApiEnv } from './env.ts'
import { ApiError } from './errors.ts'
import { signedIn } from './guards.ts'
import { body, described, params } from './parse.ts'
import { requireProfile } from './users.ts'

const sessionPath = z.object({ id: z.string().regex(/^[0-9a-f]{64}$/, 'must be the id of a session') })

export const createSessionRoutes = (deps: ApiDeps) => {
  const { auth, rates } = deps
  return new Hono<ApiEnv>()
    .post('/', described('Log in', { 201: rest.me }), body(rest.createSession), async (c) => {
      const credentials = c.req.valid('json')
      const loggedIn = await rates.passwords.run(
        { address: c.get('address'), account: credentials.login.toLowerCase() },
        () => auth.logIn(credentials, c.req.header('User-Agent')),
      )
      // One answer for an unknown user and a wrong password.
      if (loggedIn === undefined) throw new ApiError('unauthenticated', 'the name or the password is wrong')
      c.header('Set-Cookie', loggedIn.setCookie)
      return c.json(await requireProfile(deps, loggedIn.user), 201)
    })
    .use(signedIn(deps))
    .get('/', described('List your sessions', { 200: rest.sessionList }), async (c) => {
      const { user, credential } = c.get('identity')
      const sessions = (await auth.sessions.list(user.id)).map(
        ({ id, createdAt, expiresAt, userAgent }): rest.Session => ({
          id,
          createdAt,
          expiresAt,
          ...(userAgent !== null && { userAgent }),
          current: id === credential.id,
        }),
      )
      return c.json({ sessions }, 200)
    })
    .delete('/current', described('Log out', { 204: null }), async (c) => {
      const { user, credential } = c.get('identity')
      if (credential.kind !== 'session') throw new ApiError('not_found', 'a token has no session')
      await auth.sessions.end(user.id, credential.id)
      c.header('Set-Cookie', auth.sessions.blankCookie)
      return c.body(null, 204)
    })
    .delete('/:id', described('Log out another device', { 204: null }), params(sessionPath), async (c) => {
      const isEnded = await auth.sessions.end(c.get('identity').user.id, c.req.valid('param').id)
      if (!isEnded) throw new ApiError('not_found', 'you have no such session')
      return c.body(null, 204)
    })
}
