import { attachmentId } from '@parley/protocol'
import { z } from 'zod'

/** How far a file has come on its way to the server. What is not known to be under way waits. */
export const uploadProgress = z.object({
  id: attachmentId,
  /** Bytes that the server has. */
  sent: z.int().nonnegative(),
  /** `waiting`: after trouble, for the next try. */
  state: z.enum(['uploading', 'waiting', 'uploaded']),
})
export type UploadProgress = z.infer<typeof uploadProgress>
