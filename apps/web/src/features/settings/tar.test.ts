import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tar } from './tar.ts'

test('every system opens it: files of any size, with names in any script', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-tar-'))
  try {
    const files: readonly [string, string][] = [
      ['profile.json', '{"name":"Ana"}'],
      ['empty.txt', ''],
      ['block.txt', 'x'.repeat(512)],
      ['block and more.txt', 'y'.repeat(513)],
      [`Freundinnen – أصدقاء ${'l'.repeat(90)}.jsonl`, 'long name\n'],
    ]
    const archive = tar(
      files.map(([name, content]) => ({ name, content: new Blob([content]) })),
      1_700_000_000_000,
    )
    expect(archive.size % 512).toBe(0)
    writeFileSync(join(folder, 'a.tar'), new Uint8Array(await archive.arrayBuffer()))
    const { status, stderr } = spawnSync('tar', ['-xf', 'a.tar'], { cwd: folder, encoding: 'utf8' })
    expect([status, stderr]).toEqual([0, ''])
    for (const [name, content] of files) expect(readFileSync(join(folder, name), 'utf8')).toBe(content)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
