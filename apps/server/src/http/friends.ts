import { friendRequestId, millis, rest, userId } from '@parley/protocol'
import { Hono } from 'hono'
import { z } from 'zod'
import { blocksOf, friendRequests, friendsOf } from '../queries/friends.ts'
import type { ApiDeps, ApiEnv } from './env.ts'
import { ApiError } from './errors.ts'
import { signedIn } from './guards.ts'
import { body, commandIdOf, cursor, described, limit, pageOf, params, query } from './parse.ts'
import { createPerform } from './perform.ts'

const userPath = z.object({ user: userId })
const requestPath = z.object({ id: friendRequestId })
const requestQuery = z.object({
  direction: z.enum(['incoming', 'outgoing']).optional(),
  status: rest.friendRequestStatus.optional(),
  limit: limit(100, 200),
  cursor: cursor(z.tuple([millis, friendRequestId])).optional(),
})

export const createFriendRoutes = (deps: ApiDeps) => {
  const perform = createPerform(deps)
  return new Hono<ApiEnv>()
    .use(signedIn(deps))
    .get('/', described('List your friends', { 200: rest.friendList }), async (c) =>
      c.json({ friends: await friendsOf(deps.db, c.get('identity').user.id) }, 200),
    )
    .delete('/:user', described('End a friendship', { 204: null }), params(userPath), async (c) => {
      await perform(c, { type: 'friend.remove', user: c.req.valid('param').user })
      return c.body(null, 204)
    })
}

export const createFriendRequestRoutes = (deps: ApiDeps) => {
  const { db } = deps
  const perform = createPerform(deps)
  return new Hono<ApiEnv>()
    .use(signedIn(deps))
    .get(
      '/',
      described('List friend requests', { 200: rest.friendRequestList }),
      query(requestQuery),
      async (c) => {
        const { direction, status, limit: size, cursor: at } = c.req.valid('query')
        const before = at && { createdAt: at[0], id: at[1] }
        const rows = await friendRequests(db, c.get('identity').user.id, {
          direction,
          status,
          before,
          limit: size + 1,
        })
        const { page, ...next } = pageOf(rows, size, (last) => [last.createdAt, last.id])
        return c.json({ friendRequests: page, ...next }, 200)
      },
    )
    .post(
      '/',
      described('Ask somebody to be friends', {
        201: rest.friendRequest,
        200: rest.friendRequest,
      }),
      body(rest.createFriendRequest),
      async (c) => {
        const me = c.get('identity').user.id
        const { user } = c.req.valid('json')
        const id = commandIdOf(c)
        await perform(c, { type: 'friend.request', user }, id)
        // The request carries the command's id, unless an earlier one is still open or was accepted.
        const [made] = await friendRequests(db, me, { id: friendRequestId.parse(id), limit: 1 })
        if (made !== undefined) return c.json(made, 201)
        const [standing] = await friendRequests(db, me, { with: user, limit: 1 })
        if (standing === undefined) throw new ApiError('conflict', 'there is nothing to ask for any more')
        return c.json(standing, 200)
      },
    )
    .patch(
      '/:id',
      described('Answer a request', { 200: rest.friendRequest }),
      params(requestPath),
      body(rest.answerFriendRequest),
      async (c) => {
        const { id } = c.req.valid('param')
        const accept = c.req.valid('json').status === 'ACCEPTED'
        await perform(c, { type: 'friend.answer', request: id, accept })
        const [answered] = await friendRequests(db, c.get('identity').user.id, { id, limit: 1 })
        if (answered === undefined) throw new ApiError('conflict', 'the request has just been withdrawn')
        return c.json(answered, 200)
      },
    )
}

export const createBlockRoutes = (deps: ApiDeps) => {
  const { db } = deps
  const perform = createPerform(deps)
  return new Hono<ApiEnv>()
    .use(signedIn(deps))
    .get('/', described('List whom you have blocked', { 200: rest.blockList }), async (c) =>
      c.json({ blocks: await blocksOf(db, c.get('identity').user.id) }, 200),
    )
    .get(
      '/:user',
      described('See whether you have blocked somebody', { 200: rest.blocked }),
      params(userPath),
      async (c) => {
        const [block] = await blocksOf(db, c.get('identity').user.id, c.req.valid('param').user)
        if (block === undefined) throw new ApiError('not_found', 'you have not blocked this user')
        return c.json(block, 200)
      },
    )
    .put('/:user', described('Block somebody', { 204: null }), params(userPath), async (c) => {
      await perform(c, { type: 'user.block', user: c.req.valid('param').user })
      return c.body(null, 204)
    })
    .delete('/:user', described('Unblock somebody', { 204: null }), params(userPath), async (c) => {
      await perform(c, { type: 'user.unblock', user: c.req.valid('param').user })
      return c.body(null, 204)
    })
}
