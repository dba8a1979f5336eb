import {
  type ConversationId,
  conversationId,
  eventId,
  eventType,
  rest,
  type Seq,
  userId,
  WINDOW_STEP,
} from '@parley/protocol'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { lastSeqFor } from '../queries/conversations.ts'
import { eventPage, type Page, readersOf, seqOf } from '../queries/events.ts'
import type { ApiDeps, ApiEnv } from './env.ts'
import { ApiError, notYourConversation } from './errors.ts'
import { signedIn } from './guards.ts'
import {
  body,
  commaList,
  commandIdOf,
  conversationPath,
  cursor,
  described,
  limit,
  pageOf,
  params,
  query,
  toCursor,
  wholeNumber,
} from './parse.ts'
import { createPerform } from './perform.ts'

const MAX_PAGE = 1000
const bound = z.int().nonnegative()

const pageQuery = z.object({
  after: wholeNumber.optional(),
  before: wholeNumber.optional(),
  limit: limit(100, MAX_PAGE),
  cursor: cursor(z.union([z.strictObject({ after: bound }), z.strictObject({ before: bound })])).optional(),
})
const eventQuery = pageQuery.extend({
  types: commaList(eventType).optional(),
})
type PageQuery = z.infer<typeof eventQuery>

export const createEventRoutes = (deps: ApiDeps) => {
  const { db, positions } = deps
  const perform = createPerform(deps)

  const requireLastSeq = async (c: Context<ApiEnv>, conversation: ConversationId): Promise<Seq> => {
    const lastSeq = await lastSeqFor(db, c.get('identity').user.id, conversation)
    if (lastSeq === undefined) throw notYourConversation()
    return lastSeq
  }

  async function readPage(
    c: Context<ApiEnv>,
    conversation: ConversationId,
    { cursor: at, ...asked }: PageQuery,
  ) {
    const lastSeq = await requireLastSeq(c, conversation)
    const wanted = { ...asked, ...at }
    const page = await eventPage(db, { conversation, ...wanted })
    if (isFinal(wanted, page, lastSeq)) {
      c.header('Cache-Control', 'private, max-age=31536000, immutable')
      // The next person at this browser is somebody else.
      c.header('Vary', 'Cookie, Authorization')
    }
    const next = nextOf(page, wanted.after !== undefined)
    return { events: page.events, ...(next !== undefined && { next }) }
  }

  return new Hono<ApiEnv>()
    .use(signedIn(deps))
    .get(
      '/events',
      described('Read the log', {
        200: rest.eventPage,
      }),
      params(conversationPath),
      query(eventQuery),
      async (c) => c.json(await readPage(c, c.req.valid('param').id, c.req.valid('query')), 200),
    )
    .get(
      '/messages',
      described('Read the messages', { 200: rest.messagePage }),
      params(conversationPath),
      query(pageQuery),
      async (c) => {
        const { events, ...next } = await readPage(c, c.req.valid('param').id, {
          ...c.req.valid('query'),
          types: ['message'],
        })
        return c.json({ messages: events.filter((event) => event.type === 'message'), ...next }, 200)
      },
    )
    .post(
      '/events',
      described('Send a message or a reaction', { 201: rest.said, 204: null }),
      params(conversationPath),
      body(rest.say),
      async (c) => {
        const conversation = c.req.valid('param').id
        const id = commandIdOf(c)
        const [event] = await perform(c, { ...intentionOf(c.req.valid('json')), conversation }, id)
        if (event === undefined) return c.body(null, 204)
        return c.json(event, 201)
      },
    )
    .get(
      '/events/:event/reads',
      described('List who has read an event', { 200: rest.readerPage }),
      params(z.object({ id: conversationId, event: eventId })),
      query(z.object({ limit: limit(100, 1000), cursor: cursor(userId).optional() })),
      async (c) => {
        const { id, event } = c.req.valid('param')
        const { limit: size, cursor: after } = c.req.valid('query')
        await requireLastSeq(c, id)
        const seq = await seqOf(db, id, event)
        if (seq === undefined) throw new ApiError('not_found', 'there is no such event in this conversation')
        const { page, ...next } = pageOf(
          await readersOf(db, id, seq, size + 1, after),
          size,
          (last) => last.user,
        )
        return c.json({ reads: page, ...next }, 200)
      },
    )
    .put(
      '/read',
      described('Mark as read', { 204: null }),
      params(conversationPath),
      body(rest.setRead),
      async (c) => {
        const { id } = c.req.valid('param')
        await requireLastSeq(c, id)
        await positions.advance(c.get('identity').user.id, id, c.req.valid('json').seq)
        return c.body(null, 204)
      },
    )
}

function intentionOf(said: rest.Say) {
  if (said.type === 'reaction') return { ...said, type: 'reaction.set' as const }
  return { ...said, type: 'message.send' as const }
}

/** Full pages of history below the live window never change: the window's cuts are where they end. */
function isFinal({ after, before, types, limit: size }: PageQuery, { events }: Page, lastSeq: Seq): boolean {
  if (after === undefined || before !== undefined || types !== undefined) return false
  if (after % WINDOW_STEP !== 0 || size !== WINDOW_STEP || events.length !== WINDOW_STEP) return false
  const windowStart = Math.floor(lastSeq / WINDOW_STEP) * WINDOW_STEP - WINDOW_STEP
  return after + WINDOW_STEP <= windowStart
}

function nextOf({ events, hasMore }: Page, isUpwards: boolean): string | undefined {
  const [first, last] = [events.at(0), events.at(-1)]
  if (!hasMore || first === undefined || last === undefined) return undefined
  return toCursor(isUpwards ? { after: last.seq } : { before: first.seq })
}
