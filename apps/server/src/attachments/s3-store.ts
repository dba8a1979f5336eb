import { createHash } from 'node:crypto'
import { constants, openAsBlob } from 'node:fs'
import { access } from 'node:fs/promises'
import type { ReadableStream } from 'node:stream/web'
import { setTimeout as delay } from 'node:timers/promises'
import { AwsClient } from 'aws4fetch'
import { Unavailable } from '../commands/outcome.ts'
import { OperatorError } from '../operator-error.ts'
import { FileMissing, type FileStore, onDisk } from './file-store.ts'

export interface S3Settings {
  /** Without a slash at the end; the bucket is the first part of the path below it. */
  readonly endpoint: string
  readonly bucket: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** What S3 takes in one request. */
export const MAX_OBJECT_BYTES = 5 * 2 ** 30

const PREFIX = 'attachments'
const ATTEMPTS = 3
const FIRST_PAUSE_MS = 200
/** How long until a store has begun to answer; a file on its way there gets more, by its size. */
const ANSWER_MS = 30_000
const ANSWER_MS_A_MEBIBYTE = 10_000

interface Ask {
  readonly method: 'GET' | 'PUT' | 'DELETE'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Blob
}

/** Files in a bucket of an S3-compatible store, which nobody but this server reads. */
export function createS3Store({ endpoint, bucket, ...credentials }: S3Settings): FileStore {
  const client = new AwsClient({ ...credentials, service: 's3', retries: 0 })

  async function ask(name: string, { method, headers = {}, body }: Ask): Promise<Response> {
    const late = new AbortController()
    const patience = ANSWER_MS + ((body?.size ?? 0) / 2 ** 20) * ANSWER_MS_A_MEBIBYTE
    const timer = setTimeout(() => late.abort(new Error('the store does not answer')), patience)
    try {
      return await client.fetch(`${endpoint}/${bucket}/${PREFIX}/${name}`, {
        method,
        headers,
        signal: late.signal,
        ...(body !== undefined && { body }),
      })
    } catch (cause) {
      throw new Unavailable('the store for attachments cannot be reached', { cause })
    } finally {
      clearTimeout(timer)
    }
  }

  /** Asks again what was not answered or not served; answers what was, or a refusal. */
  async function askPatiently(name: string, asked: Ask): Promise<Response> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const response = await ask(name, asked)
        if (response.status < 500 && response.status !== 429) return response
        throw await refused(response)
      } catch (error) {
        if (attempt === ATTEMPTS) throw error
        await delay(FIRST_PAUSE_MS * 2 ** (attempt - 1))
      }
    }
  }

  async function put(name: string, body: Blob, sha256: Buffer): Promise<void> {
    const response = await askPatiently(name, {
      method: 'PUT',
      body,
      // Signed with the rest: what arrives damaged is not kept.
      headers: { 'X-Amz-Content-Sha256': sha256.toString('hex'), 'Content-Type': 'application/octet-stream' },
    })
    if (!response.ok) throw await refused(response)
    await response.arrayBuffer()
  }

  async function remove(name: string): Promise<void> {
    const response = await askPatiently(name, { method: 'DELETE' })
    if (!response.ok && response.status !== 404) throw await refused(response)
    await response.arrayBuffer()
  }

  return {
    async put(name, path, sha256) {
      // A blob is read as it is sent; of a file that cannot be read it only says that.
      await onDisk(() => access(path, constants.R_OK))
      await put(name, await openAsBlob(path), sha256)
    },
    remove,
    async read(name, { start, end }) {
      const response = await askPatiently(name, {
        method: 'GET',
        headers: { Range: `bytes=${start}-${end}` },
      })
      if (response.status === 404) {
        await response.arrayBuffer()
        throw new FileMissing(`there is no object ${name}`)
      }
      if (!response.ok || response.body === null) throw await refused(response)
      if (Number(response.headers.get('Content-Length')) !== end - start + 1) {
        await response.body.cancel()
        throw new FileMissing(`the object ${name} has not the bytes ${start} to ${end}`)
      }
      return response.body as ReadableStream<Uint8Array>
    },
    async check() {
      const name = 'check'
      const content = 'Parley can keep attachments here.'
      try {
        await put(name, new Blob([content]), createHash('sha256').update(content).digest())
        await remove(name)
      } catch (cause) {
        if (!(cause instanceof StoreRefusal)) throw cause
        throw new OperatorError(
          `the S3 store takes no attachments (${cause.status} ${cause.reason}): check S3_ENDPOINT, S3_BUCKET, ` +
            'S3_REGION, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY',
          { cause },
        )
      }
    },
  }
}

/** The store says no: to this server, so to a person it is trouble like any other. */
class StoreRefusal extends Unavailable {
  override name = 'StoreRefusal'
  readonly status: number
  readonly reason: string
  constructor(status: number, reason: string) {
    super(`the store for attachments answered ${status} ${reason}`)
    this.status = status
    this.reason = reason
  }
}

async function refused(response: Response): Promise<Unavailable> {
  const { status } = response
  const reason = /<Code>([\w.]{1,100})<\/Code>/.exec(await response.text())?.[1] ?? response.statusText
  return status < 500 && status !== 429
    ? new StoreRefusal(status, reason)
    : new Unavailable(`the store for attachments answered ${status} ${reason}`)
}
