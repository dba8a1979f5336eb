import init, { type Sqlite3Static } from '@sqlite.org/sqlite-wasm'
import type { UserId } from '@parley/protocol'
import type { Clock } from '../ports.ts'
import { IndexError, type SearchIndex } from '../search/index-port.ts'
import { folderOf, isBusy, pause, TRY_EVERY, TRY_FOR } from './search-folder.ts'
import { memoryIndex } from './search-memory.ts'
import { sqliteIndex } from './search-sqlite.ts'

const FILE = '/index.sqlite'

/**
 * The index as a browser keeps it, in its private file system; where that cannot be had, as in some private
 * windows, one in memory. Only in a worker: what it needs of files is for workers alone. Rejects with an
 * {@link IndexError} while SQLite itself cannot be loaded.
 */
export async function keptIndex(user: UserId, clock: Clock): Promise<SearchIndex> {
  const sqlite = await load()
  for (const deadline = clock.now() + TRY_FOR; ; await pause(clock, TRY_EVERY)) {
    try {
      return await openFolder(sqlite, user)
    } catch (error) {
      if (!isBusy(error) || clock.now() > deadline) return await memoryIndex()
    }
  }
}

/** On a first visit that loses the network at once it is on no disk yet. */
async function load(): Promise<Sqlite3Static> {
  try {
    return await init()
  } catch (error) {
    throw new IndexError('failed', 'the search engine could not be loaded', { cause: error })
  }
}

async function openFolder(sqlite: Sqlite3Static, user: UserId): Promise<SearchIndex> {
  const folder = folderOf(user)
  const options = {
    name: folder,
    directory: `/${folder}`,
    // The database, its journal, and what SQLite sorts in.
    initialCapacity: 4,
    // Left to itself it would delete the index that it could not open.
    preserveOnInitFailure: true,
    // It remembers that it could not; its types do not know of this.
    forceReinitIfPreviouslyFailed: true,
  }
  const pool = await sqlite.installOpfsSAHPoolVfs(options)
  const made = {
    isKept: true,
    open: () => new pool.OpfsSAHPoolDb(FILE),
    remove: () => pool.wipeFiles(),
  }
  try {
    return sqliteIndex(made)
  } catch (error) {
    if (!(error instanceof IndexError) || error.fault !== 'corrupt') throw error
    await pool.wipeFiles()
    return sqliteIndex(made)
  }
}
