import type { Observable } from '@parley/client'
import type { rest } from '@parley/protocol'
import { memo, useMemo } from 'react'
import { Link } from 'wouter'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { useActivity, useName } from '../../people.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { CheckIcon } from '../../ui/icons.tsx'
import { plainText } from '../conversation/markdown.ts'
import { titleOf } from '../inbox/titles.ts'
import { useSaid } from './use-said.ts'
import styles from './notifications.module.css'

/** Who did what, where and when; leads there. A request is answered here. */
export const NotificationRow = memo(function NotificationRow({
  notification,
}: {
  notification: rest.Notification
}) {
  const account = useAccount()
  const { t, formats } = useLanguage()
  const { id, actor, at, conversation, seq } = notification
  const name = useName(actor)
  const { isOnline } = useActivity(actor)
  const said = useSaid(conversation, notification.kind === 'added' ? undefined : seq)
  const words = useWords(notification, name)
  const request = notification.kind === 'friend_request' ? notification.request : undefined
  return (
    <li className={styles.row}>
      <Link
        href={placeOf(notification)}
        className={styles.link}
        data-notification={id}
        // Going there is seeing it; a request is seen once it is answered.
        onClick={() => request === undefined && account.seen(id)}
      >
        <Avatar id={actor} name={name} isOnline={isOnline} />
        <span className={styles.body}>
          <span className={styles.first}>
            <span className={styles.what}>{words}</span>
            <time className={styles.time} dateTime={new Date(at).toISOString()} title={formats.full(at)}>
              {formats.time(at)}
            </time>
          </span>
          {said !== undefined && (
            <bdi className={styles.excerpt}>{plainText(said.text) || filesOf(said.attachments?.length)}</bdi>
          )}
        </span>
      </Link>
      <IconButton
        size="small"
        className={styles.seen ?? ''}
        label={t('notifications.one')}
        aria-keyshortcuts="S"
        icon={<CheckIcon size={18} />}
        onClick={() => account.seen(id)}
      />
      {request !== undefined && (
        <div className={styles.answers}>
          <Button
            size="small"
            look="primary"
            aria-label={t('friends.accept', { name })}
            onClick={() => account.answerFriendRequest(request, true)}
          >
            {t('person.accept')}
          </Button>
          <Button
            size="small"
            aria-label={t('friends.decline', { name })}
            onClick={() => account.answerFriendRequest(request, false)}
          >
            {t('person.decline')}
          </Button>
        </div>
      )}
    </li>
  )

  function filesOf(count = 0): string {
    return count === 0 ? '' : t('message.attachments', { count })
  }
})

/** Where it happened; a request and the answer to one have the friends as their place. */
function placeOf({ conversation, seq }: rest.Notification): string {
  if (conversation === undefined) return '/friends'
  return seq === undefined ? `/c/${conversation}` : `/c/${conversation}/${seq}`
}

function useWords(notification: rest.Notification, actor: string): string {
  const { t } = useLanguage()
  const account = useAccount()
  const { conversation, kind } = notification
  const view = useObservable(
    useMemo(
      () => (conversation === undefined ? NOWHERE : account.conversation(conversation)),
      [account, conversation],
    ),
  )
  const where = view === undefined ? t('conversation.untitled') : titleOf(view, t)
  const isDirect = view?.kind === 'direct'
  switch (kind) {
    case 'mention':
    case 'added':
      return t(`notifications.${kind}`, { actor, where })
    case 'reply':
      return isDirect
        ? t('notifications.reply.direct', { actor })
        : t('notifications.reply', { actor, where })
    case 'direct':
    case 'friend_request':
    case 'request_accepted':
      return t(`notifications.${kind}`, { actor })
  }
}

/** Friend requests happen in no conversation. */
const NOWHERE: Observable<undefined> = { get: () => undefined, subscribe: () => () => undefined }
