import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Block, blocksOf, createComparison } from '../kit/pages.ts'
import { startTestServer, type TestServer } from '../kit/server.ts'

const ROOT = new URL('../../', import.meta.url).pathname
/** Stands between the answers of two blocks; nothing that the server says has it. */
const MARK = '\u001e'

let server: TestServer
let folder: string

beforeAll(async () => {
  server = await startTestServer()
  folder = await mkdtemp(join(tmpdir(), 'parley-page-'))
})
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

/** Runs the commands of a page one after the other in one shell, as its reader would; answers what each block printed. */
async function runPage(blocks: readonly Block[]): Promise<string[]> {
  const script = blocks.map((block) => `${block.text}\nprintf '\\036'`).join('\n')
  const shell = spawn('bash', ['-e', '-u', '-c', script], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, PARLEY: server.url, SOURCES: ROOT },
  })
  const [printed, complained] = await Promise.all([
    text(shell.stdout),
    text(shell.stderr),
    once(shell, 'close'),
  ])
  const answers = printed.split(MARK)
  const ended = blocks[answers.length - 1]
  if (shell.exitCode !== 0)
    throw new Error(
      `the commands at line ${ended?.line} failed:\n${ended?.text}\n${answers.at(-1)}\n${complained}`,
    )
  return answers
}

test('docs/api.md can be walked from top to bottom, and every answer is the one that it shows', async () => {
  const blocks = blocksOf(await readFile(join(ROOT, 'docs/api.md'), 'utf8'))
  const commands = blocks.filter(({ language }) => language === 'sh')
  const answers = await runPage(commands)
  const differs = createComparison()
  let compared = 0
  for (const [index, block] of blocks.entries()) {
    if (block.language === 'sh') continue
    const before = blocks[index - 1]
    if (before?.language !== 'sh') throw new Error(`line ${block.line}: an answer to nothing`)
    const answer = answers[commands.indexOf(before)] ?? ''
    if (block.language === 'json')
      expect(
        `line ${block.line} ${differs(JSON.parse(block.text), JSON.parse(answer)) ?? 'is as it is'}`,
      ).toBe(`line ${block.line} is as it is`)
    else expect(answer.trim()).toBe(block.text.trim())
    compared += 1
  }
  expect(compared).toBeGreaterThan(15)
})

describe('an answer on a page', () => {
  const [one, other] = ['0193a1c0-5b7e-7c3a-9d41-2f6b8c0e1a01', '0193a1c0-6d10-7f52-8b0e-4c9d7a3e2b02']

  test('may have other ids, each always the same, and other times', () => {
    expect(
      createComparison()(
        { a: one, b: one, at: 1_732_147_200_000 },
        { a: other, b: other, at: 1_800_000_000_000 },
      ),
    ).toBeUndefined()
    expect(createComparison()({ a: one, b: one }, { a: other, b: one })).toContain('the answer.b')
  })

  test('has every field, every item and every word that is shown, and no other', () => {
    for (const [shown, real] of [
      [{ a: 1 }, { a: 2 }],
      [{ a: 1 }, { a: 1, b: 1 }],
      [{ a: 1, b: 1 }, { a: 1 }],
      [{ a: [1] }, { a: [1, 1] }],
      [{ a: 'x' }, { a: 'y' }],
      [{ a: one }, { a: 'x' }],
      [{ hash: 'x' }, {}],
      [{ a: null }, { a: {} }],
    ])
      expect(createComparison()(shown, real)).toContain('the answer')
  })
})
