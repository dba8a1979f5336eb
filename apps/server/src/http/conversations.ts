import { conversationId, directConversationId, millis, rest, type UserId } from '@parley/protocol'
import { Hono } from 'hono'
import { z } from 'zod'
import { findChannels } from '../queries/channels.ts'
import { conversationsOf } from '../queries/conversations.ts'
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

const listQuery = z.object({
  limit: limit(100, 200),
  cursor: cursor(z.tuple([millis, conversationId])).optional(),
})
const channelQuery = z.object({
  q: rest.searchText.default(''),
  limit: limit(50, 100),
  cursor: cursor(z.tuple([rest.searchText.max(2000), conversationId])).optional(),
})

export const createConversationRoutes = (deps: ApiDeps) => {
  const { db } = deps
  const perform = createPerform(deps)
  const summary = async (
    user: UserId,
    id: rest.ConversationSummary['id'],
  ): Promise<rest.ConversationSummary> => {
    const [conversation] = await conversationsOf(db, user, { id, limit: 1 })
    if (conversation === undefined) throw notYourConversation()
    return conversation
  }

  return new Hono<ApiEnv>()
    .use(signedIn(deps))
    .get(
      '/',
      described('List your conversations', { 200: rest.conversationList }),
      query(listQuery),
      async (c) => {
        const { limit: size, cursor: at } = c.req.valid('query')
        const before = at && { lastAt: at[0], id: at[1] }
        const rows = await conversationsOf(db, c.get('identity').user.id, { before, limit: size + 1 })
        const { page, ...next } = pageOf(rows, size, (last) => [last.lastAt, last.id])
        return c.json({ conversations: page, ...next }, 200)
      },
    )
    .post(
      '/',
      described('Create a conversation', { 201: rest.conversationSummary, 200: rest.conversationSummary }),
      body(rest.createConversation),
      async (c) => {
        const me = c.get('identity').user.id
        const id = commandIdOf(c)
        const { id: given, ...wanted } = c.req.valid('json')
        // Sent again under the same key, a request that names no id must mean the same conversation.
        const conversation =
          given ?? (wanted.kind === 'direct' ? directWith(me, wanted.members) : conversationId.parse(id))
        const events = await perform(c, { type: 'conversation.create', conversation, ...wanted }, id)
        return c.json(await summary(me, conversation), events.length > 0 ? 201 : 200)
      },
    )
    .get(
      '/:id',
      described('Read a conversation', { 200: rest.conversationSummary }),
      params(conversationPath),
      async (c) => c.json(await summary(c.get('identity').user.id, c.req.valid('param').id), 200),
    )
    .patch(
      '/:id',
      described('Change a conversation', {
        200: rest.conversationSummary,
      }),
      params(conversationPath),
      body(rest.updateConversation),
      async (c) => {
        const { id } = c.req.valid('param')
        await perform(c, { type: 'conversation.update', conversation: id, ...c.req.valid('json') })
        return c.json(await summary(c.get('identity').user.id, id), 200)
      },
    )
    .delete(
      '/:id',
      described('Delete a conversation', { 204: null }),
      params(conversationPath),
      async (c) => {
        await perform(c, { type: 'conversation.delete', conversation: c.req.valid('param').id })
        return c.body(null, 204)
      },
    )
}

/** The id that both sides derive for their conversation. */
function directWith(me: UserId, members: readonly UserId[] = []) {
  const others = members.filter((member) => member !== me)
  const [other] = others
  if (other === undefined || others.length > 1)
    throw new ApiError('invalid', 'a direct conversation needs one other member')
  return directConversationId(me, other)
}

export const createChannelRoutes = (deps: ApiDeps) =>
  new Hono<ApiEnv>()
    .use(signedIn(deps))
    .get('/', described('Find channels', { 200: rest.channelList }), query(channelQuery), async (c) => {
      const { q: text, limit: size, cursor: at } = c.req.valid('query')
      const after = at && { title: at[0], id: at[1] }
      const rows = await findChannels(deps.db, c.get('identity').user.id, { text, after, limit: size + 1 })
      const { page, ...next } = pageOf(rows, size, (last) => [last.title, last.id])
      return c.json({ channels: page, ...next }, 200)
    })
