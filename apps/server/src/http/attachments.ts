import { attachmentId } from '@parley/protocol'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { previewName } from '../attachments/finish.ts'
import { UNKNOWN_TYPE } from '../attachments/media-type.ts'
import { readableAttachment, type StoredAttachment } from '../queries/attachments.ts'
import { contentDisposition } from './content-disposition.ts'
import type { ApiDeps, ApiEnv } from './env.ts'
import { ApiError } from './errors.ts'
import { ATTACHMENT_ROUTES } from './files-described.ts'
import { signedIn } from './guards.ts'
import { params } from './parse.ts'
import { namesTag, requestedRange } from './range.ts'

/** What a browser shows without doing anything that the file says; all else is only saved. */
const SHOWN = new Set([
  'image/jpeg',
  'image/png',
  'image/apng',
  'image/gif',
  'image/webp',
  'image/avif',
  'audio/aac',
  'audio/flac',
  'audio/mp4',
  'audio/mpeg',
  'audio/ogg',
  'audio/ogg; codecs=opus',
  'audio/wav',
  'audio/x-m4a',
  'video/mp4',
  'video/ogg',
  'video/quicktime',
  'video/webm',
  'video/x-m4v',
])

/** What may run or draw something where it is opened goes out as bytes without a meaning. */
const ACTIVE = /html|xml|svg|script|css|pdf|shockwave/

/** If it is opened by itself, a file is in an origin of its own, may run nothing and fetch nothing but itself. */
const SANDBOX = "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'"

interface Served {
  /** In the store. */
  readonly file: string
  readonly bytes: number
  /** Of its content, in quotes. */
  readonly tag: string
  readonly type: string
  readonly disposition: string
}

/** Files of messages, for those who may read the message. */
export const createAttachmentRoutes = (deps: ApiDeps) => {
  const { db, attachments } = deps
  const path = z.object({ id: attachmentId })

  async function requireReadable(c: Context<ApiEnv>, id: StoredAttachment['id']): Promise<StoredAttachment> {
    const found = await readableAttachment(db, c.get('identity').user.id, id)
    if (found === undefined) throw new ApiError('forbidden', 'you may not have this file, or there is none')
    return found
  }

  async function serve(
    c: Context<ApiEnv>,
    { file, bytes, tag, type, disposition }: Served,
  ): Promise<Response> {
    // The same bytes for ever; but the next person at this browser is somebody else.
    c.header('Cache-Control', 'private, max-age=31536000, immutable')
    c.header('Vary', 'Cookie, Authorization')
    c.header('ETag', tag)
    c.header('Accept-Ranges', 'bytes')
    const known = c.req.header('If-None-Match')
    if (known !== undefined && namesTag(known, tag)) return c.body(null, 304)

    const isHead = c.req.method === 'HEAD'
    const condition = c.req.header('If-Range')
    const asked = isHead || (condition !== undefined && condition !== tag) ? undefined : c.req.header('Range')
    const range = requestedRange(asked, bytes)
    if (range === 'unsatisfiable') {
      c.header('Content-Range', `bytes */${bytes}`)
      c.header('Cache-Control', 'no-store')
      return c.json({ error: { code: 'invalid', message: `the file has ${bytes} bytes` } }, 416)
    }
    const { start, end } = range === 'whole' ? { start: 0, end: bytes - 1 } : range
    const status = range === 'whole' ? 200 : 206
    const described = {
      'Content-Type': type,
      'Content-Length': String(end - start + 1),
      'Content-Disposition': disposition,
      'Content-Security-Policy': SANDBOX,
      'X-Content-Type-Options': 'nosniff',
      ...(range !== 'whole' && { 'Content-Range': `bytes ${start}-${end}/${bytes}` }),
    }
    if (isHead || bytes === 0) return c.body(null, status, described)
    return c.body((await attachments.files.read(file, { start, end })) as ReadableStream, status, described)
  }

  return new Hono<ApiEnv>()
    .use(signedIn(deps))
    .get('/:id', ATTACHMENT_ROUTES.download, params(path), async (c) => {
      const { key, bytes, sha256, name, media_type: type } = await requireReadable(c, c.req.valid('param').id)
      return serve(c, {
        file: key,
        bytes,
        tag: `"${sha256.toString('hex')}"`,
        type: ACTIVE.test(type) ? UNKNOWN_TYPE : type.startsWith('text/') ? `${type}; charset=utf-8` : type,
        disposition: contentDisposition(SHOWN.has(type) ? 'inline' : 'attachment', name),
      })
    })
    .get('/:id/preview', ATTACHMENT_ROUTES.preview, params(path), async (c) => {
      const { key, sha256, preview_bytes: bytes } = await requireReadable(c, c.req.valid('param').id)
      if (bytes === null) throw new ApiError('not_found', 'this file has no preview')
      return serve(c, {
        file: previewName(key),
        bytes,
        tag: `"${sha256.toString('hex')}-preview"`,
        type: 'image/webp',
        disposition: contentDisposition('inline', 'preview.webp'),
      })
    })
}
