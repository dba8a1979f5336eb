import type { Attachment, MessageEvent } from '@parley/protocol'
import { parseMarkdown, safeHref, type Block, type Inline } from '../conversation/markdown.ts'
import { isPicture } from '../conversation/pictures.ts'
import type { Pictured } from '../viewer/viewed.ts'

/** A file of a message. */
export interface SharedFile {
  readonly event: MessageEvent
  readonly file: Attachment
}

/** An address that a message names. */
export interface SharedLink {
  readonly event: MessageEvent
  readonly href: string
}

/** A picture whose place on the screen is known. */
export interface SharedPicture extends SharedFile {
  readonly file: Pictured
}

export const isPictured = (shared: SharedFile): shared is SharedPicture =>
  isPicture(shared.file.mediaType) && shared.file.width !== undefined && shared.file.height !== undefined

/** Newest first; of one message in the order in which it has them. */
export const filesOf = (messages: readonly MessageEvent[]): readonly SharedFile[] =>
  newestFirst(messages).flatMap((event) => (event.attachments ?? []).map((file) => ({ event, file })))

/** Newest first; each address once for each message that names it. */
export const linksOf = (messages: readonly MessageEvent[]): readonly SharedLink[] =>
  newestFirst(messages).flatMap((event) => [...addressesIn(event.text)].map((href) => ({ event, href })))

const newestFirst = (messages: readonly MessageEvent[]): readonly MessageEvent[] =>
  messages.toSorted((a, b) => b.seq - a.seq)

function addressesIn(text: string): ReadonlySet<string> {
  const found = new Set<string>()
  const look = (node: Block | Inline): void => {
    const href = node.type === 'link' ? safeHref(node.url) : undefined
    if (href !== undefined && !href.startsWith('mailto:')) found.add(href)
    if ('children' in node) for (const child of node.children) look(child)
  }
  for (const child of parseMarkdown(text).children) look(child)
  return found
}

/** An address in short: where it leads, and to what there. */
export function addressWords(href: string): { readonly site: string; readonly rest: string } {
  const { hostname, pathname, search, hash } = new URL(href)
  const rest = `${pathname}${search}${hash}`
  return { site: hostname.replace(/^www\./, ''), rest: rest === '/' ? '' : readable(rest) }
}

function readable(text: string): string {
  try {
    return decodeURI(text)
  } catch {
    // Not every address is well encoded; as it stands it still leads there.
    return text
  }
}
