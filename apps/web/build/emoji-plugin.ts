import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Plugin } from 'vite'

/** Newer ones are empty boxes on many a device: this set was in all systems by the end of 2024. */
const NEWEST_VERSION = 15.1

/** Groups of the data in the order of the picker; the missing one holds parts of emoji, such as skin tones. */
const GROUPS = [0, 1, 3, 4, 5, 6, 7, 8, 9]

interface Given {
  readonly emoji: string
  readonly hexcode: string
  readonly label: string
  readonly tags?: readonly string[]
  readonly group?: number
  readonly order?: number
  readonly version: number
  readonly skins?: readonly { readonly tone: number | readonly number[]; readonly emoji: string }[]
}

type Shortcodes = Readonly<Record<string, string | readonly string[]>>

/** An emoji, what it is called between colons, the best known first, and itself in five tones. */
export type Shape = readonly [emoji: string, names: string, tones?: readonly string[]]

/** The name, and what else it is looked for by. */
export type Words = readonly [label: string, tags: string]

const require = createRequire(import.meta.url)

const read = async <T>(path: string): Promise<T> =>
  JSON.parse(await readFile(require.resolve(`emojibase-data/${path}.json`), 'utf8')) as T

async function all(language: string): Promise<readonly (readonly Given[])[]> {
  const given = await read<readonly Given[]>(`${language}/data`)
  const known = given
    .filter(({ version }) => version <= NEWEST_VERSION)
    .toSorted((a, b) => (a.order ?? 0) - (b.order ?? 0))
  return GROUPS.map((group) => known.filter((each) => each.group === group))
}

/** Each group's emoji. */
export async function shapes(): Promise<readonly (readonly Shape[])[]> {
  const [known, common] = await Promise.all([
    read<Shortcodes>('en/shortcodes/emojibase'),
    read<Shortcodes>('en/shortcodes/github'),
  ])
  return (await all('en')).map((group) =>
    group.map(({ emoji, hexcode, skins = [] }): Shape => {
      const names = [...new Set([common[hexcode] ?? [], known[hexcode] ?? []].flat())].join(' ')
      // Of two people each may have a tone of their own; here both have the same.
      const tones = skins.filter(({ tone }) => typeof tone === 'number').map((each) => each.emoji)
      return tones.length === 5 ? [emoji, names, tones] : [emoji, names]
    }),
  )
}

/** What they are called in a language, in the order of `shapes`. */
export async function words(language: string): Promise<readonly (readonly Words[])[]> {
  return (await all(language)).map((group) =>
    group.map(({ label, tags = [] }): Words => [label, tags.join(' ')]),
  )
}

const PREFIX = 'virtual:emoji/'

/** Makes modules of what the picker needs, a tenth of what the library's own files would weigh. */
export function emoji(): Plugin {
  return {
    name: 'parley-emoji',
    resolveId: (id) => (id.startsWith(PREFIX) ? `\0${id}` : undefined),
    async load(id) {
      if (!id.startsWith(`\0${PREFIX}`)) return undefined
      const wanted = id.slice(PREFIX.length + 1)
      const made = wanted === 'shapes' ? await shapes() : await words(wanted)
      return `export default JSON.parse(${JSON.stringify(JSON.stringify(made))})`
    },
  }
}
