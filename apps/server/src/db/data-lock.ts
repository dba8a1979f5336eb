import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { OperatorError } from '../operator-error.ts'

/** A server keeps the directory for as long as it runs, a command until it has ended. */
export type Holder = 'server' | 'command'

/** Another process has the data directory. */
export class DataDirectoryInUse extends OperatorError {
  override name = 'DataDirectoryInUse'
  readonly by: Holder
  constructor(directory: string, { by, pid }: Held, options?: ErrorOptions) {
    const process = pid === undefined ? '' : ` (process ${pid})`
    super(
      by === 'server'
        ? `Another Parley server${process} is running on the data in ${directory}. ` +
            'Stop it first, or give this one another DATA_DIR and PORT.'
        : `A command of administration${process} is working on the data in ${directory}. ` +
            'Try again when it has ended.',
      options,
    )
    this.by = by
  }
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
export function lockDataDirectory(directory: string, holder: Holder = 'server'): DataLock {
  const path = join(directory, 'lock')
  const holderPath = join(directory, 'lock.pid')
  const lock = new DatabaseSync(path)
  try {
    lock.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
  } catch (cause) {
    lock.close()
    if (!isBusy(cause)) throw new Error(`cannot lock the data directory ${directory}`, { cause })
    throw new DataDirectoryInUse(directory, readHolder(holderPath), { cause })
  }
  // Only says who it is: what decides is the lock.
  writeFileSync(holderPath, `${process.pid} ${holder}\n`)
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

interface Held {
  readonly by: Holder
  readonly pid: string | undefined
}

function readHolder(path: string): Held {
  try {
    const [pid, by] = readFileSync(path, 'utf8').trim().split(' ')
    return { pid, by: by === 'command' ? by : 'server' }
  } catch {
    // Locked, and its holder has not got to writing its number: the message does without.
    return { pid: undefined, by: 'server' }
  }
}
