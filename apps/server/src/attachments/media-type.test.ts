import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Unavailable } from '../commands/outcome.ts'
import { mediaTypeOf } from './media-type.ts'

let path: string
let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'parley-test-type-'))
  path = join(directory, 'file')
})
afterAll(() => rm(directory, { recursive: true }))

async function typeOf(content: string | Uint8Array, claimed?: string): Promise<string> {
  await writeFile(path, content)
  return mediaTypeOf(path, claimed)
}

test('a file is what its bytes are, whatever the client takes it for', async () => {
  const png = await sharp({ create: { width: 2, height: 2, channels: 3, background: 'red' } })
    .png()
    .toBuffer()
  expect(await typeOf(png, 'text/html')).toBe('image/png')
  expect(await typeOf('%PDF-1.7\n%âãÏÓ', 'image/png')).toBe('application/pdf')
  expect(await typeOf(Buffer.from('504b0304', 'hex'), 'image/jpeg')).toBe('application/zip')
  expect(await typeOf(Buffer.from([0, 1, 2, 3, 255]), 'image/jpeg')).toBe('application/octet-stream')
})

test('a kind of harmless text is believed, because text cannot be told apart', async () => {
  expect(await typeOf('a,b\n1,2\n', 'text/csv')).toBe('text/csv')
  expect(await typeOf('# Title', 'text/markdown; charset=utf-8')).toBe('text/markdown')
  expect(await typeOf('{"a":1}', 'APPLICATION/JSON')).toBe('application/json')
  expect(await typeOf('Grüße, 世界 😀', undefined)).toBe('text/plain')
})

test.each([
  ['<!doctype html><script>alert(1)</script>', 'text/html'],
  ['<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', 'image/svg+xml'],
  ['alert(1)', 'text/javascript'],
  ['body { background: url(//evil.example) }', 'text/css'],
  ['\ufeff<html>', 'application/xhtml+xml'],
])('%j is text, not %s', async (content, claimed) => {
  expect(await typeOf(content, claimed)).toBe('text/plain')
})

test('what declares itself as XML is that, and nothing a browser would draw', async () => {
  const svg = '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'
  expect(await typeOf(svg, 'image/svg+xml')).toBe('application/xml')
})

test('an image that is a page as well is an image', async () => {
  const gif = await sharp({ create: { width: 2, height: 2, channels: 3, background: 'red' } })
    .gif()
    .toBuffer()
  const polyglot = Buffer.concat([gif, Buffer.from('<script>alert(1)</script>')])
  expect(await typeOf(polyglot, 'text/html')).toBe('image/gif')
})

test('a character that the sample cuts in two does not make a text something else', async () => {
  expect(await typeOf(`${'a'.repeat(64 * 1024 - 1)}é`, undefined)).toBe('text/plain')
  expect(await typeOf(Buffer.concat([Buffer.alloc(100, 'a'), Buffer.from([0xc3, 0x28])]), undefined)).toBe(
    'application/octet-stream',
  )
})

test('a file of nothing is nothing in particular', async () => {
  expect(await typeOf('', 'text/plain')).toBe('application/octet-stream')
})

test('[S5] whatever follows the beginning of a known kind of file, it is something', async () => {
  const beginnings = [
    '504b0304',
    '89504e470d0a1a0a',
    'ffd8ff',
    '1a45dfa3',
    '4f676753',
    '494433',
    '3026b2758e66cf11a6d9',
    '52494646',
    '0000001c66747970',
    'd0cf11e0a1b11ae1',
    '1f8b08',
    '49492a00',
    '255044462d',
  ]
  const file = fc.tuple(fc.constantFrom(...beginnings), fc.uint8Array({ maxLength: 200 }))
  await fc.assert(
    fc.asyncProperty(file, async ([beginning, content]) => {
      expect(await typeOf(Buffer.concat([Buffer.from(beginning, 'hex'), content]))).toMatch(
        /^[\w-]+\/[\w.+-]+/,
      )
    }),
    { numRuns: 300 },
  )
})

test('[C4] a file that cannot be read is trouble, and not of an unknown kind', async () => {
  await expect(mediaTypeOf(join(directory, 'missing'), undefined)).rejects.toThrow(Unavailable)
})
