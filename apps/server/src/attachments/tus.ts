import type { Readable } from 'node:stream'
import type { AttachmentId } from '@parley/protocol'
import { DataStore, ERRORS, Server, Upload as TusUpload } from '@tus/server'
import { Unavailable } from '../commands/outcome.ts'
import type { Db } from '../queries/db.ts'
import { declareLength, dropUpload, type Upload, uploadById } from '../queries/uploads.ts'
import { createLocker } from './locker.ts'
import { Refused } from './refused.ts'
import type { Staging } from './staging.ts'

export interface TusOptions {
  readonly db: Db
  readonly staging: Staging
  readonly finish: (upload: Upload) => Promise<void>
  readonly maxBytes: number
}

/** One request in the tus protocol, for an upload that the asker has a right to. */
export interface TusRequest {
  readonly method: 'POST' | 'HEAD' | 'PATCH' | 'DELETE' | 'OPTIONS'
  readonly upload?: Upload
  /** Those of the request that was sent; the protocol's own are passed on. */
  readonly headers: { get(name: string): string | null }
  readonly body: ReadableStream<Uint8Array> | null
}

/** Below it the uploads are: only the library sees this address. */
const BASE = 'http://localhost/uploads'

/** The library is not to be led astray by what else a request, or a proxy, says. */
const PASSED_ON = [
  'Tus-Resumable',
  'Upload-Offset',
  'Upload-Length',
  'Upload-Defer-Length',
  'Content-Type',
  'Content-Length',
]
const PASSED_BACK = [
  'Tus-Resumable',
  'Tus-Version',
  'Tus-Extension',
  'Tus-Max-Size',
  'Upload-Offset',
  'Upload-Length',
  'Upload-Defer-Length',
  'Upload-Metadata',
]

/** How long a request that is to make room for the next one may still take in what is on its way. */
const DRAIN_MS = 1_000

/**
 * The tus protocol, spoken by its own library: it checks the headers, keeps the requests of one
 * upload apart and counts the bytes. Who may upload what is settled before it is asked, and the row
 * of the upload is there. Rejects with {@link Refused} or with what went wrong.
 */
export function createTus(options: TusOptions): (request: TusRequest) => Promise<Response> {
  // The library answers every error by itself, in its own words; here it says what the error was.
  const failures = new WeakMap<object, unknown>()
  const server = new Server({
    path: new URL(BASE).pathname,
    datastore: new StagedUploads(options),
    locker: createLocker(),
    lockDrainTimeout: DRAIN_MS,
    maxSize: options.maxBytes,
    namingFunction: (_request, metadata) => metadata?.['id'] ?? '',
    onUploadFinish: async (_request, { id }) => {
      const upload = await uploadById(options.db, id as AttachmentId)
      if (upload !== undefined) await options.finish(upload)
      return {}
    },
    onResponseError: (request, error) => {
      failures.set(request, error)
      return undefined
    },
  })

  return async ({ method, upload, headers, body }) => {
    const request = new Request(method === 'POST' || upload === undefined ? BASE : `${BASE}/${upload.id}`, {
      method,
      headers: passedOn(headers, method === 'POST' ? upload : undefined),
      ...(body !== null && { body, duplex: 'half' }),
    })
    const response = await server.handleWeb(request)
    const failure = failures.get(request)
    if (failure !== undefined) throw refusalOf(failure)
    if (response.status >= 400)
      throw new Refused({ code: 'invalid', message: (await response.text()).trim() })
    return new Response(null, { status: response.status, headers: pick(response.headers, PASSED_BACK) })
  }
}

function passedOn(sent: TusRequest['headers'], created: Upload | undefined): Headers {
  const headers = pick(sent, PASSED_ON)
  if (created !== undefined)
    headers.set('Upload-Metadata', `id ${Buffer.from(created.id).toString('base64')}`)
  return headers
}

function pick(from: TusRequest['headers'], names: readonly string[]): Headers {
  const picked = new Headers()
  for (const name of names) {
    const value = from.get(name)
    if (value !== null) picked.set(name, value)
  }
  return picked
}

/** The library throws plain objects with a status, for what it expects, and errors. */
function refusalOf(failure: unknown): unknown {
  if (typeof failure !== 'object' || failure === null || !('status_code' in failure)) return failure
  const { status_code: status } = failure
  const message = 'body' in failure ? String(failure.body).trim() : ''
  // The connection broke, or another request has taken over: whoever still listens may ask where it stands.
  if (failure === ERRORS.ABORTED) return new Refused({ code: 'conflict', message })
  if (status === 409) return new Refused({ code: 'conflict', message })
  if (status === 413) return new Refused({ code: 'too_large', message })
  if (status === 404 || status === 410) return new Refused({ code: 'not_found', message })
  if (typeof status === 'number' && status < 500) return new Refused({ code: 'invalid', message })
  return new Unavailable(message)
}

/** What the library knows of uploads: their rows, and what is staged of them. */
class StagedUploads extends DataStore {
  readonly #options: TusOptions

  constructor(options: TusOptions) {
    super()
    this.#options = options
    this.extensions = [
      'creation',
      'creation-with-upload',
      'creation-defer-length',
      'termination',
      'expiration',
    ]
  }

  override async write(stream: Readable, id: string, offset: number): Promise<number> {
    const { key } = await this.#require(id)
    return this.#options.staging.append(key, offset, stream)
  }

  override async getUpload(id: string): Promise<TusUpload> {
    const { key, bytes } = await this.#require(id)
    const offset = await this.#options.staging.sizeOf(key)
    return new TusUpload({ id, offset, ...(bytes !== null && { size: bytes }) })
  }

  override async declareUploadLength(id: string, length: number): Promise<void> {
    await declareLength(this.#options.db, id as AttachmentId, length)
  }

  override async remove(id: string): Promise<void> {
    const { key } = await this.#require(id)
    await dropUpload(this.#options.db, id as AttachmentId)
    await this.#options.staging.remove(key)
  }

  async #require(id: string): Promise<Upload> {
    const upload = await uploadById(this.#options.db, id as AttachmentId)
    if (upload === undefined) throw new Refused({ code: 'not_found', message: 'there is no such upload' })
    return upload
  }
}
