import { rest } from '@parley/protocol'
import { describeRoute, resolver } from 'hono-openapi'

/** What the general description of a route has no words for: bytes, and headers that carry meaning. */

const text = (description: string) => ({ description, schema: { type: 'string' as const } })
const number = (description: string) => ({ description, schema: { type: 'integer' as const, minimum: 0 } })

const json = (schema: Parameters<typeof resolver>[0]) => ({
  'application/json': { schema: resolver(schema) },
})
const BYTES = { '*/*': { schema: {} } }

/** A refusal whose status is HTTP's own, not its code's. */
const refusal = (code: string, description: string, headers: Record<string, ReturnType<typeof text>>) => ({
  description,
  headers,
  content: {
    'application/json': {
      schema: resolver(rest.errorAnswer),
      examples: { [code]: { value: { error: { code, message: description } } } },
    },
  },
})

const OTHER_VERSION = {
  412: refusal('invalid', '`invalid`: `Tus-Resumable` names another version.', {
    'Tus-Version': text('The version that is spoken here.'),
  }),
}
const OFFSET = { 'Upload-Offset': number('How many bytes are there.') }
const CHUNK = {
  requestBody: {
    content: { 'application/offset+octet-stream': { schema: { type: 'string' as const, format: 'binary' } } },
  },
}

export const UPLOAD_ROUTES = {
  create: describeRoute({
    summary: 'Begin to upload a file',
    ...CHUNK,
    responses: {
      201: { description: '', headers: { Location: text('Where to send the bytes.') } },
      ...OTHER_VERSION,
    },
  }),
  read: describeRoute({
    summary: 'Where an upload stands',
    responses: { 200: { description: '', content: json(rest.upload) }, ...OTHER_VERSION },
  }),
  append: describeRoute({
    summary: 'Send bytes of a file',
    ...CHUNK,
    responses: { 204: { description: '', headers: OFFSET }, ...OTHER_VERSION },
  }),
  discard: describeRoute({
    summary: 'Give up an upload',
    responses: { 204: { description: '' }, ...OTHER_VERSION },
  }),
}

const VALIDATORS = { ETag: text('Of these bytes, for ever.') }
const WEBP = { 'image/webp': { schema: { type: 'string' as const, format: 'binary' } } }

const served = (content: typeof BYTES | typeof WEBP) => ({
  200: { description: '', headers: VALIDATORS, content },
  206: { description: '', headers: { ...VALIDATORS, 'Content-Range': text('Which part it is.') }, content },
  304: { description: '', headers: VALIDATORS },
  416: refusal('invalid', '`invalid`: the file has no such bytes.', {
    'Content-Range': text('How many it has.'),
  }),
})

export const ATTACHMENT_ROUTES = {
  download: describeRoute({ summary: 'A file of a message', responses: served(BYTES) }),
  preview: describeRoute({ summary: 'A small picture of an image', responses: served(WEBP) }),
}

const PICTURE = {
  requestBody: {
    required: true,
    content: { 'image/*': { schema: { type: 'string' as const, format: 'binary' } } },
  },
}

export const AVATAR_ROUTES = {
  own: describeRoute({
    summary: 'Change your picture',
    ...PICTURE,
    responses: { 200: { description: '', content: json(rest.me) } },
  }),
  add: describeRoute({
    summary: 'Add a picture',
    ...PICTURE,
    responses: { 201: { description: '', content: json(rest.addedAvatar) } },
  }),
  read: describeRoute({
    summary: 'Get a picture',
    responses: {
      200: { description: '', headers: VALIDATORS, content: WEBP },
      304: { description: '', headers: VALIDATORS },
    },
  }),
}
