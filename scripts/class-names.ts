import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

/**
 * Classes that no component names, and names that no stylesheet has: neither does anything, and nothing else says so.
 * And what a component's stylesheet says of no class: it reaches every screen as soon as that component has been loaded.
 */
export function classFaults(folder: string): readonly string[] {
  const sheets = new Map(
    globSync('**/*.module.css', { cwd: folder }).map(
      (file) => [file, selectorsOf(read(folder, file))] as const,
    ),
  )
  const named = new Map([...sheets.keys()].map((file) => [file, new Set<string>()] as const))
  const missing: string[] = []
  for (const file of globSync('**/*.{ts,tsx}', { cwd: folder })) {
    const source = read(folder, file)
    for (const [, styles = '', from = ''] of source.matchAll(/import (\w+) from '(\..*\.module\.css)'/g)) {
      const sheet = relative(folder, join(folder, dirname(file), from))
      for (const name of namesOf(source, styles)) {
        named.get(sheet)?.add(name)
        if (!classesOf(sheets.get(sheet) ?? []).has(name)) missing.push(`${file}: ${sheet} has no .${name}`)
      }
      // Chosen by a value: each of the values stands in the same file.
      if (source.includes(`${styles}[`))
        for (const [, value = ''] of source.matchAll(/'([\w-]+)'/g)) named.get(sheet)?.add(value)
    }
  }
  const unused = [...sheets].flatMap(([file, selectors]) =>
    [...classesOf(selectors)]
      .filter((name) => named.get(file)?.has(name) !== true)
      .map((name) => `${file}: nothing uses .${name}`),
  )
  const unbound = [...sheets].flatMap(([file, selectors]) =>
    selectors
      .filter((selector) => !selector.includes('.') && !STEP.test(selector))
      .map((selector) => `${file}: ${selector} has no class`),
  )
  return [...missing, ...unused, ...unbound]
}

/** Of an animation. */
const STEP = /^(from|to|[\d.]+%)$/

const read = (folder: string, file: string): string => readFileSync(join(folder, file), 'utf8')

function selectorsOf(css: string): readonly string[] {
  const rules = css.replaceAll(/\/\*.*?\*\//gs, '').matchAll(/([^{};]+)\{/g)
  return [...rules]
    .map(([, selectors = '']) => selectors.trim())
    .filter((selectors) => !selectors.startsWith('@'))
    .flatMap((selectors) => selectors.split(/,(?![^(]*\))/))
    .map((selector) => selector.trim())
}

const classesOf = (selectors: readonly string[]): ReadonlySet<string> =>
  new Set(selectors.flatMap((each) => [...each.matchAll(/\.([a-z][\w-]*)/gi)].map(([, name = '']) => name)))

const namesOf = (source: string, styles: string): ReadonlySet<string> =>
  new Set(
    [...source.matchAll(new RegExp(String.raw`(?<![\w./-])${styles}\.(\w+)`, 'g'))].map(
      ([, name = '']) => name,
    ),
  )
