import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pixelmatch from 'pixelmatch'
import sharp from 'sharp'
import { SHOTS } from './shots.ts'
import type { Look, Shot } from './studio.ts'

/** The screens that are compared with the pictures somebody has looked at, in each look. */
// A conversation in which everything has been read: reading one shows in the list, sooner or later.
const NAMES: readonly string[] = ['sign-in', 'first-visit', 'main', 'friends', 'settings', 'code-and-links']

export const COMPARED: readonly Shot[] = NAMES.map((name) => {
  const shot = SHOTS.find((each) => each.name === name)
  if (shot === undefined) throw new Error(`there is no shot "${name}"`)
  return shot
})

const REVIEWED = fileURLToPath(new URL('baselines', import.meta.url))
/** Where a test leaves what it saw, and in red where that differs. */
const SEEN = fileURLToPath(new URL('../../.cache/visual', import.meta.url))

const fileOf = (look: Look, { name }: Shot): string => `${look}-${name}.png`

/** How different a colour has to be to count, of all the way from black to white; and how many pixels may be so. */
const THRESHOLD = 0.12
const MAX_PIXELS = 60

export async function keepBaseline(look: Look, shot: Shot, picture: Buffer): Promise<void> {
  await mkdir(REVIEWED, { recursive: true })
  await sharp(picture)
    .removeAlpha()
    .png({ compressionLevel: 9, effort: 10 })
    .toFile(join(REVIEWED, fileOf(look, shot)))
}

interface Raster {
  readonly data: Buffer
  readonly width: number
  readonly height: number
}

async function raster(picture: Buffer): Promise<Raster> {
  const { data, info } = await sharp(picture).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  return { data, width: info.width, height: info.height }
}

interface Baseline {
  readonly isRight: (picture: Buffer) => Promise<boolean>
  /** Undefined: as it was. Otherwise in words, with the files to look at. */
  readonly difference: (picture: Buffer) => Promise<string | undefined>
}

export async function baselineOf(look: Look, shot: Shot): Promise<Baseline> {
  const file = join(REVIEWED, fileOf(look, shot))
  const wanted = await raster(await readFile(file))
  const { width, height } = wanted
  const isSize = (seen: Raster): boolean => seen.width === width && seen.height === height
  const count = (seen: Raster, output?: Buffer): number =>
    // Edges of letters and of rounded corners may be smoothed in another way.
    pixelmatch(wanted.data, seen.data, output, width, height, { threshold: THRESHOLD, includeAA: false })

  return {
    isRight: async (picture) => {
      const seen = await raster(picture)
      return isSize(seen) && count(seen) <= MAX_PIXELS
    },
    difference: async (picture) => {
      const seen = await raster(picture)
      const [seenFile, diffFile] = ['seen', 'difference'].map((what) =>
        join(SEEN, what, fileOf(look, shot)),
      ) as [string, string]
      const output = Buffer.alloc(wanted.data.length)
      const pixels = isSize(seen) ? count(seen, output) : undefined
      if (pixels !== undefined && pixels <= MAX_PIXELS) {
        await Promise.all([rm(seenFile, { force: true }), rm(diffFile, { force: true })])
        return undefined
      }
      await Promise.all([seenFile, diffFile].map((each) => mkdir(dirname(each), { recursive: true })))
      await writeFile(seenFile, picture)
      if (pixels === undefined)
        return `it is ${seen.width}×${seen.height} and was ${width}×${height}: ${seenFile}`
      await sharp(output, { raw: { width, height, channels: 4 } })
        .png()
        .toFile(diffFile)
      return `${pixels} pixels differ: ${diffFile} shows where, ${seenFile} is what was seen, ${file} what was wanted`
    },
  }
}
