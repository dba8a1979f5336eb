import type { ConversationView } from '@parley/client'
import type { Translate } from '../../i18n/translate.ts'

/** A conversation always has something to call it. */
export const titleOf = ({ title }: Pick<ConversationView, 'title'>, t: Translate): string =>
  title.trim() === '' ? t('conversation.untitled') : title

/** Every word of the query somewhere in the title; accents and capitals make no difference. */
export function matches(title: string, query: string): boolean {
  const haystack = plain(title)
  return plain(query)
    .split(/\s+/)
    .every((word) => haystack.includes(word))
}

const plain = (text: string): string =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase().trim()
