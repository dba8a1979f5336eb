import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Millis } from '@parley/protocol'
import { whyTheyMayNot } from '../commands/may.ts'
import { Unavailable } from '../commands/outcome.ts'
import type { Database } from '../db/database.ts'
import { discardFile, type Findings, keepAttachment } from '../queries/attachments.ts'
import type { Upload } from '../queries/uploads.ts'
import { type FileStore, onDisk } from './file-store.ts'
import { mediaTypeOf, UNKNOWN_TYPE } from './media-type.ts'
import { canHavePreview, writePreview } from './preview.ts'
import { Refused } from './refused.ts'
import type { Staging } from './staging.ts'

export interface FinishOptions {
  readonly db: Database
  readonly staging: Staging
  readonly files: FileStore
  readonly now: () => Millis
}

/** The file beside an image, in the store and before. */
export const previewName = (key: string): string => `${key}.preview`

/**
 * Makes an attachment of an upload of which everything has arrived. Whatever interrupts it, a crash
 * too, it can be done again from the start until the row is written; only then what was staged goes.
 */
export function createFinish(options: FinishOptions): (upload: Upload) => Promise<void> {
  const underWay = new Map<string, Promise<void>>()
  return (upload) => {
    const { key } = upload
    const started = underWay.get(key) ?? finish(options, upload).finally(() => underWay.delete(key))
    underWay.set(key, started)
    return started
  }
}

async function finish({ db, staging, files, now }: FinishOptions, upload: Upload): Promise<void> {
  const { key, uploader, conversation } = upload
  // They may have left while it was on its way.
  const refusal = await whyTheyMayNot(db.pool, uploader, conversation, { do: 'attach' })
  if (refusal !== undefined) throw new Refused(refusal)

  // Of a file of nothing, nothing ever arrives.
  if (upload.bytes === 0) await staging.append(key, 0, Readable.from([]))
  const path = staging.pathOf(key)
  const { bytes, sha256 } = await digestOf(path)
  if (bytes !== upload.bytes) throw new Unavailable(`of upload ${upload.id} there are ${bytes} bytes`)
  const previewPath = staging.pathOf(previewName(key))
  const { preview, ...findings } = await examine(path, previewPath, upload.claimed_type ?? undefined)
  await files.put(key, path, sha256)
  if (preview !== undefined) await files.put(previewName(key), previewPath, preview)

  if (!(await keepAttachment(db.kysely, upload, bytes, { ...findings, sha256 }, now()))) {
    await discardFile(db.kysely, key, now())
    throw new Refused({ code: 'not_found', message: 'this upload was given up' })
  }
  for (const name of [key, previewName(key)]) await staging.remove(name)
}

type Examined = Omit<Findings, 'sha256'> & {
  /** The preview's own digest; undefined where there is none. */
  readonly preview: Buffer | undefined
}

async function examine(path: string, previewPath: string, claimed: string | undefined): Promise<Examined> {
  const mediaType = await mediaTypeOf(path, claimed)
  const none = { width: null, height: null, preview_bytes: null, preview: undefined }
  if (!canHavePreview(mediaType)) return { media_type: mediaType, ...none }
  const dimensions = await writePreview(path, previewPath)
  // What only looks like an image is not shown to anybody's browser as one.
  if (dimensions === undefined) return { media_type: UNKNOWN_TYPE, ...none }
  const { bytes, sha256 } = await digestOf(previewPath)
  return { media_type: mediaType, ...dimensions, preview_bytes: bytes, preview: sha256 }
}

function digestOf(path: string): Promise<{ bytes: number; sha256: Buffer }> {
  return onDisk(async () => {
    const source = createReadStream(path)
    const hash = createHash('sha256')
    await pipeline(source, hash)
    return { bytes: source.bytesRead, sha256: hash.digest() }
  })
}
