import { constants } from 'node:fs'
import { access, copyFile, link, mkdir, open, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { OperatorError } from '../operator-error.ts'
import { FileMissing, type FileStore, fileTroubleCode, onDisk } from './file-store.ts'

/** Files in a folder of this machine, by the first two letters of their names: no folder holds all of them. */
export function createDiskStore(directory: string): FileStore {
  const pathOf = (name: string): string => join(directory, name.slice(0, 2), name)
  return {
    put: (name, path) =>
      onDisk(async () => {
        const target = pathOf(name)
        await mkdir(dirname(target), { recursive: true, mode: 0o700 })
        await rm(target, { force: true })
        await linkOrCopy(path, target)
        // The bytes, the name in its folder, and the folder's name in the one above.
        for (const part of [target, dirname(target), directory]) await sync(part)
      }),
    read: (name, { start, end }) =>
      onDisk(async () => {
        const file = await open(pathOf(name)).catch((cause: unknown) => {
          throw fileTroubleCode(cause) === 'ENOENT'
            ? new FileMissing(`there is no file ${name}`, { cause })
            : cause
        })
        try {
          const { size } = await file.stat()
          if (size <= end) throw new FileMissing(`the file ${name} has only ${size} bytes`)
          const stream = Readable.toWeb(file.createReadStream({ start, end }))
          return stream as ReadableStream<Uint8Array>
        } catch (error) {
          await file.close()
          throw error
        }
      }),
    remove: (name) => onDisk(() => rm(pathOf(name), { force: true })),
    check: () => requireFolder(directory),
  }
}

/** Makes the folder if it is not there; rejects with an {@link OperatorError} if nothing can be kept in it. */
export async function requireFolder(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    await access(directory, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (cause) {
    throw new OperatorError(
      `the folder ${directory} cannot be used for attachments (${fileTroubleCode(cause)}): change DATA_DIR or its owner`,
      { cause },
    )
  }
}

/** A second name costs nothing; but some file systems have none, and none has them across its border. */
async function linkOrCopy(path: string, target: string): Promise<void> {
  try {
    await link(path, target)
  } catch {
    // Whatever is really wrong stands in the way of the copy too, and is said there.
    await copyFile(path, target, constants.COPYFILE_FICLONE)
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
