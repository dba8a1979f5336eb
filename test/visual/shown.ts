import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import type { Look, Shot } from './studio.ts'

/** What the README and the guide show, in these looks. */
const SHOWN: Readonly<Record<string, readonly Look[]>> = {
  'first-visit': ['light'],
  main: ['phone'],
  'group-read': ['light', 'dark', 'phone'],
  'direct-arabic': ['rtl'],
  'writing-files': ['light'],
  'details-group': ['light'],
  friends: ['light'],
  notifications: ['light'],
  settings: ['dark'],
  'search-found': ['light'],
  keys: ['dark'],
  'state-offline': ['phone'],
  'state-refused': ['phone'],
}

export const isShown = ({ name }: Shot, look: Look): boolean => SHOWN[name]?.includes(look) ?? false

/** As sharp as a good screen is. */
export const SHOWN_SCALE = 1.5

const FOLDER = fileURLToPath(new URL('../../docs/pictures', import.meta.url))

export async function keepShown(look: Look, { name }: Shot, picture: Buffer): Promise<void> {
  await mkdir(FOLDER, { recursive: true })
  await sharp(picture)
    .webp({ quality: 84, effort: 6 })
    .toFile(join(FOLDER, `${name}-${look}.webp`))
}
