import type { ConversationView } from '@parley/client'
import type { Translate } from '../../i18n/translate.ts'

/** A conversation always has something to call it; a channel is without a name until the server has said it. */
export function titleOf({ title, kind }: Pick<ConversationView, 'title' | 'kind'>, t: Translate): string {
  if (title.trim() !== '') return title
  return t(kind === 'channel' ? 'conversation.untitled.channel' : 'conversation.untitled')
}

/** Every word of the query somewhere in the title; accents and capitals make no difference. */
export function matches(title: string, query: string): boolean {
  const haystack = plain(title)
  return plain(query)
    .split(/\s+/)
    .every((word) => haystack.includes(word))
}

const plain = (text: string): string =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase().trim()
