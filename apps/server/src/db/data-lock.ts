import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { OperatorError } from '../operator-error.ts'

/** Another process has the data directory. */
export class DataDirectoryInUse extends OperatorError {
  override name = 'DataDirectoryInUse'
}

export interface DataLock {
  release(): void
}

/**
 * Makes this process the only one on a data directory, until it releases the lock or is gone,
 * however it goes. Node has no file locks of its own; SQLite's exclusive transaction is one, which
 * the kernel gives back also after SIGKILL, which no child process inherits, and which is seen
 * from other containers with the same volume. Throws {@link DataDirectoryInUse}.
 */
export function lockDataDirectory(directory: string): DataLock {
  const path = join(directory, 'lock')
  const holderPath = join(directory, 'lock.pid')
  const lock = new DatabaseSync(path)
  try {
    lock.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
  } catch (cause) {
    lock.close()
    if (!isBusy(cause)) throw new Error(`cannot lock the data directory ${directory}`, { cause })
    const holder = readHolder(holderPath)
    throw new DataDirectoryInUse(
      `Another Parley server${holder} is running on the data in ${directory}. ` +
        'Stop it first, or give this one another DATA_DIR and PORT.',
      { cause },
    )
  }
  // Only for the message above: what decides is the lock.
  writeFileSync(holderPath, `${process.pid}\n`)
  // Whatever becomes of the answer: a lock that the garbage collector finds is a lock that is lost.
  const close = (): void => lock.close()
  process.on('exit', close)
  return {
    release: () => {
      process.off('exit', close)
      lock.close()
    },
  }
}

const SQLITE_BUSY = 5

const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY

function readHolder(path: string): string {
  try {
    return ` (process ${readFileSync(path, 'utf8').trim()})`
  } catch {
    // Locked, and its holder has not got to writing its number: the message does without.
    return ''
  }
}
