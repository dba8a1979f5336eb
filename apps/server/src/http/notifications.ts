import { notificationId, rest } from '@parley/protocol'
import { Hono } from 'hono'
import { z } from 'zod'
import type { ApiDeps, ApiEnv } from './env.ts'
import { signedIn } from './guards.ts'
import { cursor, described, limit, pageOf, params, query } from './parse.ts'

export const createNotificationRoutes = (deps: ApiDeps) => {
  const { notifications } = deps
  return new Hono<ApiEnv>()
    .use(signedIn(deps))
    .get(
      '/',
      described('List what waits for you', { 200: rest.notificationList }),
      query(z.object({ limit: limit(100, 1000), cursor: cursor(notificationId).optional() })),
      async (c) => {
        const { limit: size, cursor: after } = c.req.valid('query')
        const rows = await notifications.waiting(c.get('identity').user.id, size + 1, after)
        const { page, ...next } = pageOf(rows, size, (last) => last.id)
        return c.json({ notifications: page, ...next }, 200)
      },
    )
    .delete(
      '/',
      described('Say that you have seen all up to one', { 204: null }),
      query(z.object({ upTo: notificationId })),
      async (c) => {
        await notifications.acknowledge(c.get('identity').user.id, { upTo: c.req.valid('query').upTo })
        return c.body(null, 204)
      },
    )
    .delete(
      '/:id',
      // Seen twice is seen: who says it again, or of what was withdrawn meanwhile, is answered alike.
      described('Say that you have seen one', { 204: null }),
      params(z.object({ id: notificationId })),
      async (c) => {
        await notifications.acknowledge(c.get('identity').user.id, { id: c.req.valid('param').id })
        return c.body(null, 204)
      },
    )
}
