import type { PushMessage } from '@parley/protocol'
import type { Translate } from '../../i18n/translate.ts'

/** What a shown notification carries with it, to be joined with the next and to lead somewhere. */
export interface Carried {
  readonly url: string
  readonly conversation?: string
  readonly seq?: number
  /** How many messages it stands for. */
  readonly count: number
}

export interface Shown {
  readonly title: string
  readonly body: string
  /** One for each conversation: a new one takes the place of the one before. */
  readonly tag: string
  readonly carried: Carried
}

/** A notification for a message of the server's or of the app's own; `before` is what is shown of the same tag now. */
export function notificationOf(message: PushMessage, before: Carried | undefined, t: Translate): Shown {
  const { kind, conversation, seq } = message
  const isRequest = kind === 'friend_request' || kind === 'request_accepted'
  // Told twice is shown once.
  const isNew = before?.seq === undefined || seq === undefined || seq > before.seq
  const count = (before?.count ?? 0) + (isNew ? 1 : 0)
  const url = isRequest
    ? '/friends'
    : conversation === undefined
      ? '/'
      : seq === undefined
        ? `/c/${conversation}`
        : `/c/${conversation}/${seq}`
  return {
    ...wordsOf(message, count, t),
    tag: tagOf(message),
    carried: {
      url,
      count,
      ...(conversation !== undefined && { conversation }),
      ...(seq !== undefined && { seq }),
    },
  }
}

export const tagOf = ({ kind, conversation, actor }: PushMessage): string =>
  conversation === undefined ? `${kind}/${actor ?? ''}` : `c/${conversation}`

function wordsOf(message: PushMessage, count: number, t: Translate): Pick<Shown, 'title' | 'body'> {
  const { kind, actor, conversationKind } = message
  if (actor === undefined) {
    const isSaid = kind !== 'added' && kind !== 'friend_request' && kind !== 'request_accepted'
    return { title: 'Parley', body: isSaid ? t('told.push.hidden', { count }) : t('told.push.hidden.other') }
  }
  const title = message.title ?? t('told.push.untitled')
  const said =
    message.text ?? (message.files === undefined ? '' : t('told.push.files', { count: message.files }))
  const withMore = (text: string): string =>
    count > 1 ? t('told.push.more', { text, count: count - 1 }) : text
  if (kind === 'friend_request') return { title: t('told.push.request', { actor }), body: '' }
  if (kind === 'request_accepted') return { title: t('told.push.accepted', { actor }), body: '' }
  if (kind === 'added') return { title: t('told.push.added', { actor, title }), body: '' }
  if (conversationKind === 'direct') return { title: actor, body: withMore(said) }
  if (kind === 'mention') return { title: t('told.push.mention', { actor, title }), body: withMore(said) }
  if (kind === 'reply') return { title: t('told.push.reply', { actor, title }), body: withMore(said) }
  return { title, body: withMore(t('told.push.said', { actor, text: said })) }
}

/** A window of the app, as the service worker sees it. */
export interface Window {
  readonly url: string
  readonly focused: boolean
  readonly visibilityState: string
}

/**
 * Whether the person sees it without a notification. Of what the app itself tells: in any window that is in front of
 * them. Of what comes by push, where the browser wants something shown: only with the conversation open.
 */
export function isInSight(
  windows: readonly Window[],
  { conversation }: PushMessage,
  isPush: boolean,
): boolean {
  return windows.some(({ url, focused, visibilityState }) => {
    if (!focused || visibilityState !== 'visible') return false
    if (!isPush) return true
    return conversation !== undefined && new URL(url).pathname.startsWith(`/c/${conversation}`)
  })
}
