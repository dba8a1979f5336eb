import { createElement, Fragment, memo, type ReactNode, useMemo } from 'react'
import type { Mention } from '@parley/protocol'
import { Link } from 'wouter'
import { PersonLink } from '../person/person-link.tsx'
import { CodeBlock } from './code-block.tsx'
import { type Block, type Inline, parseMarkdown, safeHref, splitMentions } from './markdown.ts'
import styles from './message-text.module.css'

interface MessageTextProps {
  readonly text: string
  /** Who is mentioned, by the words that stand behind an `@`. */
  readonly handles: ReadonlyMap<string, Mention>
  /** The handle of the reader, marked more strongly. */
  readonly ownHandle: string
}

type Naming = Pick<MessageTextProps, 'handles' | 'ownHandle'>

/** A message's text as React elements: nothing a person wrote ever becomes HTML. */
export const MessageText = memo(function MessageText({ text, handles, ownHandle }: MessageTextProps) {
  const { children } = useMemo(() => parseMarkdown(text), [text])
  const naming = { handles, ownHandle }
  return (
    <div className={styles.text} data-jumbo={isJumbo(text) || undefined}>
      {keyed(children, (block) => renderBlock(block, naming))}
    </div>
  )
})

/** A few emoji and nothing else are shown large, as everyone's phone does. */
const isJumbo = (text: string): boolean =>
  // The table of all emoji takes long to compile: most messages show by their first letter that they need none.
  /^\s*(?:\p{Extended_Pictographic}|\p{Regional_Indicator}|[\d#*]\ufe0f)/u.test(text) &&
  /^(?:\p{RGI_Emoji}\s*){1,3}$/v.test(text.trim())

const keyed = <T,>(nodes: readonly T[], render: (node: T) => ReactNode): ReactNode =>
  // A message never changes, so the place of a node is its identity.
  nodes.map((node, i) => createElement(Fragment, { key: i }, render(node)))

function renderBlock(block: Block, naming: Naming): ReactNode {
  switch (block.type) {
    case 'paragraph':
      return <p dir="auto">{keyed(block.children, (child) => renderInline(child, naming))}</p>
    case 'heading':
      // As loud as a message may be: a document's headings would break the page's own.
      return (
        <p dir="auto" data-heading>
          <strong>{keyed(block.children, (child) => renderInline(child, naming))}</strong>
        </p>
      )
    case 'blockquote':
      return (
        <blockquote dir="auto">{keyed(block.children, (child) => renderBlock(child, naming))}</blockquote>
      )
    case 'code':
      return <CodeBlock code={block.value} language={block.lang ?? undefined} />
    case 'list': {
      const items = keyed(block.children, (child) => renderBlock(child, naming))
      return block.ordered === true ? (
        <ol dir="auto" start={block.start ?? 1}>
          {items}
        </ol>
      ) : (
        <ul dir="auto">{items}</ul>
      )
    }
    case 'listItem':
      return <li>{keyed(block.children, (child) => renderListed(child, naming))}</li>
    default:
      // The rest of Markdown is switched off in the parser.
      return null
  }
}

/** A list of single lines is one block of text: paragraphs in it would only spread it out. */
const renderListed = (block: Block, naming: Naming): ReactNode =>
  block.type === 'paragraph'
    ? keyed(block.children, (child) => renderInline(child, naming))
    : renderBlock(block, naming)

function renderInline(inline: Inline, naming: Naming): ReactNode {
  switch (inline.type) {
    case 'text':
      return renderText(inline.value, naming)
    case 'strong':
      return <strong>{keyed(inline.children, (child) => renderInline(child, naming))}</strong>
    case 'emphasis':
      return <em>{keyed(inline.children, (child) => renderInline(child, naming))}</em>
    case 'delete':
      return <del>{keyed(inline.children, (child) => renderInline(child, naming))}</del>
    case 'inlineCode':
      return <code dir="ltr">{inline.value}</code>
    case 'break':
      return <br />
    case 'link':
      return renderLink(
        inline.url,
        keyed(inline.children, (child) => renderInline(child, naming)),
      )
    default:
      return null
  }
}

function renderLink(url: string, words: ReactNode): ReactNode {
  const href = safeHref(url)
  if (href === undefined) return words
  const { origin, pathname } = new URL(href)
  if (origin === location.origin && pathname.startsWith('/c/')) return <Link href={pathname}>{words}</Link>
  return (
    <a href={href} title={href} target="_blank" rel="noopener noreferrer">
      {words}
    </a>
  )
}

const renderText = (text: string, naming: Naming): ReactNode =>
  keyed(splitMentions(text, naming.handles), (piece) =>
    'text' in piece ? piece.text : renderMention(piece.handle, naming),
  )

function renderMention(handle: string, { handles, ownHandle }: Naming): ReactNode {
  const user = handles.get(handle)
  const isOwn = handle === ownHandle || handle === 'everyone'
  const words = (
    <span className={styles.mention} data-own={isOwn || undefined} dir="ltr">
      @{handle}
    </span>
  )
  return user === undefined || user === 'everyone' ? words : <PersonLink user={user}>{words}</PersonLink>
}
