import type { BlockContent, DefinitionContent, PhrasingContent, Root, RootContent } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmAutolinkLiteralFromMarkdown } from 'mdast-util-gfm-autolink-literal'
import { gfmAutolinkLiteral } from 'micromark-extension-gfm-autolink-literal'

/** What a message is made of, once its text has been read. */
export type Block = RootContent | BlockContent | DefinitionContent
export type Inline = PhrasingContent

/**
 * The subset that messages speak: bold, italic, code, links, lists and quotes. Headings, HTML, images
 * and references are left as the characters that were typed.
 */
const SUBSET = {
  disable: {
    null: [
      'characterReference',
      'codeIndented',
      'definition',
      'headingAtx',
      'htmlFlow',
      'htmlText',
      'labelStartImage',
      'setextUnderline',
      'thematicBreak',
    ],
  },
}

/** Nothing in a text without these can mean anything: most messages need no parser. */
const MAY_MEAN_SOMETHING = /[*_`[<>+\\~@|-]|\d[.)]|https?:|www\.|\n/i

export function parseMarkdown(text: string): Root {
  if (!MAY_MEAN_SOMETHING.test(text)) {
    return { type: 'root', children: [{ type: 'paragraph', children: [{ type: 'text', value: text }] }] }
  }
  return fromMarkdown(text, {
    extensions: [gfmAutolinkLiteral(), SUBSET],
    mdastExtensions: [gfmAutolinkLiteralFromMarkdown()],
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

const isBlock = (node: Block | Inline): boolean =>
  node.type === 'paragraph' || node.type === 'listItem' || node.type === 'code' || node.type === 'blockquote'

/** Only addresses that lead out to the web or to a mail program; anything else stays text. */
export function safeHref(url: string): string | undefined {
  const parsed = URL.parse(url)
  return parsed !== null && ['http:', 'https:', 'mailto:'].includes(parsed.protocol) ? parsed.href : undefined
}

export type Piece = { readonly text: string } | { readonly handle: string }

/** Cuts a text at the `@handles` that really mention somebody. */
export function splitMentions(text: string, handles: ReadonlySet<string>): readonly Piece[] {
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
function knownHandle(written: string, handles: ReadonlySet<string>): string | undefined {
  for (let handle = written.toLowerCase(); handle !== ''; handle = handle.slice(0, -1)) {
    if (handles.has(handle)) return handle
    if (!/[._-]$/.test(handle)) return undefined
  }
  return undefined
}
