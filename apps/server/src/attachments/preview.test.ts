import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Unavailable } from '../commands/outcome.ts'
import { writePreview } from './preview.ts'

let directory: string
let path: string
let target: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'parley-test-preview-'))
  path = join(directory, 'image')
  target = join(directory, 'preview')
})
afterAll(() => rm(directory, { recursive: true }))

async function preview(image: Uint8Array): Promise<{ width: number; height: number } | undefined> {
  await rm(target, { force: true })
  await writeFile(path, image)
  return writePreview(path, target)
}

const blank = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: 'red' } })

test.each(['jpeg', 'png', 'webp', 'gif', 'avif', 'tiff'] as const)(
  'of a large %s there is a WebP of at most 480 pixels, and its own measure is told',
  async (format) => {
    expect(await preview(await blank(1200, 600).toFormat(format).toBuffer())).toEqual({
      width: 1200,
      height: 600,
    })
    const { format: made, width, height } = await sharp(await readFile(target)).metadata()
    expect([made, width, height]).toEqual(['webp', 480, 240])
  },
)

test('a small image is not made larger', async () => {
  await preview(await blank(20, 10).png().toBuffer())
  const { width, height } = await sharp(await readFile(target)).metadata()
  expect([width, height]).toEqual([20, 10])
})

test('a picture is the way up it was taken, and tells nothing of where and with what', async () => {
  const taken = await blank(800, 600)
    .withMetadata({
      orientation: 6,
      exif: { IFD0: { Model: 'Secret Camera' }, IFD3: { GPSLatitudeRef: 'N' } },
    })
    .jpeg()
    .toBuffer()
  expect(taken.toString('latin1')).toContain('Secret Camera')
  expect(await preview(taken)).toEqual({ width: 600, height: 800 })
  const made = await readFile(target)
  const { width, height, exif, orientation } = await sharp(made).metadata()
  expect({ width, height, exif, orientation }).toEqual({ width: 360, height: 480 })
  expect(made.toString('latin1')).not.toContain('Secret Camera')
})

test('of a moving picture it is the first moment', async () => {
  const frames = await Promise.all(
    ['red', 'blue'].map((background) =>
      sharp({ create: { width: 60, height: 40, channels: 3, background } })
        .png()
        .toBuffer(),
    ),
  )
  const gif = await sharp(frames, { join: { animated: true } })
    .gif()
    .toBuffer()
  expect((await sharp(gif).metadata()).pages).toBe(2)
  expect(await preview(gif)).toEqual({ width: 60, height: 40 })
  const { pages } = await sharp(await readFile(target)).metadata()
  expect(pages).toBeUndefined()
  const { dominant } = await sharp(await readFile(target)).stats()
  expect(dominant.r).toBeGreaterThan(200)
})

test('[S5] a few KB that unfold to gigabytes are not unfolded', async () => {
  const bomb = emptyPng(16_000, 16_000)
  expect(bomb.length).toBeLessThan(64 * 1024)
  const before = process.memoryUsage.rss()
  expect(await preview(bomb)).toBeUndefined()
  expect(process.memoryUsage.rss() - before).toBeLessThan(500 * 2 ** 20)
  // It is refused for its size: a smaller one of the same making is drawn.
  expect(await preview(emptyPng(1_600, 1_600))).toEqual({ width: 1_600, height: 1_600 })
})

/** A black image of one bit a pixel, by hand: nothing that draws would make one so large. */
function emptyPng(width: number, height: number): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = 1
  const rows = deflateSync(Buffer.alloc(height * (1 + Math.ceil(width / 8))))
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data])
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    sum.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, sum])
  }
  const signature = Buffer.from('89504e470d0a1a0a', 'hex')
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', rows),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

test.each([
  ['cut off', async () => (await noise()).subarray(0, 10_000)],
  ['garbled', async () => Buffer.concat([(await noise()).subarray(0, 2_000), Buffer.alloc(10_000, 7)])],
  ['only called an image', () => Promise.resolve(Buffer.from('GIF89a/*<script>alert(1)</script>'))],
])('what is %s has none', async (_how, make) => {
  expect(await preview(await make())).toBeUndefined()
})

const noise = () =>
  sharp({
    create: {
      width: 300,
      height: 300,
      channels: 3,
      background: 'red',
      noise: { type: 'gaussian', mean: 128, sigma: 40 },
    },
  })
    .png()
    .toBuffer()

test('[S5] what libvips could draw and no camera makes is not drawn', async () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="/etc/passwd"/></svg>'
  expect(await preview(Buffer.from(svg))).toBeUndefined()
  expect(await preview(Buffer.from('%PDF-1.4\n'))).toBeUndefined()
})

test('[C4] a disk that takes no preview is trouble, and does not make a picture a broken one', async () => {
  await writeFile(path, await blank(20, 10).png().toBuffer())
  await expect(writePreview(path, join(path, 'preview'))).rejects.toThrow(Unavailable)
})
