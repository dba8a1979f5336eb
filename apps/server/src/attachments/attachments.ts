import { join } from 'node:path'
import type { AttachmentId, ConversationId, Millis, Refusal, UserId } from '@parley/protocol'
import { type Avatars, createAvatars } from '../avatars/avatars.ts'
import { whyTheyMayNot } from '../commands/may.ts'
import type { Database } from '../db/database.ts'
import { limitVariable } from '../limits/rate-limited.ts'
import type { Logger } from '../logger.ts'
import { dropUnsent, ownAttachment, type StoredAttachment } from '../queries/attachments.ts'
import {
  type AttachmentLimits,
  prolongUpload,
  reserveUpload,
  type Upload,
  uploadOf,
} from '../queries/uploads.ts'
import { safeFileName } from './file-name.ts'
import type { FileStore } from './file-store.ts'
import { createFinish } from './finish.ts'
import { Refused } from './refused.ts'
import { createStaging } from './staging.ts'
import { sweep } from './sweep.ts'
import { createTus, type TusRequest } from './tus.ts'

export interface AttachmentsOptions {
  readonly db: Database
  readonly files: FileStore
  /** What is under way is kept in a folder of it. */
  readonly dataDir: string
  readonly limits: AttachmentLimits
  readonly now: () => Millis
  readonly logger: Logger
}

/** What somebody wants to upload. */
export interface Claim {
  readonly id: AttachmentId
  readonly conversation: ConversationId
  readonly filename: string | undefined
  /** What the client takes it for: a hint. */
  readonly filetype: string | undefined
  /** Undefined while it is not known. */
  readonly bytes: number | undefined
}

/** Where an upload stands. */
export type Standing =
  | { readonly is: 'arriving'; readonly upload: Upload; readonly offset: number }
  | { readonly is: 'finished'; readonly attachment: StoredAttachment; readonly isSent: boolean }

export interface Attachments {
  readonly files: FileStore
  /** Of people and conversations, in the same store. */
  readonly avatars: Avatars
  /**
   * Keeps a place for a file, or finds the one it has: answers whether it is new. Rejects with
   * {@link Refused} who may not attach anything there, what is too large, and who has too much
   * waiting, before a byte is taken.
   */
  begin(user: UserId, claim: Claim): Promise<{ readonly isNew: boolean; readonly standing: Standing }>
  /** The user's own upload; undefined for another's, or none. */
  find(user: UserId, id: AttachmentId): Promise<Standing | undefined>
  /** The same, and made an attachment if everything has arrived. */
  standing(user: UserId, id: AttachmentId): Promise<Standing | undefined>
  /** Takes in, or answers, what is said in tus about an upload that is arriving; checked again, because time has passed. */
  tus(request: TusRequest): Promise<Response>
  /** Gives up what is finished and not sent. Rejects with {@link Refused} once a message names it. */
  discard(user: UserId, id: AttachmentId): Promise<void>
  /** Removes what nobody will ask for. */
  sweep(): Promise<void>
  /** Waits for a sweep that is under way. */
  close(): Promise<void>
}

const STAGING = 'uploads'

export function createAttachments(options: AttachmentsOptions): Attachments {
  const { db, files, limits, now, logger } = options
  const staging = createStaging(join(options.dataDir, STAGING))
  const finish = createFinish({ db, staging, files, now })
  const tus = createTus({ db: db.kysely, staging, finish, maxBytes: limits.attachmentBytes })
  let sweeping: Promise<void> = Promise.resolve()

  async function requireRight(user: UserId, conversation: ConversationId): Promise<void> {
    const refusal = await whyTheyMayNot(db.pool, user, conversation, { do: 'attach' })
    if (refusal !== undefined) throw new Refused(refusal)
  }

  async function find(user: UserId, id: AttachmentId): Promise<Standing | undefined> {
    const upload = await uploadOf(db.kysely, user, id, now())
    if (upload !== undefined) return { is: 'arriving', upload, offset: await staging.sizeOf(upload.key) }
    const attachment = await ownAttachment(db.kysely, user, id)
    return attachment && { is: 'finished', attachment, isSent: attachment.sent_at !== null }
  }

  async function standing(user: UserId, id: AttachmentId): Promise<Standing | undefined> {
    const found = await find(user, id)
    if (found?.is !== 'arriving' || found.offset !== found.upload.bytes) return found
    // All of it is there, and yet it is none: something came in between, and it is done again.
    await finish(found.upload)
    return find(user, id)
  }

  return {
    files,
    avatars: createAvatars({ db: db.kysely, files, staging, now }),
    find,
    standing,

    async begin(user, { filename, filetype, ...claim }) {
      const known = await standing(user, claim.id)
      if (known?.is === 'finished') {
        const { conversation, bytes } = known.attachment
        if (conversation === claim.conversation && bytes === (claim.bytes ?? bytes))
          return { isNew: false, standing: known }
        throw new Refused(TAKEN)
      }
      await requireRight(user, claim.conversation)
      if (claim.bytes !== undefined && claim.bytes > limits.attachmentBytes)
        throw new Refused(tooLarge(limits))
      const wanted = { ...claim, uploader: user, name: safeFileName(filename), claimedType: filetype }
      const reserved = await reserveUpload(db.kysely, wanted, limits, now())
      switch (reserved.is) {
        case 'reserved':
        case 'there': {
          const { upload } = reserved
          const offset = reserved.is === 'there' ? await staging.sizeOf(upload.key) : 0
          return { isNew: reserved.is === 'reserved', standing: { is: 'arriving', upload, offset } }
        }
        case 'taken':
          throw new Refused(TAKEN)
        case 'full':
          throw new Refused(tooMuchWaits(reserved.limit, limits))
        case 'nobody':
          throw new Refused({ code: 'forbidden', message: 'this account has ended' })
      }
    },

    async tus(request) {
      const { upload, method } = request
      if (upload !== undefined && method === 'PATCH') {
        await requireRight(upload.uploader, upload.conversation)
        if (!(await prolongUpload(db.kysely, upload.id, now()))) throw new Refused(GONE)
      }
      return tus(request)
    },

    async discard(user, id) {
      if (await dropUnsent(db.kysely, user, id)) return
      throw new Refused({ code: 'conflict', message: 'a message names this attachment' })
    },

    async sweep() {
      const started = sweeping.then(() => sweep({ db: db.kysely, staging, files, now }))
      // What goes wrong is tried again the next time.
      sweeping = started.catch((err: unknown) => logger.warn({ err }, 'attachments could not be tidied up'))
      await sweeping
    },
    close: () => sweeping,
  }
}

const TAKEN: Refusal = { code: 'conflict', message: 'Something else already has this id.' }
const GONE: Refusal = { code: 'not_found', message: 'there is no such upload' }

const tooLarge = ({ attachmentBytes }: AttachmentLimits): Refusal => ({
  code: 'too_large',
  message: `An attachment has at most ${attachmentBytes} bytes (${limitVariable('attachmentBytes')}).`,
})

const tooMuchWaits = (limit: 'pendingUploads' | 'pendingUploadBytes', limits: AttachmentLimits): Refusal => ({
  code: 'too_large',
  message:
    limit === 'pendingUploads'
      ? `At most ${limits.pendingUploads} uploads may wait for a message that names them (${limitVariable(limit)}).`
      : `Uploads that wait for a message that names them have at most ${limits.pendingUploadBytes} bytes together (${limitVariable(limit)}).`,
})
