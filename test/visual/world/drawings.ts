import sharp, { type Sharp } from 'sharp'

/**
 * Pictures as people send them, drawn by code, pixel by pixel: the same bytes each time, and nobody's rights.
 * Not as SVG: the server that runs in this process has forbidden its decoder to read that.
 */

type Colour = readonly [number, number, number]

const colour = (hex: string): Colour => [
  Number.parseInt(hex.slice(1, 3), 16),
  Number.parseInt(hex.slice(3, 5), 16),
  Number.parseInt(hex.slice(5, 7), 16),
]

const within = (value: number): number => Math.min(1, Math.max(0, value))

const mix = ([r, g, b]: Colour, [red, green, blue]: Colour, share: number): Colour => [
  r + (red - r) * share,
  g + (green - g) * share,
  b + (blue - b) * share,
]

/** A picture whose pixels are what `at` says. */
function drawn(width: number, height: number, at: (x: number, y: number) => Colour): Sharp {
  const pixels = Buffer.alloc(width * height * 3)
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const [red, green, blue] = at(x, y)
      const place = (y * width + x) * 3
      pixels[place] = red
      pixels[place + 1] = green
      pixels[place + 2] = blue
    }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
}

/** The same sequence for the same start: a hillside has to be rough, and always the same. */
function roughness(start: number): () => number {
  let state = start
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** A ridge from the left edge to the right one: midpoints moved up and down, each time by less. */
function ridge(start: number, height: number, relief: number): readonly number[] {
  const random = roughness(start)
  let line = [height, height + (random() - 0.5) * relief, height]
  for (let reach = relief; line.length < 200; reach *= 0.55) {
    line = line.flatMap((y, index) => {
      const next = line[index + 1]
      return next === undefined ? [y] : [y, (y + next) / 2 + (random() - 0.5) * reach]
    })
  }
  return line
}

/** The height of a line over `x`, between the two of its points that are next to it. */
function over(line: readonly number[], x: number, width: number): number {
  const place = (x / width) * (line.length - 1)
  const left = line[Math.floor(place)] ?? 0
  const right = line[Math.ceil(place)] ?? left
  return left + (right - left) * (place % 1)
}

/** Each world has the same pictures: one drawing is enough for all. */
function once(draw: () => Promise<Buffer>): () => Promise<Buffer> {
  let drawing: Promise<Buffer> | undefined
  return () => (drawing ??= draw())
}

interface Scene {
  readonly width: number
  readonly height: number
  readonly sky: readonly [string, string, string]
  readonly sun: { readonly x: number; readonly y: number; readonly r: number; readonly colour: string }
  /** From the far one to the near one. */
  readonly hills: readonly string[]
  readonly start: number
}

/** Hills behind hills under a low sun, with the haze and the grain of a photograph. */
function landscape({ width, height, sky, sun, hills, start }: Scene): Promise<Buffer> {
  const [top, middle, bottom] = sky.map(colour) as [Colour, Colour, Colour]
  const shine = colour(sun.colour)
  const ridges = hills.map((fill, index) => {
    const base = height * (0.5 + (index * 0.42) / hills.length)
    const line = ridge(start + index * 97, base, height * (0.34 - index * 0.04))
    return {
      fill: colour(fill),
      heights: Float64Array.from({ length: width }, (_, x) => over(line, x, width)),
    }
  })
  const random = roughness(start)
  return drawn(width, height, (x, y) => {
    const down = (y / height) * 1.5
    let pixel = down < 0.5 ? mix(top, middle, down * 2) : mix(middle, bottom, within(down * 2 - 1))
    const away = Math.hypot(x - sun.x * width, y - sun.y * height) / (sun.r * width)
    pixel = mix(pixel, shine, away < 0.2 ? 1 : 0.55 * within(1 - (away - 0.2) / 0.8) ** 2)
    for (const { fill, heights } of ridges) {
      const depth = y - (heights[x] ?? height)
      if (depth <= 0) continue
      pixel = mix(pixel, mix(fill, bottom, 0.2 * within(depth / (height * 0.3))), within(depth))
    }
    return mix(pixel, [0, 0, 0], 0.05 * random())
  })
    .jpeg({ quality: 82 })
    .toBuffer()
}

export const dawn = once(() =>
  landscape({
    width: 1200,
    height: 750,
    sky: ['#2b4a6f', '#e39a74', '#f8d9a0'],
    sun: { x: 0.68, y: 0.46, r: 0.24, colour: '#fff3cf' },
    hills: ['#8a7d92', '#66688a', '#44506f', '#2a3a52', '#172435'],
    start: 5,
  }),
)

export const valley = once(() =>
  landscape({
    width: 800,
    height: 1000,
    sky: ['#6fa9cf', '#b7d7e4', '#e9f0e2'],
    sun: { x: 0.24, y: 0.2, r: 0.3, colour: '#ffffff' },
    hills: ['#9fb8b4', '#7ea08c', '#5f8666', '#446a45', '#2c4a2f'],
    start: 23,
  }),
)

export const dusk = once(() =>
  landscape({
    width: 1200,
    height: 800,
    sky: ['#1d1b3a', '#6b3f6e', '#e8846b'],
    sun: { x: 0.4, y: 0.62, r: 0.18, colour: '#ffd9a8' },
    hills: ['#5d3f66', '#45335a', '#2f2747', '#1b1930', '#0d0e1c'],
    start: 61,
  }),
)

/** Bars and a line as a spreadsheet draws them; without words, which every machine would set in another face. */
const drawChart = (): Promise<Buffer> => {
  const [width, height, floor, margin] = [1280, 760, 670, 90]
  const random = roughness(11)
  const bars = Array.from({ length: 24 }, (_, n) => 120 + 190 * Math.sin((n / 23) * Math.PI) + random() * 90)
  const mean = ridge(31, 330, 260).filter((_, index) => index % 9 === 0)
  const [paper, grid, bar, line] = ['#fbfcfc', '#dfe5e8', '#7cc3c9', '#d2603a'].map(colour) as [
    Colour,
    Colour,
    Colour,
    Colour,
  ]
  return drawn(width, height, (x, y) => {
    if (x < margin || x > width - margin) return paper
    const place = ((x - margin) / (width - 2 * margin)) * bars.length
    const slope = Math.abs(over(mean, x + 1, width) - over(mean, x - 1, width)) / 2
    const near = Math.abs(y - over(mean, x, width)) / Math.hypot(1, slope)
    let pixel = y % 116 < 2 && y < floor ? grid : paper
    if (Math.abs((place % 1) - 0.5) < 0.32 && y < floor && floor - y < (bars[Math.floor(place)] ?? 0))
      pixel = bar
    if (y >= floor && y < floor + 3) pixel = colour('#8c999f')
    return mix(pixel, line, within(4 - near))
  })
    .png({ compressionLevel: 9 })
    .toBuffer()
}

export const chart = once(drawChart)

/** One empty page, which every reader opens. */
export const pdf = (): Buffer =>
  Buffer.from(
    `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj
trailer<</Root 1 0 R>>
%${'-'.repeat(184_000)}
%%EOF`,
  )

/** An archive with nothing in it, and a long comment. */
export function zip(): Buffer {
  const comment = Buffer.alloc(61_440, 0x20)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(comment.length, 20)
  return Buffer.concat([end, comment])
}
