import init from '@sqlite.org/sqlite-wasm'
import type { Clock } from '../ports.ts'
import type { SearchIndex } from '../search/index-port.ts'
import { openSearcher } from '../search/open-searcher.ts'
import type { SearchHost } from '../search/searcher.ts'
import { sqliteIndex } from './search-sqlite.ts'

/** An index that ends with the program: for Node, and for browsers that keep nothing. */
export async function memoryIndex(): Promise<SearchIndex> {
  const sqlite = await init()
  return sqliteIndex({
    isKept: false,
    open: () => new sqlite.oo1.DB(':memory:'),
    remove: async () => undefined,
  })
}

/** Search for programs: in their own process, made anew with each start. */
export const memorySearch = (clock: Clock): SearchHost => ({
  open: (_, store) => openSearcher({ store, clock, openIndex: memoryIndex }),
  wipe: async () => undefined,
})
