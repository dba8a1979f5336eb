import type { BlockContent, DefinitionContent, PhrasingContent, Root, RootContent } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmAutolinkLiteralFromMarkdown } from 'mdast-util-gfm-autolink-literal'
import { gfmStrikethroughFromMarkdown } from 'mdast-util-gfm-strikethrough'
import { gfmAutolinkLiteral } from 'micromark-extension-gfm-autolink-literal'
import { mayHaveMarkup } from './markup.ts'
import { gfmStrikethrough } from 'micromark-extension-gfm-strikethrough'

/** What a message is made of, once its text has been read. */
export type Block = RootContent | BlockContent | DefinitionContent
export type Inline = PhrasingContent

/**
 * The subset that messages speak: bold, italic, struck, code, links, lists, quotes and headings, which are no more than
 * bold lines here. HTML, images, rules and references are left as the characters that were typed.
 */
const SUBSET = {
  disable: {
    null: [
      'characterReference',
      'codeIndented',
      'definition',
      'htmlFlow',
      'htmlText',
      'labelStartImage',
      'setextUnderline',
      'thematicBreak',
    ],
  },
}

/** Only two tildes: one alone is "about" to most people. */
const STRIKETHROUGH = gfmStrikethrough({ singleTilde: false })

export function parseMarkdown(text: string): Root {
  if (!mayHaveMarkup(text)) {
    return { type: 'root', children: [{ type: 'paragraph', children: [{ type: 'text', value: text }] }] }
  }
  return fromMarkdown(text, {
    extensions: [gfmAutolinkLiteral(), STRIKETHROUGH, SUBSET],
    mdastExtensions: [gfmAutolinkLiteralFromMarkdown(), gfmStrikethroughFromMarkdown()],
  })
}

/** As much of a long text as one line can ever show. */
const LINE_LENGTH = 400

/** The same text in one line and without markup, for lists, quotes and screen readers. */
export function plainText(text: string): string {
  const parts: string[] = []
  collect(parseMarkdown(text.slice(0, LINE_LENGTH)), parts)
  return parts.join('').replace(/\s+/g, ' ').trim()
}

function collect(node: Root | Block | Inline, parts: string[]): void {
  if ('value' in node) parts.push(node.value)
  else if ('children' in node) for (const child of node.children) collect(child, parts)
  else if (node.type === 'break') parts.push(' ')
  if (node.type !== 'root' && isBlock(node)) parts.push(' ')
}

export const isBlock = (node: Block | Inline): boolean =>
  ['paragraph', 'heading', 'listItem', 'code', 'blockquote'].includes(node.type)

const RIGHT_TO_LEFT = /^[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/

/** Which way the last paragraph of a text runs; undefined where it has no letters. */
export function directionOfEnd(text: string): 'ltr' | 'rtl' | undefined {
  const end = text.slice(text.trimEnd().lastIndexOf('\n\n') + 1)
  const letter = /\p{L}/u.exec(end)?.[0]
  return letter === undefined ? undefined : RIGHT_TO_LEFT.test(letter) ? 'rtl' : 'ltr'
}

/** Only addresses that lead out to the web or to a mail program; anything else stays text. */
export function safeHref(url: string): string | undefined {
  const parsed = URL.parse(url)
  return parsed !== null && ['http:', 'https:', 'mailto:'].includes(parsed.protocol) ? parsed.href : undefined
}

export type Piece = { readonly text: string } | { readonly handle: string }

/** What answers whether a word behind an `@` means somebody. */
export type Handles = Pick<ReadonlySet<string>, 'has' | 'size'>

/** Cuts a text at the `@handles` that really mention somebody. */
export function splitMentions(text: string, handles: Handles): readonly Piece[] {
  if (handles.size === 0 || !text.includes('@')) return [{ text }]
  const pieces: Piece[] = []
  let from = 0
  for (const match of text.matchAll(/(?<![\w@])@([a-z0-9_.-]+)/gi)) {
    const handle = knownHandle(match[1] ?? '', handles)
    if (handle === undefined) continue
    if (match.index > from) pieces.push({ text: text.slice(from, match.index) })
    pieces.push({ handle })
    from = match.index + 1 + handle.length
  }
  if (from < text.length) pieces.push({ text: text.slice(from) })
  return pieces
}

/** "@ana." at the end of a sentence mentions ana, although a username may contain the dot. */
function knownHandle(written: string, handles: Handles): string | undefined {
  for (let handle = written.toLowerCase(); handle !== ''; handle = handle.slice(0, -1)) {
    if (handles.has(handle)) return handle
    if (!/[._-]$/.test(handle)) return undefined
  }
  return undefined
}
