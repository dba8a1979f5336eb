import { constants } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { fileTroubleCode, onDisk } from './file-store.ts'

/**
 * The folder of files that are still on their way in. They are here, and not in the store, so that
 * every byte that arrived counts, however often the connection breaks, and whether or not the store
 * can be reached; and because what is measured and hashed at the end has to be a file anyway.
 */
export interface Staging {
  pathOf(key: string): string
  /** How many bytes are there, and safe: 0 where nothing is. */
  sizeOf(key: string): Promise<number>
  /**
   * Adds to a file that has `offset` bytes; answers how many it has afterwards. When it rejects,
   * the bytes that came before the trouble may be there: ask {@link Staging.sizeOf}.
   */
  append(key: string, offset: number, source: Readable): Promise<number>
  remove(key: string): Promise<void>
  /** Of everything that is there. */
  names(): Promise<string[]>
}

export function createStaging(directory: string): Staging {
  const pathOf = (key: string): string => join(directory, key)
  return {
    pathOf,
    sizeOf: (key) =>
      onDisk(async () => {
        const file = await openIfThere(pathOf(key))
        if (file === undefined) return 0
        try {
          // A client that is told an offset never sends again what lies before it.
          await file.datasync()
          return (await file.stat()).size
        } finally {
          await file.close()
        }
      }),
    append: (key, offset, source) =>
      onDisk(async () => {
        await mkdir(directory, { recursive: true, mode: 0o700 })
        const file = await open(pathOf(key), constants.O_WRONLY | constants.O_CREAT, 0o600)
        try {
          let end = offset
          for await (const chunk of source as AsyncIterable<Buffer>) end = await writeAll(file, chunk, end)
          await file.datasync()
          return end
        } finally {
          await file.close()
        }
      }),
    remove: (key) => onDisk(() => rm(pathOf(key), { force: true })),
    names: () =>
      onDisk(() =>
        readdir(directory).catch((error: unknown) => {
          if (fileTroubleCode(error) === 'ENOENT') return []
          throw error
        }),
      ),
  }
}

/** Answers where it ends; a write may take only a part of what it is given. */
async function writeAll(file: FileHandle, chunk: Buffer, position: number): Promise<number> {
  for (let written = 0; written < chunk.length;) {
    const { bytesWritten } = await file.write(chunk, written, chunk.length - written, position + written)
    written += bytesWritten
  }
  return position + chunk.length
}

async function openIfThere(path: string) {
  try {
    return await open(path)
  } catch (error) {
    if (fileTroubleCode(error) === 'ENOENT') return undefined
    throw error
  }
}
