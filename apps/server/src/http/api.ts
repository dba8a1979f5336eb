import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { except } from 'hono/combine'
import { compress } from 'hono/compress'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { createAttachmentRoutes } from './attachments.ts'
import { createAvatarRoutes, isPicture } from './avatars.ts'
import { createChannelRoutes, createConversationRoutes } from './conversations.ts'
import { createDocsRoutes } from './docs.ts'
import type { ApiDeps, ApiEnv } from './env.ts'
import { answerError, ApiError, createErrorHandler } from './errors.ts'
import { createEventRoutes } from './events.ts'
import { createExportRoutes } from './export.ts'
import { createBlockRoutes, createFriendRequestRoutes, createFriendRoutes } from './friends.ts'
import { jsonOnly, sameOrigin } from './guards.ts'
import { addressLimited } from './limit.ts'
import { measured } from './measure.ts'
import { createMemberRoutes } from './members.ts'
import { createNotificationRoutes } from './notifications.ts'
import { createOperationRoutes } from './operation.ts'
import { createPushKeyRoutes, createPushSubscriptionRoutes } from './push.ts'
import { createSearchRoutes } from './search.ts'
import { createSessionRoutes } from './sessions.ts'
import { createTokenRoutes } from './tokens.ts'
import { createUploadRoutes, isUpload } from './uploads.ts'
import { createUserRoutes } from './users.ts'

export type { ApiDeps } from './env.ts'

/** JSON may write each byte of a text as six; the rest is room for ids. */
const bodyBytes = (messageBytes: number): number => messageBytes * 6 + 256 * 1024

const createRoutes = (deps: ApiDeps) =>
  new Hono<ApiEnv>()
    .route('/api/users', createUserRoutes(deps))
    .route('/api/sessions', createSessionRoutes(deps))
    .route('/api/tokens', createTokenRoutes(deps))
    .route('/api/conversations', createConversationRoutes(deps))
    .route('/api/conversations/:id/members', createMemberRoutes(deps))
    .route('/api/conversations/:id', createEventRoutes(deps))
    .route('/api/conversations/:id', createExportRoutes(deps))
    .route('/api/channels', createChannelRoutes(deps))
    .route('/api/friends', createFriendRoutes(deps))
    .route('/api/friend-requests', createFriendRequestRoutes(deps))
    .route('/api/blocks', createBlockRoutes(deps))
    .route('/api/notifications', createNotificationRoutes(deps))
    .route('/api/push-key', createPushKeyRoutes(deps))
    .route('/api/push-subscriptions', createPushSubscriptionRoutes(deps))
    .route('/api/search', createSearchRoutes(deps))
    .route('/api/uploads', createUploadRoutes(deps))
    .route('/api/attachments', createAttachmentRoutes(deps))
    .route('/api/avatars', createAvatarRoutes(deps))

/** History and exports are most of what goes over a bad line, and mostly words. Files are as they were given. */
const compressed = except(
  ({ req }) => req.method !== 'GET',
  compress({ contentTypeFilter: /^application\/(?:json|x-ndjson)\b/ }),
)

/** The API's type, for `hc<Api>()` in tests and tools. */
export type Api = ReturnType<typeof createRoutes>

/** Everything that is asked over HTTP under `/api`, and what operators ask beside it. */
export function createApi(deps: ApiDeps): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>()
  app.onError(createErrorHandler(deps.logger))
  app.use(measured(deps.registry))
  app.use('/api/*', async (c, next) => {
    await next()
    // What is not said to be final is somebody's own and of this moment.
    if (!c.res.headers.has('Cache-Control')) c.header('Cache-Control', 'no-store')
  })
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) => {
        c.header('Allow', methods.join(', '))
        return answerError(c, 'not_found', `here one can ${methods.join(', ')}`)
      },
    }),
  )
  const limited = addressLimited(deps)
  for (const path of ['/api/*', '/readyz', '/metrics']) app.use(path, limited)
  const limitedBody = bodyLimit({
    maxSize: bodyBytes(deps.limits.messageBytes),
    onError: () => {
      throw new ApiError('too_large', `a body may have at most ${bodyBytes(deps.limits.messageBytes)} bytes`)
    },
  })
  for (const path of ['/api/conversations/*', '/api/search']) app.use(path, compressed)
  app.use('/api/*', sameOrigin(deps), except([isUpload, isPicture], jsonOnly, limitedBody))
  app.route('/', createOperationRoutes(deps))
  const routes = createRoutes(deps)
  app.route('/', createDocsRoutes(routes))
  app.route('/', routes)
  // Also when a handler for all other paths, like that of the web app, is put behind.
  app.all('/api/*', (c) => answerError(c, 'not_found', 'there is nothing at this path'))
  return app
}
