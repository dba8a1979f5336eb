import { conversationId, millis, rest, userId } from '@parley/protocol'
import { Hono } from 'hono'
import { z } from 'zod'
import { search, searchCursor } from '../search/search.ts'
import type { ApiDeps, ApiEnv } from './env.ts'
import { notYourConversation } from './errors.ts'
import { signedIn } from './guards.ts'
import { costs } from './limit.ts'
import { cursor, described, limit, query, toCursor, wholeNumber } from './parse.ts'

/** What a search counts for, in requests: some ten a second of one person, and more at first. */
const SEARCH_COST = 5

const searchQuery = z.object({
  q: rest.searchQuery,
  conversation: conversationId.optional(),
  author: userId.optional(),
  before: wholeNumber.pipe(millis).optional(),
  after: wholeNumber.pipe(millis).optional(),
  limit: limit(20, 50),
  cursor: cursor(searchCursor).optional(),
})

export const createSearchRoutes = (deps: ApiDeps) =>
  new Hono<ApiEnv>()
    .use(signedIn(deps), costs(deps, SEARCH_COST))
    .get('/', described('Find messages', { 200: rest.searchResults }), query(searchQuery), async (c) => {
      const { q: typed, cursor: from, ...filters } = c.req.valid('query')
      const found = await search(deps.db, { user: c.get('identity').user.id, typed, from, ...filters })
      if (found === undefined) throw notYourConversation()
      const { results, next } = found
      return c.json({ results, ...(next !== undefined && { next: toCursor(next) }) }, 200)
    })
