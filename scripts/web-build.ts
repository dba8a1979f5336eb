import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const DIST = join(ROOT, 'apps/web/dist')
/** Says from which sources the build in DIST was made. */
const STAMP = join(ROOT, 'node_modules/.cache/parley/web-build')
/** All that the web app is made of; tests are left out. */
const SOURCES = [
  'apps/web',
  'packages/client/src',
  'packages/protocol/src',
  'package-lock.json',
  'scripts/web-build.ts',
]

/** Builds the web app unless the present build was made from the very same sources. Answers whether it had to. */
export async function buildWebIfStale(): Promise<boolean> {
  const digest = await digestOfSources()
  const made = existsSync(STAMP) && existsSync(join(DIST, 'index.html')) ? await readFile(STAMP, 'utf8') : ''
  if (made === digest) return false
  process.stderr.write('Building the web app …\n')
  await asProduction(async () => {
    const { build } = await import('vite')
    await build({ root: join(ROOT, 'apps/web'), logLevel: 'warn' })
  })
  await compressAll()
  await mkdir(dirname(STAMP), { recursive: true })
  await writeFile(STAMP, digest)
  return true
}

/**
 * Vite builds for whatever NODE_ENV says already. Vitest says "test", and that build has React's development
 * copy and no service worker, under the very stamp that `npm start` trusts.
 */
async function asProduction(work: () => Promise<void>): Promise<void> {
  const { NODE_ENV } = process.env
  process.env['NODE_ENV'] = 'production'
  try {
    await work()
  } finally {
    if (NODE_ENV === undefined) delete process.env['NODE_ENV']
    else process.env['NODE_ENV'] = NODE_ENV
  }
}

async function digestOfSources(): Promise<string> {
  const found = await Promise.all(SOURCES.map(filesIn))
  const paths = found.flat().filter((path) => !/\.test\.tsx?$|\/(dist|node_modules)\//.test(path))
  const digest = createHash('sha256')
  for (const path of paths.toSorted()) digest.update(path).update(await readFile(join(ROOT, path)))
  return digest.digest('hex')
}

async function filesIn(path: string): Promise<string[]> {
  if (/\.\w+$/.test(path)) return [path]
  const entries = await readdir(join(ROOT, path), { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length))
}

/** Compressed once here, instead of by the server for every visitor. */
async function compressAll(): Promise<void> {
  const entries = await readdir(DIST, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  for (const path of paths.filter((name) => /\.(js|css|html|svg|json|wasm|webmanifest)$/.test(name))) {
    const content = await readFile(path)
    await writeFile(`${path}.br`, await promisify(brotliCompress)(content))
    await writeFile(`${path}.gz`, await promisify(gzip)(content, { level: 9 }))
  }
}

if (import.meta.main) await buildWebIfStale()
