import { readFile, stat } from 'node:fs/promises'

const DIST = new URL('../../apps/web/dist/', import.meta.url)

/** The scripts that the built app's page names, compressed as the server sends them to a browser that takes gzip. */
export async function firstScreenScripts(): Promise<{ readonly files: number; readonly gzipBytes: number }> {
  const html = await readFile(new URL('index.html', DIST), 'utf8')
  const named = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, path = '']) => path)
  const sizes = await Promise.all(named.map(async (path) => (await stat(new URL(`${path}.gz`, DIST))).size))
  return { files: named.length, gzipBytes: sizes.reduce((sum, each) => sum + each, 0) }
}
