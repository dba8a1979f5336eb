import type { ConversationView, Presence } from '@parley/client'
import type { UserId } from '@parley/protocol'
import { useLocation } from 'wouter'
import { useLanguage } from '../../i18n/language.tsx'
import { useProfile, useOnlineCount } from '../../people.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { IconButton } from '../../ui/button.tsx'
import { BackIcon, PanelIcon } from '../../ui/icons.tsx'
import { titleOf } from '../inbox/titles.ts'
import styles from './conversation.module.css'

interface HeaderProps {
  readonly view: ConversationView
  readonly presence: Presence
  readonly hasDetails: boolean
}

export function Header({ view, presence, hasDetails }: HeaderProps) {
  const { t } = useLanguage()
  const [, navigate] = useLocation()
  const title = titleOf(view, t)
  const toggle = (): void => {
    // Closing goes back where opening came from: the phone's back gesture does the same.
    if (hasDetails) navigate(`/c/${view.id}`, { replace: true })
    else navigate(`/c/${view.id}/details`)
  }
  return (
    <header className={styles.header}>
      <IconButton
        className={styles.back ?? ''}
        label={t('common.back')}
        icon={<BackIcon />}
        hasTip={false}
        onClick={() => navigate('/')}
      />
      <button type="button" className={styles.who} onClick={toggle} aria-expanded={hasDetails}>
        {view.other === undefined ? (
          <Avatar id={view.id} name={title} shape="group" />
        ) : (
          <OtherAvatar user={view.other} name={title} />
        )}
        <span className={styles.titles}>
          <h1 dir="auto">{title}</h1>
          {view.other === undefined ? (
            <GroupLine view={view} presence={presence} />
          ) : (
            <OtherLine user={view.other} />
          )}
        </span>
      </button>
      <IconButton
        label={t(hasDetails ? 'conversation.details.close' : 'conversation.details')}
        icon={<PanelIcon />}
        aria-pressed={hasDetails}
        onClick={toggle}
      />
    </header>
  )
}

const OtherAvatar = ({ user, name }: { user: UserId; name: string }) => (
  <Avatar id={user} name={name} isOnline={useProfile(user)?.online === true} />
)

function GroupLine({ view, presence }: { view: ConversationView; presence: Presence }) {
  const { t } = useLanguage()
  const known = useOnlineCount([...view.members.keys()])
  const online = Math.max(known, presence.active.length)
  const members = t('conversation.members', { count: view.memberCount })
  return (
    <span className={styles.subtitle}>
      {online === 0
        ? members
        : t('conversation.members.online', { members, online: t('conversation.online', { count: online }) })}
    </span>
  )
}

function OtherLine({ user }: { user: UserId }) {
  const { t, formats } = useLanguage()
  const profile = useProfile(user)
  const lastActiveAt = profile?.lastActiveAt
  if (profile?.online === true) return <span className={styles.subtitle}>{t('inbox.online')}</span>
  if (lastActiveAt === undefined) return null
  const ago = formats.relative(lastActiveAt, Date.now())
  return <span className={styles.subtitle}>{t('details.last-active', { ago })}</span>
}
