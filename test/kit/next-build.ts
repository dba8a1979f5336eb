import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serviceWorker } from '../../apps/web/build/service-worker-plugin.ts'

const DIST = fileURLToPath(new URL('../../apps/web/dist', import.meta.url))

/** The files in which the next version of the app differs from the one that was built: their paths and contents. */
export type NextBuild = ReadonlyMap<string, string>

/** A file that only this version has. */
export const fileOf = (name: string): string => `/assets/of-${name}.js`

/** The app as it is, except that its page says its name and that there is a file more; with the worker that belongs to it. */
export async function nextBuild(name: string): Promise<NextBuild> {
  const dir = await mkdtemp(join(tmpdir(), 'parley-next-build-'))
  try {
    const isOwn = (path: string): boolean =>
      !/\.(br|gz|map)$|\/service-worker\.js$|\/outbox-worker-[^/]*$/.test(path)
    await cp(DIST, dir, { recursive: true, filter: isOwn })
    const page = await readFile(join(dir, 'index.html'), 'utf8')
    await writeFile(
      join(dir, 'index.html'),
      page.replace('<head>', `<head><meta name="build" content="${name}">`),
    )
    await writeFile(join(dir, fileOf(name)), `// ${'as long as a part of an app is. '.repeat(100)}`)
    const { writeBundle } = serviceWorker('src/service-worker.ts', 'src/outbox-worker.ts')
    if (typeof writeBundle !== 'function') throw new Error('the plugin writes after the bundle')
    await (writeBundle as (this: void, options: { dir: string }) => Promise<void>)({ dir })
    const assets = await readdir(join(dir, 'assets'))
    const worker = assets.filter((file) => file.startsWith('outbox-worker-')).map((file) => `/assets/${file}`)
    const paths = ['/index.html', '/service-worker.js', fileOf(name), ...worker]
    return new Map(
      await Promise.all(
        paths.map(async (path): Promise<[string, string]> => [path, await readFile(join(dir, path), 'utf8')]),
      ),
    )
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}
