import fc from 'fast-check'
import type { Root } from 'mdast'
import { expect, test } from 'vitest'
import { directionOfEnd, parseMarkdown, plainText, safeHref, splitMentions } from './markdown.ts'

const typesIn = (text: string): string[] => {
  const types: string[] = []
  const visit = (node: Root | Root['children'][number]): void => {
    types.push(node.type)
    if ('children' in node) for (const child of node.children) visit(child)
  }
  visit(parseMarkdown(text))
  return types
}

test('bold, italic, struck, code, lists, quotes, headings and links are understood', () => {
  expect(typesIn('**a** *b* `c` https://example.org')).toEqual(
    expect.arrayContaining(['strong', 'emphasis', 'inlineCode', 'link']),
  )
  expect(typesIn('- a\n- b')).toContain('list')
  expect(typesIn('```\na\n```')).toContain('code')
  expect(typesIn('> a')).toContain('blockquote')
  expect(typesIn('~~a~~')).toContain('delete')
  expect(typesIn('about ~5~ km')).not.toContain('delete')
  expect(typesIn('# a')).toContain('heading')
  expect(typesIn('#a')).not.toContain('heading')
})

test('HTML, images, rules and references stay the characters that were typed', () => {
  const texts = [
    '<b onclick="x()">a</b>',
    '![a](https://example.org/a.png)',
    'a\n===',
    '---',
    '&amp;',
    '[a]: /b',
  ]
  for (const text of texts) {
    expect(typesIn(text), text).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/html|image|thematicBreak|definition/)]),
    )
  }
  expect(plainText('<b>a</b> &amp; # b')).toBe('<b>a</b> &amp; # b')
})

test('no text makes the parser fail or produce anything beyond the subset', () => {
  const allowed = new Set(
    'root paragraph heading text strong delete emphasis inlineCode code link list listItem blockquote break'.split(
      ' ',
    ),
  )
  const markup = fc.constantFrom(
    '**',
    '*',
    '_',
    '`',
    '```\n',
    '<',
    '[',
    '](',
    '- ',
    '> ',
    '1. ',
    '\n',
    '#',
    '\\',
    '@',
    'www.',
  )
  fc.assert(
    fc.property(fc.array(fc.oneof(markup, fc.string())), (parts) => {
      const types = typesIn(parts.join(''))
      expect(types.filter((type) => !allowed.has(type))).toEqual([])
    }),
  )
})

test('only addresses of the web and of mail become links', () => {
  expect(safeHref('https://example.org/a')).toBe('https://example.org/a')
  expect(safeHref('mailto:a@example.org')).toBe('mailto:a@example.org')
  for (const url of ['javascript:alert(1)', 'data:text/html,x', 'vbscript:x', '/c/1', 'no address']) {
    expect(safeHref(url), url).toBeUndefined()
  }
})

test('the one-line form has the words without the marks', () => {
  expect(plainText('**Hi** _you_:\n\n- `a`\n- b')).toBe('Hi you: a b')
})

test('only handles of people who are mentioned are marked, also at the end of a sentence', () => {
  const handles = new Set(['ana.s', 'everyone'])
  expect(splitMentions('Ask @ana.s. Or @ben, @everyone', handles)).toEqual([
    { text: 'Ask ' },
    { handle: 'ana.s' },
    { text: '. Or @ben, ' },
    { handle: 'everyone' },
  ])
  expect(splitMentions('mail@ana.s', handles)).toEqual([{ text: 'mail@ana.s' }])
})

test('cutting a text at its mentions loses no character', () => {
  const part = fc.constantFrom('@ana.s', '@everyone', '@', '.', ' ', 'a', '@ANA.S', '_')
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const text = parts.join('')
      const pieces = splitMentions(text, new Set(['ana.s', 'everyone']))
      const joined = pieces.map((piece) => ('text' in piece ? piece.text : `@${piece.handle}`)).join('')
      expect(joined.toLowerCase()).toBe(text.toLowerCase())
    }),
  )
})

test("the direction of a text's end is that of its last paragraph", () => {
  expect(directionOfEnd('Hello\n\nמה שלומך? ok')).toBe('rtl')
  expect(directionOfEnd('مرحبا\n\n1. See you')).toBe('ltr')
  expect(directionOfEnd('مرحبا\nSee you\n\n')).toBe('rtl')
  expect(directionOfEnd('👍 12')).toBeUndefined()
})
