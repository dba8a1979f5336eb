import {
  type AttachmentId,
  attachmentId,
  conversationId,
  isDerivedId,
  type Millis,
  newId,
  type rest,
  storableText,
} from '@parley/protocol'
import { Metadata } from '@tus/server'
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { z } from 'zod'
import type { Claim, Standing } from '../attachments/attachments.ts'
import { toAttachment } from '../queries/attachments.ts'
import { UPLOAD_EXPIRES_MS } from '../queries/uploads.ts'
import type { ApiDeps, ApiEnv } from './env.ts'
import { ApiError } from './errors.ts'
import { signedIn } from './guards.ts'
import { commandIdOf, headers, invalid, params } from './parse.ts'
import { UPLOAD_ROUTES } from './files-described.ts'

const BASE = '/api/uploads'
const TUS_VERSION = '1.0.0'

/** Here bodies are bytes, as many as somebody has: nothing that is for JSON applies to them. */
export const isUpload = ({ req }: Context): boolean => req.path === BASE || req.path.startsWith(`${BASE}/`)

const digits = z.string().regex(/^(0|[1-9]\d{0,14})$/, 'must be a whole number')
const spoken = z.object({ 'tus-resumable': z.string() })
const creation = spoken.extend({
  'upload-length': digits.transform(Number).optional(),
  'upload-defer-length': z.literal('1').optional(),
  'upload-metadata': z.string().max(8192),
})
const continuation = spoken.extend({
  'upload-offset': digits.transform(Number),
  'upload-length': digits.transform(Number).optional(),
})

/** Who uploads offline has named the attachment in a message already. */
const ownId = attachmentId.refine((id) => !isDerivedId(id), 'must not be a version 5 UUID')
const metadata = z.object({
  id: ownId.optional(),
  conversation: conversationId,
  filename: z.string().optional(),
  filetype: storableText.max(255).optional(),
})

const uploadPath = z.object({ id: attachmentId })

/** Uploads in the tus protocol (tus.io), version 1.0.0; who may, and what becomes of them, is in attachments/. */
export const createUploadRoutes = (deps: ApiDeps) => {
  const { attachments, now } = deps

  const require = async (
    c: Context<ApiEnv>,
    id: AttachmentId,
    how: 'find' | 'standing',
  ): Promise<Standing> => {
    const standing = await attachments[how](c.get('identity').user.id, id)
    if (standing === undefined) throw new ApiError('not_found', 'there is no such upload')
    return standing
  }

  return (
    new Hono<ApiEnv>()
      .use(speaksTus)
      // Says what is spoken here, to whoever asks.
      .options('/', async (c) => {
        const answer = await attachments.tus({ method: 'OPTIONS', headers: c.req.raw.headers, body: null })
        return c.body(null, 204, Object.fromEntries(answer.headers))
      })
      .use(signedIn(deps))
      .post('/', UPLOAD_ROUTES.create, headers(creation), async (c) => {
        const claim = claimOf(c, c.req.valid('header'))
        const { user } = c.get('identity')
        const { isNew, standing } = await attachments.begin(user.id, { ...claim, id: claim.id ?? newId() })
        if (!isNew || standing.is === 'finished') {
          // Whatever comes with a repeat stays unread: the offset says from where on it is wanted.
          const known = await require(c, idOf(standing), 'standing')
          return c.body(null, 201, { ...headersOf(known), Location: `${BASE}/${idOf(known)}` })
        }
        const { upload } = standing
        try {
          const answer = await attachments.tus({ method: 'POST', upload, ...bytesOf(c) })
          const progress = progressOf(answer, upload.bytes, upload.expires_at)
          return c.body(null, 201, { ...progress, Location: `${BASE}/${upload.id}` })
        } catch (error) {
          // Nobody could come back to what nobody has a name for. If that fails too, it expires.
          if (claim.id === undefined)
            await attachments.tus({ method: 'DELETE', upload, ...nothing(c) }).catch(() => undefined)
          throw error
        }
      })
      .get('/:id', UPLOAD_ROUTES.read, params(uploadPath), async (c) => {
        const { id } = c.req.valid('param')
        if (c.req.method !== 'HEAD') return c.json(toUpload(await require(c, id, 'standing')), 200)
        const found = await require(c, id, 'find')
        // A request that still hangs in a connection which the client has given up has to end first.
        if (found.is === 'arriving')
          await attachments.tus({ method: 'HEAD', upload: found.upload, ...nothing(c) })
        return c.body(null, 200, headersOf(await require(c, id, 'standing')))
      })
      .patch('/:id', UPLOAD_ROUTES.append, params(uploadPath), headers(continuation), async (c) => {
        const { id } = c.req.valid('param')
        const standing = await require(c, id, 'standing')
        if (standing.is === 'finished') {
          if (c.req.valid('header')['upload-offset'] === standing.attachment.bytes)
            return c.body(null, 204, headersOf(standing))
          throw new ApiError('conflict', 'everything has arrived of this upload')
        }
        const { upload } = standing
        const answer = await attachments.tus({ method: 'PATCH', upload, ...bytesOf(c) })
        const length = upload.bytes ?? c.req.valid('header')['upload-length'] ?? null
        return c.body(null, 204, progressOf(answer, length, now() + UPLOAD_EXPIRES_MS))
      })
      .delete('/:id', UPLOAD_ROUTES.discard, params(uploadPath), headers(spoken), async (c) => {
        const { id } = c.req.valid('param')
        const found = await require(c, id, 'find')
        if (found.is === 'finished') await attachments.discard(c.get('identity').user.id, id)
        else await attachments.tus({ method: 'DELETE', upload: found.upload, ...nothing(c) })
        return c.body(null, 204)
      })
  )
}

/** Every answer says which version it is in; a request in another one is not read any further. */
const speaksTus: MiddlewareHandler = async (c, next) => {
  c.header('Tus-Resumable', TUS_VERSION)
  const version = c.req.header('Tus-Resumable')
  if (version !== undefined && version !== TUS_VERSION && c.req.method !== 'OPTIONS') {
    c.header('Tus-Version', TUS_VERSION)
    const message = `this server speaks tus ${TUS_VERSION}`
    return c.json({ error: { code: 'invalid', message } } satisfies rest.ErrorAnswer, 412)
  }
  return next()
}

type Named = Omit<Claim, 'id'> & { readonly id: AttachmentId | undefined }

function claimOf(c: Context, sent: z.infer<typeof creation>): Named {
  const { 'upload-length': bytes, 'upload-defer-length': deferred } = sent
  if ((bytes === undefined) === (deferred === undefined))
    throw new ApiError('invalid', 'one of the headers Upload-Length and Upload-Defer-Length is needed')
  const parsed = metadata.safeParse(fieldsOf(sent['upload-metadata']))
  if (!parsed.success) throw invalid('the header Upload-Metadata', parsed.error.issues)
  const { id = keyOf(c), conversation, filename, filetype } = parsed.data
  return { id, conversation, filename, filetype, bytes }
}

/** As with every POST, what it makes can be named by its key. */
const keyOf = (c: Context): AttachmentId | undefined =>
  c.req.header('Idempotency-Key') === undefined ? undefined : (commandIdOf(c) as string as AttachmentId)

function fieldsOf(header: string): Record<string, string> {
  try {
    return Object.fromEntries(
      Object.entries(Metadata.parse(header)).filter((entry): entry is [string, string] => entry[1] !== null),
    )
  } catch {
    // The library says no more than that, at length.
    throw new ApiError('invalid', 'the header Upload-Metadata is not "key base64,key base64,…"')
  }
}

const bytesOf = ({ req }: Context) => ({ headers: req.raw.headers, body: req.raw.body })
const nothing = ({ req }: Context) => ({ headers: req.raw.headers, body: null })

const idOf = (standing: Standing): AttachmentId =>
  standing.is === 'finished' ? standing.attachment.id : standing.upload.id

function headersOf(standing: Standing): Record<string, string> {
  if (standing.is === 'finished') {
    const { bytes } = standing.attachment
    return { 'Upload-Offset': String(bytes), 'Upload-Length': String(bytes) }
  }
  const { upload, offset } = standing
  return {
    'Upload-Offset': String(offset),
    ...(upload.bytes === null ? { 'Upload-Defer-Length': '1' } : { 'Upload-Length': String(upload.bytes) }),
    'Upload-Metadata': Metadata.stringify({
      id: upload.id,
      conversation: upload.conversation,
      filename: upload.name,
      ...(upload.claimed_type !== null && { filetype: upload.claimed_type }),
    }),
    'Upload-Expires': new Date(upload.expires_at).toUTCString(),
  }
}

/** What the library says, and until when more is waited for, unless that was all. */
function progressOf({ headers }: Response, length: number | null, expiresAt: Millis): Record<string, string> {
  const isWhole = Number(headers.get('Upload-Offset') ?? 0) === length
  return {
    ...Object.fromEntries(headers),
    ...(!isWhole && { 'Upload-Expires': new Date(expiresAt).toUTCString() }),
  }
}

function toUpload(standing: Standing): rest.Upload {
  if (standing.is === 'finished') {
    const { attachment } = standing
    const { id, conversation, name, bytes } = attachment
    return { id, conversation, name, offset: bytes, length: bytes, attachment: toAttachment(attachment) }
  }
  const { upload, offset } = standing
  const { id, conversation, name, bytes, expires_at: expiresAt } = upload
  return { id, conversation, name, offset, ...(bytes !== null && { length: bytes }), expiresAt }
}
