import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { build, type Plugin } from 'vite'
import { FIRST_FONT } from './first-font-plugin.ts'

/** Not needed to start, or (the worker's own) never to be served from the app's cache. */
const isLeftOut = (path: string): boolean =>
  path.endsWith('.map') || path === 'service-worker.js' || path.startsWith('assets/outbox-worker-')

/** Only who reads or writes in these letters needs them: they are kept from their first use on. */
const isForLater = (path: string): boolean => path.endsWith('.woff2') && !path.includes(FIRST_FONT)

/**
 * Builds the service worker with the list of all files of the app and a version that changes with any of them, and
 * `outbox`, the part of it that is loaded only when there is something to send.
 */
export function serviceWorker(entry: string, outbox: string): Plugin {
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
      const addresses = (wanted: readonly string[]): string =>
        JSON.stringify(wanted.map((path) => `/${path}`))
      const digest = createHash('sha256')
      for (const path of paths) digest.update(path).update(await readFile(join(dir, path)))
      const script = async (
        input: string,
        entryFileNames: string,
        define: Record<string, string> = {},
      ): Promise<string> => {
        const made = await build({
          configFile: false,
          logLevel: 'warn',
          root: join(import.meta.dirname, '..'),
          publicDir: false,
          define,
          build: {
            outDir: dir,
            emptyOutDir: false,
            rolldownOptions: { input, output: { format: 'iife', entryFileNames } },
          },
        })
        if (!('output' in made)) throw new Error(`${input} was not built at once`)
        return made.output[0].fileName
      }
      const loaded = await script(outbox, 'assets/outbox-worker-[hash].js')
      await script(entry, 'service-worker.js', {
        __SHELL_FILES__: addresses(paths.filter((path) => !isForLater(path))),
        __LATER_FILES__: addresses(paths.filter(isForLater)),
        __SHELL_VERSION__: JSON.stringify(digest.digest('base64url').slice(0, 12)),
        __OUTBOX_WORKER__: JSON.stringify(`/${loaded}`),
      })
    },
  }
}
