import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { en } from '../apps/web/src/i18n/en/index.ts'
import type { Entry } from '../apps/web/src/i18n/translate.ts'

const FOLDER = fileURLToPath(new URL('../docs/guide', import.meta.url))
const PAGES = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.md'))
  .map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')] as const)

/** What leads somewhere within the project. */
const linksIn = (page: string): readonly string[] =>
  [...page.matchAll(/\]\(([^)\s]+)\)| src="([^"]+)"/g)]
    .map(([, link, picture]) => link ?? picture ?? '')
    .filter((link) => !/^[a-z]+:/.test(link))

/** As GitHub names the places that headings can be linked by. */
const placesIn = (page: string): readonly string[] =>
  [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    (heading ?? '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )

function isThere(from: string, link: string): boolean {
  const [path = '', place] = link.split('#')
  const file = path === '' ? join(FOLDER, from) : join(FOLDER, path)
  return existsSync(file) && (place === undefined || placesIn(readFileSync(file, 'utf8')).includes(place))
}

/** Code may have asterisks that mean themselves; a label may go on in the next line. */
const labelsIn = (page: string): readonly string[] =>
  [...page.replaceAll(/(`+)[^`].*?\1/g, '').matchAll(/\*\*([^*]+)\*\*/g)].map(([, label]) =>
    (label ?? '').replaceAll(/\s+/g, ' '),
  )

const ENTRIES: readonly Entry[] = Object.values(en)
const TEXTS = new Set(
  ENTRIES.flatMap((entry) => (typeof entry === 'string' ? [entry] : Object.values(entry))),
)

test.each(PAGES)('%s leads to pages, places and pictures that are there', (name, page) => {
  expect(linksIn(page).filter((link) => !isThere(name, link))).toEqual([])
})

test.each(PAGES)('%s has in bold what the app says, and nothing else', (_, page) => {
  expect(labelsIn(page).filter((label) => !TEXTS.has(label))).toEqual([])
})

test('every page is found from the first', () => {
  const contents = PAGES.find(([name]) => name === 'README.md')?.[1] ?? ''
  const linked = linksIn(contents)
  expect(
    PAGES.map(([name]) => name).filter((name) => name !== 'README.md' && !linked.includes(name)),
  ).toEqual([])
})
