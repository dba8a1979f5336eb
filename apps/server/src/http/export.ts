import { Hono } from 'hono'
import { describeRoute } from 'hono-openapi'
import { z } from 'zod'
import { lastSeqFor } from '../queries/conversations.ts'
import { exportConversation } from '../transfer/export.ts'
import type { ApiDeps, ApiEnv } from './env.ts'
import { notYourConversation } from './errors.ts'
import { signedIn } from './guards.ts'
import { costs } from './limit.ts'
import { conversationPath, params, query } from './parse.ts'

/** What an export counts for, in requests: it may read a million events. */
const EXPORT_COST = 50

const TYPE = 'application/x-ndjson'

const exportQuery = z.object({ format: z.literal('jsonl').default('jsonl') })

/** The whole conversation as a file, made while it is read: as fast as the reader takes it, and not into memory. */
export const createExportRoutes = (deps: ApiDeps) =>
  new Hono<ApiEnv>().use(signedIn(deps)).get(
    '/export',
    costs(deps, EXPORT_COST),
    describeRoute({
      summary: 'Export a conversation',
      responses: { 200: { description: 'Done', content: { [TYPE]: { schema: { type: 'string' } } } } },
    }),
    params(conversationPath),
    query(exportQuery),
    async (c) => {
      const { id } = c.req.valid('param')
      const lastSeq = await lastSeqFor(deps.db, c.get('identity').user.id, id)
      const file = lastSeq === undefined ? undefined : await exportConversation(deps.db, id)
      if (file === undefined) throw notYourConversation()
      return c.body(ReadableStream.from(file), 200, {
        'Content-Type': `${TYPE}; charset=utf-8`,
        'Content-Disposition': `attachment; filename="parley-${id}.jsonl"`,
      })
    },
  )
