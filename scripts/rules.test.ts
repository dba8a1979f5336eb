import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { classFaults } from './class-names.ts'

// The rules that keep the parts apart are worth what they catch: each is broken here once, by a
// file that stands where the rule applies, in a tree of its own with the project's configuration.

const ROOT = fileURLToPath(new URL('..', import.meta.url))

let tree: string
beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), 'parley-rules-'))
  copyFileSync(join(ROOT, '.oxlintrc.json'), join(tree, '.oxlintrc.json'))
})
afterEach(() => rmSync(tree, { recursive: true }))

function write(folder: string, files: Record<string, string>): void {
  mkdirSync(join(tree, folder), { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(tree, folder, name), text)
}

function run(program: string, args: readonly string[]): { readonly isClean: boolean; readonly said: string } {
  const { status, stdout } = spawnSync(join(ROOT, 'node_modules/.bin', program), args, {
    cwd: tree,
    encoding: 'utf8',
  })
  return { isClean: status === 0, said: stdout }
}

const lint = (...args: string[]) => run('oxlint', ['--deny-warnings', ...args])

const importing = (source: string) => `import { x } from '${source}'\n\nexport const y = x\n`

test.each([
  ['packages/protocol/src', '@parley/client', 'The protocol knows nobody'],
  ['packages/protocol/src', 'node:fs', 'does no I/O'],
  ['packages/protocol/src', 'vitest', 'Production never imports tests'],
  ['packages/client/src', '@parley/server/api', 'Nothing imports from an app'],
  ['packages/client/src', '../../../apps/web/src/app.tsx', 'Nothing imports from an app'],
  ['packages/client/src', 'node:crypto', 'declare a port'],
  ['packages/client/src', '../../../test/kit/logs.ts', 'Production never imports tests'],
  ['apps/server/src', '@parley/client', 'The server knows the protocol only'],
  ['apps/server/src', '../../web/src/app.tsx', 'The server knows the protocol only'],
  ['apps/server/src/db', '../../../../test/kit/database.ts', 'Production never imports tests'],
  ['apps/web/src', '@parley/server/api', 'Apps never import each other'],
  ['apps/web/src', '../../server/src/config.ts', 'Apps never import each other'],
  ['apps/web/src', 'node:fs', 'runs in a browser'],
  ['apps/web/src', 'fast-check', 'Production never imports tests'],
])('a file in %s must not import %s', (folder, source, why) => {
  write(folder, { 'broken.ts': importing(source) })
  const { isClean, said } = lint()
  expect(said.replaceAll(/\s+/g, ' ')).toContain(why)
  expect(isClean).toBe(false)
})

test.each([
  ['packages/client/src', '@parley/protocol'],
  ['apps/server/src', '@parley/protocol'],
  ['apps/server/src', 'node:fs'],
  ['apps/web/src', '@parley/client'],
])('a file in %s may import %s', (folder, source) => {
  write(folder, { 'fine.ts': importing(source) })
  expect(lint().isClean).toBe(true)
})

test('a test may import what it needs', () => {
  write('apps/server/src', { 'fine.test.ts': importing('../../../test/kit/database.ts') })
  expect(lint().isClean).toBe(true)
})

test('two files must not import each other', () => {
  write('apps/server/src', { 'a.ts': `export * from './b.ts'\n`, 'b.ts': `export * from './a.ts'\n` })
  expect(lint().said).toContain('import(no-cycle)')
})

test('what switches a rule off has to be needed', () => {
  const off = '// oxlint-disable-next-line typescript/no-explicit-any\n'
  write('apps/server/src', { 'broken.ts': `${off}export const y = 1\n` })
  const { isClean, said } = lint()
  expect(said).toContain('Unused oxlint-disable directive')
  expect(isClean).toBe(false)
})

test.each([
  [
    'no-floating-promises',
    'const later = async (): Promise<number> => 1\nexport function start(): void {\n  later()\n}\n',
  ],
  [
    'switch-exhaustiveness-check',
    `export function f(x: 'a' | 'b'): void {\n  switch (x) {\n    case 'a':\n      break\n  }\n}\n`,
  ],
  ['no-explicit-any', 'export const f = (x: any): number => Number(x)\n'],
])('%s is found', (rule, source) => {
  write('apps/server/src', { 'broken.ts': source })
  writeFileSync(
    join(tree, 'tsconfig.json'),
    JSON.stringify({ extends: join(ROOT, 'tsconfig.base.json'), include: ['apps'] }),
  )
  expect(lint('--type-aware').said).toContain(rule)
})

test.each([
  ['packages/protocol', 'export const title = document.title\n', "Cannot find name 'document'"],
  ['packages/protocol', 'export const { pid } = process\n', "Cannot find name 'process'"],
  ['packages/client', 'export const width = window.innerWidth\n', "Cannot find name 'window'"],
  ['packages/client', 'export const empty = Buffer.alloc(0)\n', "Cannot find name 'Buffer'"],
])('in %s what only browsers or only Node have does not compile: %s', (project, source, fault) => {
  write('src', { 'broken.ts': source })
  const compilerOptions = { noEmit: true, composite: false, incremental: false, rootDir: tree }
  const config = {
    extends: join(ROOT, project, 'tsconfig.json'),
    compilerOptions,
    references: [],
    include: ['src'],
  }
  writeFileSync(join(tree, 'tsconfig.json'), JSON.stringify(config))
  expect(run('tsc', ['-p', tree]).said).toContain(fault)
})

test('every class of a stylesheet is used, every one that is used is there, and no rule reaches beyond them', () => {
  write('src', {
    'row.module.css': '.row {\n  color: red;\n}\n\n.old > .wide,\n[role=row] + a {\n  color: blue;\n}\n',
    'row.tsx': `import styles from './row.module.css'\n\nexport const names = [styles.row, styles.tall]\n`,
  })
  expect(classFaults(join(tree, 'src'))).toEqual([
    'row.tsx: row.module.css has no .tall',
    'row.module.css: nothing uses .old',
    'row.module.css: nothing uses .wide',
    'row.module.css: [role=row] + a has no class',
  ])
  expect(classFaults(join(ROOT, 'apps/web/src'))).toEqual([])
})
