import type { Acquaintance, ConversationView, SearchHit } from '@parley/client'
import type { Translate } from '../../i18n/translate.ts'
import type { AppCommand } from '../commands/commands.ts'
import { matches, titleOf } from '../inbox/titles.ts'

/** What a search offers to open. */
export type Choice =
  | { readonly kind: 'conversation'; readonly key: string; readonly view: ConversationView }
  | { readonly kind: 'person'; readonly key: string; readonly person: Acquaintance; readonly name: string }
  | { readonly kind: 'message'; readonly key: string; readonly hit: SearchHit }
  | { readonly kind: 'command'; readonly key: string; readonly command: AppCommand }
  /** The next page of messages. */
  | { readonly kind: 'more'; readonly key: 'more' }

/** Of the conversations, before anything is typed and while it is. */
const LATEST = 6
const SHOWN = 5

/** Conversations whose title has all words that are typed; without any, the latest ones. */
export function conversationChoices(
  views: readonly ConversationView[],
  typed: string,
  t: Translate,
): readonly Choice[] {
  const found =
    typed === ''
      ? views.filter(({ archived }) => !archived)
      : views.filter((view) => matches(titleOf(view, t), typed))
  return found
    .slice(0, typed === '' ? LATEST : SHOWN)
    .map((view) => ({ kind: 'conversation', key: view.id, view }))
}

/** Friends by name or username with whom there is no conversation yet: those who have one are found by it. */
export function peopleChoices(
  friends: readonly Acquaintance[],
  views: readonly ConversationView[],
  typed: string,
): readonly Choice[] {
  if (typed === '') return []
  const withOne = new Set(views.map(({ other }) => other))
  const choices = friends.flatMap((person): Choice[] => {
    const { id, profile } = person
    if (profile === undefined || withOne.has(id)) return []
    const isMeant = matches(`${profile.name} ${profile.username}`, typed.replace(/^@/, ''))
    return isMeant ? [{ kind: 'person', key: id, person, name: profile.name }] : []
  })
  return choices.slice(0, SHOWN)
}
