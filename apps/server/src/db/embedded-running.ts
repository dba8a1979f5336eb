import { join } from 'node:path'
import { OperatorError } from '../operator-error.ts'
import { directoryIn, elsewhereOf, exists, readIfThere } from './embedded-place.ts'
import { clusterOf, DATABASE, urlIn } from './postmaster.ts'

/** Whether a database was ever made for this data directory. */
export async function hasDatabase(dataDir: string): Promise<boolean> {
  return (await elsewhereOf(dataDir)) !== undefined || exists(clusterOf(directoryIn(dataDir)))
}

/**
 * The way in to the PostgreSQL that another process of ours runs on `dataDir`; undefined when it is
 * not ready, or not any more. Rejects with an {@link OperatorError} for a user who may not use it.
 */
export async function urlOfRunning(dataDir: string): Promise<string | undefined> {
  const directory = (await elsewhereOf(dataDir)) ?? directoryIn(dataDir)
  try {
    // Number, folder, start, port, folder of the socket, address, memory, state: a line each.
    const lines = (await readIfThere(join(clusterOf(directory), 'postmaster.pid')))?.split('\n')
    const [socketDirectory, state] = [lines?.[4]?.trim(), lines?.[7]?.trim()]
    return state === 'ready' && socketDirectory ? urlIn(socketDirectory, DATABASE) : undefined
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EACCES')) throw cause
    throw new OperatorError(
      `the database in ${directory} is open to the user that the server runs as, and to root: be one of them`,
      { cause },
    )
  }
}
