import type { MessageEvent } from '@parley/protocol'
import { expect, test } from 'vitest'
import { addressWords, filesOf, isPictured, linksOf } from './shared-of.ts'

const message = (seq: number, text: string, ...files: readonly object[]): MessageEvent =>
  ({
    type: 'message',
    seq,
    id: `e${seq}`,
    text,
    ...(files.length > 0 && { attachments: files }),
  }) as MessageEvent

test('files stand newest first, those of one message as it has them', () => {
  const [a, b, c] = [{ name: 'a' }, { name: 'b' }, { name: 'c' }]
  const files = filesOf([message(3, '', a, b), message(9, '', c), message(5, 'nothing')])
  expect(files.map(({ file, event }) => [file.name, event.seq])).toEqual([
    ['c', 9],
    ['a', 3],
    ['b', 3],
  ])
})

test('a picture is shown as one only when its place on the screen is known', () => {
  const event = message(1, '')
  const file = { mediaType: 'image/png', width: 2, height: 3 } as never
  expect(isPictured({ event, file })).toBe(true)
  expect(isPictured({ event, file: { mediaType: 'image/png' } as never })).toBe(false)
  expect(isPictured({ event, file: { mediaType: 'image/svg+xml', width: 2, height: 3 } as never })).toBe(
    false,
  )
})

test('links are found where a message shows them, each once, and nothing else that looks like one', () => {
  const links = linksOf([
    message(1, 'see https://example.org/a, again https://example.org/a and [this](https://example.com)'),
    message(4, '- in a list: *https://example.org/b*'),
    message(7, '`https://in.code` and javascript:alert(1) and me@example.org'),
  ])
  expect(links.map(({ href }) => href)).toEqual([
    'https://example.org/b',
    'https://example.org/a',
    'https://example.com/',
  ])
})

test('an address is said by its site and what it leads to there', () => {
  expect(addressWords('https://www.example.org/')).toEqual({ site: 'example.org', rest: '' })
  expect(addressWords('https://example.org/gr%C3%BCn?a=b#c')).toEqual({
    site: 'example.org',
    rest: '/grün?a=b#c',
  })
  expect(addressWords('https://example.org/%E0%A4%A')).toEqual({ site: 'example.org', rest: '/%E0%A4%A' })
})
