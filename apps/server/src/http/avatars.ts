import type { Context } from 'hono'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { z } from 'zod'
import { contentDisposition } from './content-disposition.ts'
import type { ApiDeps, ApiEnv } from './env.ts'
import { ApiError } from './errors.ts'
import { AVATAR_ROUTES } from './files-described.ts'
import { signedIn } from './guards.ts'
import { costs } from './limit.ts'
import { params } from './parse.ts'
import { namesTag } from './range.ts'

/** What a camera makes fits; an app sends much less, because it has cut the picture already. */
export const MAX_PICTURE_BYTES = 8 * 1024 * 1024

/** To unfold a picture and fold it again is the work of so many requests. */
const COST = 20

const OWN = '/api/users/me/avatar'
const ALL = '/api/avatars'

/** Here bodies are pictures: nothing that is for JSON applies to them. */
export const isPicture = ({ req }: Context): boolean => req.path === OWN || req.path === ALL

const hash = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 of 0-9 and a-f')

/** Stands before a route that takes a picture: who may send it, how much of it, and what it costs them. */
export const takesPicture = (deps: ApiDeps) =>
  [
    signedIn(deps),
    costs(deps, COST),
    bodyLimit({
      maxSize: MAX_PICTURE_BYTES,
      onError: () => {
        throw new ApiError('too_large', `a picture may have at most ${MAX_PICTURE_BYTES} bytes`)
      },
    }),
  ] as const

/** The picture that was sent, kept: answers its address. */
export async function keepPicture(c: Context<ApiEnv>, { attachments }: ApiDeps): Promise<string> {
  if (!/^image\//i.test(c.req.header('Content-Type') ?? ''))
    throw new ApiError('invalid', 'the body must be a picture, and its Content-Type say so')
  return attachments.avatars.add(new Uint8Array(await c.req.arrayBuffer()))
}

/** Pictures of people and conversations, for everybody who is signed in. */
export const createAvatarRoutes = (deps: ApiDeps) =>
  new Hono<ApiEnv>()
    .post('/', AVATAR_ROUTES.add, ...takesPicture(deps), async (c) =>
      c.json({ avatar: await keepPicture(c, deps) }, 201),
    )
    .use(signedIn(deps))
    .get('/:hash', AVATAR_ROUTES.read, params(z.object({ hash })), async (c) => {
      const { hash: name } = c.req.valid('param')
      const found = await deps.attachments.avatars.read(name)
      if (found === undefined) throw new ApiError('not_found', 'there is no such picture')
      const tag = `"${name}"`
      // The same bytes for ever; but the next person at this browser may be nobody.
      c.header('Cache-Control', 'private, max-age=31536000, immutable')
      c.header('Vary', 'Cookie, Authorization')
      c.header('ETag', tag)
      const known = c.req.header('If-None-Match')
      if (known !== undefined && namesTag(known, tag)) return c.body(null, 304)
      const described = {
        'Content-Type': 'image/webp',
        'Content-Length': String(found.bytes),
        'Content-Disposition': contentDisposition('inline', 'picture.webp'),
        // Opened by itself it may run nothing and fetch nothing.
        'Content-Security-Policy': "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'",
        'X-Content-Type-Options': 'nosniff',
      }
      if (c.req.method === 'HEAD') return c.body(null, 200, described)
      return c.body((await found.body()) as ReadableStream, 200, described)
    })
