import { conversationId, type ConversationId, rest, userId, type UserId } from '@parley/protocol'
import { Hono } from 'hono'
import { z } from 'zod'
import { lastSeqFor } from '../queries/conversations.ts'
import { membersOf } from '../queries/members.ts'
import type { ApiDeps, ApiEnv } from './env.ts'
import { ApiError, notYourConversation } from './errors.ts'
import { signedIn } from './guards.ts'
import {
  body,
  commandIdOf,
  conversationPath,
  cursor,
  described,
  limit,
  pageOf,
  params,
  query,
} from './parse.ts'
import { createPerform } from './perform.ts'

const memberPath = z.object({ id: conversationId, user: userId })
const listQuery = z.object({ limit: limit(100, 1000), cursor: cursor(userId).optional() })

export const createMemberRoutes = (deps: ApiDeps) => {
  const { db } = deps
  const perform = createPerform(deps)
  const member = async (conversation: ConversationId, user: UserId): Promise<rest.MemberListing> => {
    const [listing] = await membersOf(db, conversation, { user, limit: 1 })
    // Accepted, and undone by somebody else before we looked.
    if (listing === undefined) throw new ApiError('conflict', 'this user has just left')
    return listing
  }

  return new Hono<ApiEnv>()
    .use(signedIn(deps))
    .get(
      '/',
      described('List the members', { 200: rest.memberList }),
      params(conversationPath),
      query(listQuery),
      async (c) => {
        const { id } = c.req.valid('param')
        const { limit: size, cursor: after } = c.req.valid('query')
        if ((await lastSeqFor(db, c.get('identity').user.id, id)) === undefined) throw notYourConversation()
        const rows = await membersOf(db, id, { after, limit: size + 1 })
        const { page, ...next } = pageOf(rows, size, (last) => last.user)
        return c.json({ members: page, ...next }, 200)
      },
    )
    .post(
      '/',
      described('Add somebody, or join a channel', { 201: rest.member }),
      params(conversationPath),
      body(rest.addMember),
      async (c) => {
        const { id } = c.req.valid('param')
        const { user, role } = c.req.valid('json')
        await perform(
          c,
          { type: 'member.add', conversation: id, user, ...(role !== undefined && { role }) },
          commandIdOf(c),
        )
        return c.json(await member(id, user), 201)
      },
    )
    .patch(
      '/:user',
      described('Change a role', { 200: rest.member }),
      params(memberPath),
      body(rest.changeRole),
      async (c) => {
        const { id, user } = c.req.valid('param')
        await perform(c, { type: 'member.role', conversation: id, user, role: c.req.valid('json').role })
        return c.json(await member(id, user), 200)
      },
    )
    .delete(
      '/:user',
      described('Remove somebody, or leave', { 204: null }),
      params(memberPath),
      async (c) => {
        const { id, user } = c.req.valid('param')
        await perform(c, { type: 'member.remove', conversation: id, user })
        return c.body(null, 204)
      },
    )
}
