import init from '@sqlite.org/sqlite-wasm'
import type { SearchIndex } from '../search/index-port.ts'
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
