import type { ConversationView } from '@parley/client'
import type { Millis, UserId } from '@parley/protocol'
import { memo } from 'react'
import { Link } from 'wouter'
import { useLanguage } from '../../i18n/language.tsx'
import { useProfile } from '../../people.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { AlertIcon, BellOffIcon, ClockIcon, HashIcon } from '../../ui/icons.tsx'
import { LastLineWords } from './last-line.tsx'
import { titleOf } from './titles.ts'
import styles from './inbox.module.css'

interface InboxRowProps {
  readonly view: ConversationView
  readonly isOpen: boolean
  /** What is unread calls for the person. */
  readonly isLoud: boolean
  readonly isMuted: boolean
  /** Within the day that it is. */
  readonly now: Millis
}

export const InboxRow = memo(function InboxRow({ view, isOpen, isLoud, isMuted, now }: InboxRowProps) {
  const { t, formats } = useLanguage()
  const title = titleOf(view, t)
  const hasDraft = view.draft.trim() !== '' && !isOpen
  return (
    <li>
      <Link
        href={`/c/${view.id}`}
        className={styles.row}
        aria-current={isOpen ? 'page' : undefined}
        data-unread={view.unread > 0 || undefined}
        data-quiet={!isLoud || undefined}
        data-gone={view.standing === 'left' || undefined}
      >
        {view.other === undefined ? (
          <Avatar id={view.id} name={title} shape="group" />
        ) : (
          <PersonAvatar user={view.other} name={title} />
        )}
        <span className={styles.body}>
          <span className={styles.first}>
            <span className={styles.naming}>
              {view.kind === 'channel' && (
                <span role="img" aria-label={t('inbox.channel')}>
                  <HashIcon size={14} />
                </span>
              )}
              <bdi className={styles.name}>{title}</bdi>
              {isMuted && (
                <span role="img" aria-label={t('inbox.muted')}>
                  <BellOffIcon size={14} />
                </span>
              )}
            </span>
            {view.activeAt > 0 && (
              <time className={styles.time} dateTime={new Date(view.activeAt).toISOString()}>
                {formats.short(view.activeAt, now)}
              </time>
            )}
          </span>
          <span className={styles.second}>
            <span className={styles.line}>
              {hasDraft ? (
                <>
                  <b className={`${styles.by} ${styles.draft}`}>{t('inbox.draft')}</b>{' '}
                  <bdi className={styles.said}>{view.draft}</bdi>
                </>
              ) : (
                <LastLineWords view={view} />
              )}
            </span>
            <Marks view={view} />
          </span>
        </span>
      </Link>
    </li>
  )
})

function PersonAvatar({ user, name }: { user: UserId; name: string }) {
  return <Avatar id={user} name={name} isOnline={useProfile(user)?.online === true} />
}

/** What wants attention here: not sent, waiting, mentioned, unread. */
function Marks({ view }: { view: ConversationView }) {
  const { t, formats } = useLanguage()
  return (
    <>
      {view.refused > 0 && (
        <span className={styles.refused} role="img" aria-label={t('inbox.not-sent')}>
          <AlertIcon size={16} />
        </span>
      )}
      {view.refused === 0 && view.pending > 0 && (
        <span className={styles.pending} role="img" aria-label={t('inbox.sending')}>
          <ClockIcon size={14} />
        </span>
      )}
      {view.mentions > 0 && (
        <span
          className={styles.mention}
          role="img"
          aria-label={t('inbox.mentions', { count: view.mentions })}
        >
          @
        </span>
      )}
      {view.unread > 0 && (
        <span className={styles.count} role="img" aria-label={t('inbox.unread', { count: view.unread })}>
          {view.unread > 999 ? `${formats.number(999)}+` : formats.number(view.unread)}
        </span>
      )}
    </>
  )
}
