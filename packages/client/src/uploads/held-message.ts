import { attachmentId, command, millis, refusalCode } from '@parley/protocol'
import { z } from 'zod'

/** The content of a file, wherever it is kept; a browser's `Blob` is one. Reading it does not change it. */
export interface FileBytes {
  readonly size: number
  /** The part from `start` up to, and not with, `end`. */
  slice(start: number, end: number): FileBytes
  arrayBuffer(): Promise<ArrayBuffer>
}

/** A file as its author gives it. */
export interface FileToSend {
  readonly name: string
  /** What it is taken for; the server looks for itself. */
  readonly mediaType: string
  readonly bytes: FileBytes
  /** Of an image: to keep its place free while it is not there. */
  readonly width?: number | undefined
  readonly height?: number | undefined
}

/** A file of an own message that the server has not acknowledged yet. */
export const ownFile = z.object({
  /** Of the attachment that it becomes. */
  id: attachmentId,
  name: z.string(),
  mediaType: z.string(),
  size: z.int().nonnegative(),
  width: z.int().positive().optional(),
  height: z.int().positive().optional(),
})
export type OwnFile = z.infer<typeof ownFile>

/**
 * A command that is kept on this device until it can go into the outbox: because of its files, or because one
 * with files waits before it in the same conversation.
 */
export const heldMessage = z.object({
  command,
  /** Their bytes are kept beside it. */
  files: z.array(ownFile).readonly(),
  state: z.discriminatedUnion('is', [
    z.object({ is: z.literal('waiting') }),
    /** The outbox has it. Its files stay until it is answered, to be shown, and sent again if it is refused. */
    z.object({ is: z.literal('handed-on') }),
    /** The server does not take its files. */
    z.object({
      is: z.literal('refused'),
      code: refusalCode,
      message: z.string(),
      at: millis,
    }),
  ]),
})
export type HeldMessage = z.infer<typeof heldMessage>
