import { createHash, randomUUID } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Millis } from '@parley/protocol'
import { type FileStore, onDisk } from '../attachments/file-store.ts'
import { Refused } from '../attachments/refused.ts'
import type { Staging } from '../attachments/staging.ts'
import { AVATAR_PATH, avatarByHash, keepAvatar, renewAvatar, reserveFile } from '../queries/avatars.ts'
import type { Db } from '../queries/db.ts'
import { squareOf } from './square.ts'

export interface AvatarsOptions {
  readonly db: Db
  readonly files: FileStore
  readonly staging: Staging
  readonly now: () => Millis
}

export interface Avatars {
  /**
   * Makes a square of an image and keeps it: answers its address, which is what a profile or a conversation then
   * holds. Rejects with {@link Refused} what is no image that can be shown.
   */
  add(image: Uint8Array): Promise<string>
  /** Undefined where there is none. */
  read(hash: string): Promise<{ readonly bytes: number; body(): ReturnType<FileStore['read']> } | undefined>
}

/** How long what was begun may take: a crash in between leaves a file that nobody has a name for. */
const BEGUN_MS = 60 * 60 * 1000

export function createAvatars({ db, files, staging, now }: AvatarsOptions): Avatars {
  async function keep(webp: Buffer, digest: Buffer): Promise<void> {
    const key = randomUUID()
    const path = staging.pathOf(key)
    await reserveFile(db, key, now() + BEGUN_MS)
    try {
      await onDisk(async () => {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 })
        await writeFile(path, webp, { mode: 0o600 })
      })
      await files.put(key, path, digest)
      await keepAvatar(db, { hash: digest.toString('hex'), key, bytes: webp.length }, now())
    } finally {
      await staging.remove(key)
    }
  }

  return {
    async add(image) {
      const webp = await squareOf(image)
      if (webp === undefined)
        throw new Refused({ code: 'invalid', message: 'this is no picture that can be shown' })
      const digest = createHash('sha256').update(webp).digest()
      const hash = digest.toString('hex')
      if (!(await renewAvatar(db, hash, now()))) await keep(webp, digest)
      return AVATAR_PATH + hash
    },
    async read(hash) {
      const found = await avatarByHash(db, hash)
      if (found === undefined) return undefined
      const { key, bytes } = found
      return { bytes, body: () => files.read(key, { start: 0, end: bytes - 1 }) }
    },
  }
}
