import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { build, type Plugin } from 'vite'

/** Not needed to start, or (the worker itself) never to be served from a cache. */
const isLeftOut = (path: string): boolean => path.endsWith('.map') || path === 'service-worker.js'

/** Builds the service worker with the list of all files of the app and a version that changes with any of them. */
export function serviceWorker(entry: string): Plugin {
  return {
    name: 'parley-service-worker',
    apply: 'build',
    enforce: 'post',
    async writeBundle({ dir = 'dist' }) {
      const found = await readdir(dir, { recursive: true, withFileTypes: true })
      const paths = found
        .filter((file) => file.isFile())
        .map((file) => relative(dir, join(file.parentPath, file.name)).split(sep).join('/'))
        .filter((path) => !isLeftOut(path))
        .toSorted()
      const digest = createHash('sha256')
      for (const path of paths) digest.update(path).update(await readFile(join(dir, path)))
      await build({
        configFile: false,
        logLevel: 'warn',
        root: join(import.meta.dirname, '..'),
        publicDir: false,
        define: {
          __SHELL_FILES__: JSON.stringify(paths.map((path) => `/${path}`)),
          __SHELL_VERSION__: JSON.stringify(digest.digest('base64url').slice(0, 12)),
        },
        build: {
          outDir: dir,
          emptyOutDir: false,
          rolldownOptions: { input: entry, output: { format: 'iife', entryFileNames: 'service-worker.js' } },
        },
      })
    },
  }
}
