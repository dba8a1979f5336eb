import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const page = new URL('../../docs/message-journey.md', import.meta.url)
const text = readFileSync(page, 'utf8')

/** "`name` in [file](path)", over a line break too: what the page says is where. */
const said = [...text.matchAll(/`([A-Za-z.]+)`\s+in\s+\[[^\]]+\]\(([^)]+)\)/g)].map(([, name, path]) => ({
  name: name?.split('.').at(-1) ?? '',
  path: path ?? '',
}))

test('every file the page links to is there', () => {
  const links = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, path]) => path ?? '')
  expect(links.length).toBeGreaterThan(20)
  expect(links.filter((path) => !existsSync(new URL(path, page)))).toEqual([])
})

test('every function the page names is in the file it says', () => {
  expect(said.length).toBeGreaterThan(18)
  const isDefined = (name: string, source: string): boolean =>
    new RegExp(`(function|class|const|interface)\\s+${name}\\b|^  ${name}\\(`, 'm').test(source)
  expect(
    said.filter(({ name, path }) => !isDefined(name, readFileSync(new URL(path, page), 'utf8'))),
  ).toEqual([])
})
