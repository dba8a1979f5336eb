import {
  CODES,
  type Code,
  type ConversationId,
  type Millis,
  type RefusalCode,
  refusalCode,
} from '@parley/protocol'
import type { Answer, Api } from '../connection/api.ts'
import type { Clock } from '../ports.ts'
import type { FileBytes, OwnFile } from './held-message.ts'
import { FIRST_PIECE, nextPiece } from './pieces.ts'

/** How an attempt to upload a file has ended. */
export type Uploaded =
  | { readonly is: 'whole' }
  /** Nobody wants it any more, or not by this tab. */
  | { readonly is: 'stopped' }
  | { readonly is: 'refused'; readonly code: RefusalCode; readonly message: string }
  /** Trouble: the same may be tried again, from where it stands. */
  | { readonly is: 'later'; readonly retryAfter: Millis | undefined }

export interface UploadOptions {
  readonly api: Pick<Api, 'beginUpload' | 'upload' | 'appendUpload'>
  readonly clock: Clock
  readonly conversation: ConversationId
  readonly file: OwnFile
  readonly bytes: FileBytes
  /** Asked before each piece. */
  readonly isWanted: () => boolean
  /** So many bytes are on the server. */
  readonly onProgress: (sent: number) => void
}

/** More surprises than this in one attempt, and something is wrong that waiting may mend. */
const SURPRISES = 5

/**
 * Brings a file to the server, from wherever an earlier attempt, of this tab or another, has left it. What the
 * server has lost of it is sent again.
 */
export async function uploadFile(options: UploadOptions): Promise<Uploaded> {
  const { api, clock, conversation, file, bytes, isWanted, onProgress } = options
  const { id, size } = file
  let piece = FIRST_PIECE
  for (let surprises = 0; surprises < SURPRISES; surprises += 1) {
    if (!isWanted()) return { is: 'stopped' }
    // Also finds an upload that is there already; who may no longer attach anything here hears of it now.
    const begun = await api.beginUpload({ ...file, conversation })
    if (!begun.ok) return failed(begun)
    const standing = await api.upload(id)
    if (!standing.ok && standing.code === 'not_found') continue
    if (!standing.ok) return failed(standing)
    const { attachment } = standing.value
    let { offset } = standing.value
    onProgress(offset)
    if (attachment !== undefined) return { is: 'whole' }
    while (offset < size) {
      if (!isWanted()) return { is: 'stopped' }
      const part = bytes.slice(offset, Math.min(size, offset + piece))
      const since = clock.now()
      const answer = await api.appendUpload(id, offset, part)
      piece = nextPiece(piece, answer.ok ? clock.now() - since : undefined)
      // An earlier request has brought more, or the server has lost it: it says itself how much is there.
      if (!answer.ok && (answer.code === 'conflict' || answer.code === 'not_found')) break
      if (!answer.ok) return failed(answer)
      offset += part.size
      onProgress(offset)
      if (offset === size) return { is: 'whole' }
    }
  }
  return { is: 'later', retryAfter: undefined }
}

/** Which answers are final; who is not signed in any more may sign in again (C4). */
function failed({ code, message, retryAfter }: Answer<unknown> & { ok: false }): Uploaded {
  return isRefusal(code) ? { is: 'refused', code, message } : { is: 'later', retryAfter }
}

const isRefusal = (code: Code): code is RefusalCode =>
  !CODES[code].retryHelps && refusalCode.safeParse(code).success
