import { type AttachmentId, type ConversationId, rest } from '@parley/protocol'
import type { Answer, Ask } from './api.ts'

/** Uploads by hand, header for header, to say what no client library would. */

export const TUS = { 'Tus-Resumable': '1.0.0' }
export const BYTES = { ...TUS, 'Content-Type': 'application/offset+octet-stream' }

type Fields = Readonly<Record<string, string>>
type Uploader = { readonly ask: Ask }

export const metadataOf = (fields: Fields): string =>
  Object.entries(fields)
    .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
    .join(',')

export interface Wish {
  readonly conversation: ConversationId
  readonly id?: AttachmentId
  readonly filename?: string
  readonly filetype?: string
}

/** Asks for a place; `length` undefined: left open. */
export const begin = (
  who: Uploader,
  wish: Wish,
  length: number | undefined,
  headers: Fields = {},
): Promise<Answer> =>
  who.ask('POST', '/api/uploads', undefined, {
    ...TUS,
    ...(length === undefined ? { 'Upload-Defer-Length': '1' } : { 'Upload-Length': String(length) }),
    'Upload-Metadata': metadataOf({ ...wish }),
    ...headers,
  })

/** The id in the `Location` that a creation answered. */
export function idOf({ headers, status, body }: Answer): AttachmentId {
  const location = headers.get('Location')
  if (location === null) throw new Error(`no Location in an answer ${status}: ${JSON.stringify(body)}`)
  return location.replace('/api/uploads/', '') as AttachmentId
}

export const send = (
  who: Uploader,
  id: AttachmentId,
  offset: number,
  bytes: Uint8Array,
  headers: Fields = {},
): Promise<Answer> =>
  who.ask('PATCH', `/api/uploads/${id}`, bytes, { ...BYTES, 'Upload-Offset': String(offset), ...headers })

export const head = (who: Uploader, id: AttachmentId): Promise<Answer> =>
  who.ask('HEAD', `/api/uploads/${id}`, undefined, TUS)

export const discard = (who: Uploader, id: AttachmentId): Promise<Answer> =>
  who.ask('DELETE', `/api/uploads/${id}`, undefined, TUS)

/** The whole way of a file; answers what it has become. */
export async function upload(
  who: Uploader,
  conversation: ConversationId,
  content: Uint8Array,
  more: Omit<Wish, 'conversation'> = {},
): Promise<NonNullable<rest.Upload['attachment']>> {
  const id = idOf(await begin(who, { conversation, ...more }, content.length))
  const sent = await send(who, id, 0, content)
  if (sent.status !== 204)
    throw new Error(`an upload was answered ${sent.status} ${JSON.stringify(sent.body)}`)
  const { attachment } = (await who.ask('GET', `/api/uploads/${id}`)).as(rest.upload)
  if (attachment === undefined) throw new Error('all of it was sent, and it is no attachment')
  return attachment
}

/** Text as bytes. */
export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
