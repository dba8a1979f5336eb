import type { MemberEvent, MetaEvent, UserId } from '@parley/protocol'
import type { Translate } from '../../i18n/translate.ts'

/** The people whose names the words of an event need: who did it, and to whom. */
export const noticePeople = (event: MemberEvent | MetaEvent): readonly UserId[] =>
  event.type === 'member' ? [event.author, event.user] : [event.author]

/** A change of members or of the conversation as a sentence. */
export function noticeWords(event: MemberEvent | MetaEvent, names: readonly string[], t: Translate): string {
  const [author = t('common.someone'), user = t('common.someone')] = names
  return event.type === 'member' ? memberWords(event, author, user, t) : metaWords(event, author, t)
}

function memberWords(event: MemberEvent, author: string, user: string, t: Translate): string {
  const isSelf = user === t('common.you')
  const object = isSelf ? t('common.you.object') : user
  switch (event.cause) {
    case 'created':
      return event.user === event.author
        ? t('event.created.untitled', { author })
        : t('event.added', { author, user: object })
    case 'added':
    case 'removed':
      return t(`event.${event.cause}`, { author, user: object })
    case 'joined':
    case 'left':
      return t(`event.${event.cause}`, { user })
    case 'handover':
      return isSelf ? t('event.handover.you') : t('event.handover', { user })
    case 'role':
      return t(`event.role.${event.role ?? 'member'}`, { author, user: object })
  }
}

/**
 * Whether an event is worth a line: that whoever starts a group is in it is said by the line that
 * they started it.
 */
export const isWorthALine = (event: MemberEvent | MetaEvent): boolean =>
  event.type !== 'member' || event.cause !== 'created' || event.user !== event.author

function metaWords(event: MetaEvent, author: string, t: Translate): string {
  if (event.kind !== undefined) {
    return event.title === undefined || event.title === ''
      ? t('event.created.untitled', { author })
      : t('event.created', { author, title: event.title })
  }
  if (event.archived !== undefined)
    return t(event.archived ? 'event.archived' : 'event.unarchived', { author })
  if (event.title !== undefined) return t('event.renamed', { author, title: event.title })
  if (event.topic === '') return t('event.topic.none', { author })
  if (event.topic !== undefined) return t('event.topic', { author, topic: event.topic })
  if (event.avatar !== undefined) return t('event.avatar', { author })
  return t('event.policy', { author })
}
