import { readFileSync } from 'node:fs'
import { PassThrough, Readable } from 'node:stream'
import type { Command } from 'commander'
import { expect, test } from 'vitest'
import { createProgram } from './program.ts'

const page = readFileSync(new URL('../../../../docs/operating.md', import.meta.url), 'utf8')
const program = createProgram({
  env: {},
  terminal: { input: Readable.from([]), say: () => undefined },
  stdout: new PassThrough(),
  now: Date.now,
})

const leavesOf = (command: Command, path: string[] = []): { path: string[]; command: Command }[] =>
  command.commands.length === 0
    ? [{ path, command }]
    : command.commands.flatMap((each) => leavesOf(each, [...path, each.name()]))

const COMMANDS = leavesOf(program)
const lines = [...page.matchAll(/^(?:npm run admin --|docker .*main\.ts) (\w.*)$/gm)].map(
  ([, line]) => line ?? '',
)

test.each(lines)('the page says "%s", and there is such a command', (line) => {
  const found = COMMANDS.find(({ path }) => `${line} `.startsWith(`${path.join(' ')} `))
  const options = [...line.matchAll(/ (--[\w-]+)/g)].map(([, option]) => option)
  const known = found?.command.options.map(({ long }) => long) ?? []
  expect([found?.path, options.filter((option) => !known.includes(option))]).toEqual([expect.any(Array), []])
})

test('the page shows every command', () => {
  const shown = ({ path }: { path: string[] }) =>
    lines.some((line) => `${line} `.startsWith(`${path.join(' ')} `))
  expect(COMMANDS.filter((each) => !shown(each)).map(({ path }) => path.join(' '))).toEqual([])
})
