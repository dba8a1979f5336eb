import type { ReadableStream } from 'node:stream/web'
import { Unavailable } from '../commands/outcome.ts'

/** Bytes from `start` up to and including `end`. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/**
 * Where finished files are kept. Names are made by this server, of letters, digits, "-" and ".": no
 * client ever has a word in them. What goes wrong rejects with {@link Unavailable}, which may be
 * better later, or with {@link FileMissing}, which will not.
 */
export interface FileStore {
  /**
   * Keeps what is in a file of this machine; the same name again replaces what it named. When it
   * resolves, a power cut takes nothing back.
   */
  put(name: string, path: string, sha256: Buffer): Promise<void>
  /** Reads no faster than it is read from, and lets go of everything when it is cancelled. */
  read(name: string, range: ByteRange): Promise<ReadableStream<Uint8Array>>
  /** Of what is not there, nothing. */
  remove(name: string): Promise<void>
  /** Rejects with an `OperatorError` where this store, as it is set up, can never keep anything. */
  check(): Promise<void>
}

/** A row names a file that is not where it should be, or not whole: somebody else has been at the store. */
export class FileMissing extends Error {
  override name = 'FileMissing'
}

/** A full, read-only or broken disk, as `node:fs` says it; undefined for what is not about files. */
export function fileTroubleCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return undefined
  return String(error.code)
}

/** Does something with files; their trouble becomes {@link Unavailable}, so that nobody takes it for a refusal. */
export async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    const code = fileTroubleCode(cause)
    if (code === undefined) throw cause
    throw new Unavailable(`files cannot be kept or read on this machine: ${code}`, { cause })
  }
}
