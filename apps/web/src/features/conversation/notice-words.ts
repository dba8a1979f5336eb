import type { MemberEvent, MetaEvent, UserId } from '@parley/protocol'
import type { Formats } from '../../i18n/format.ts'
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

type Folded = 'added' | 'removed' | 'joined' | 'left'

function foldedCause({ cause }: MemberEvent): Folded | undefined {
  switch (cause) {
    case 'created':
      return 'added'
    case 'added':
    case 'removed':
    case 'joined':
    case 'left':
      return cause
    case 'handover':
    case 'role':
      return undefined
  }
}

/** Events of which this is the same are told in one line; undefined: this one stands alone. */
export function foldOf(event: MemberEvent | MetaEvent): string | undefined {
  const cause = event.type === 'member' ? foldedCause(event) : undefined
  if (cause === undefined) return undefined
  return cause === 'added' || cause === 'removed' ? `${cause} ${event.author}` : cause
}

interface FoldedPeople {
  /** Who did it. */
  readonly author: string
  /** To whom, as far as they are named. */
  readonly users: readonly string[]
  /** How many more there are. */
  readonly others: number
}

/** "Ana added Ben, Cleo and 5 others": several events that fold, the first of which is `event`. */
export function foldedWords(
  event: MemberEvent,
  people: FoldedPeople,
  t: Translate,
  formats: Formats,
): string {
  const { author, others } = people
  const cause = foldedCause(event)
  const isObject = cause === 'added' || cause === 'removed'
  const named = people.users.map((user) =>
    isObject && user === t('common.you') ? t('common.you.object') : user,
  )
  const users = formats.list(others === 0 ? named : [...named, t('event.others', { count: others })])
  switch (cause) {
    case undefined:
      return noticeWords(event, [author, users], t)
    case 'added':
    case 'removed':
      return t(`event.${cause}`, { author, user: users })
    case 'joined':
    case 'left':
      return t(`event.${cause}.several`, { users })
  }
}

/**
 * Whether an event is worth a line: that whoever starts a group is in it is said by the line that
 * they started it.
 */
export const isWorthALine = (event: MemberEvent | MetaEvent): boolean =>
  event.type !== 'member' || event.cause !== 'created' || event.user !== event.author

function metaWords(event: MetaEvent, author: string, t: Translate): string {
  const { kind, title } = event
  if (kind !== undefined) {
    if (kind === 'direct') return t('event.created.direct', { author })
    if (title === undefined || title === '') return t('event.created.untitled', { author })
    return t(kind === 'channel' ? 'event.created.channel' : 'event.created', { author, title })
  }
  if (event.archived !== undefined)
    return t(event.archived ? 'event.archived' : 'event.unarchived', { author })
  if (title !== undefined) return t('event.renamed', { author, title })
  if (event.topic === '') return t('event.topic.none', { author })
  if (event.topic !== undefined) return t('event.topic', { author, topic: event.topic })
  if (event.avatar !== undefined) return t('event.avatar', { author })
  return t('event.policy', { author })
}
