import type { Plugin } from 'vite'

/**
 * SQLite's package can also run itself in workers of its own, in other ways than ours. Each of them is named where
 * a bundler finds it, and would come along: a third of a megabyte that no device ever runs.
 */
const NEVER_RUN = /new URL\("(sqlite3-worker1\.mjs|sqlite3-opfs-async-proxy\.js)", import\.meta\.url\)/g
const COUNT = 2

export function sqlite(): Plugin {
  return {
    name: 'parley-sqlite',
    apply: 'build',
    enforce: 'pre',
    transform(code, id) {
      if (!id.endsWith('@sqlite.org/sqlite-wasm/dist/index.mjs')) return undefined
      if (code.match(NEVER_RUN)?.length !== COUNT)
        throw new Error('SQLite starts its workers in another way now')
      return { code: code.replace(NEVER_RUN, '"$1"'), map: null }
    },
  }
}
