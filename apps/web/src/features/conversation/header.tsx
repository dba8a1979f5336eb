import type { ConversationView, Presence } from '@parley/client'
import { isMuted, type UserId } from '@parley/protocol'
import { useLocation } from 'wouter'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { useProfile, useOnlineCount } from '../../people.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { IconButton } from '../../ui/button.tsx'
import { BackIcon, BellOffIcon, PanelIcon, SearchIcon } from '../../ui/icons.tsx'
import { titleOf } from '../inbox/titles.ts'
import { ariaKeys } from '../keys/keys.ts'
import { useOverlay } from '../shell/overlays.ts'
import { standingWords } from './standing-words.ts'
import styles from './conversation.module.css'

interface HeaderProps {
  readonly view: ConversationView
  readonly presence: Presence
  readonly hasDetails: boolean
}

export function Header({ view, presence, hasDetails }: HeaderProps) {
  const { t } = useLanguage()
  const [, navigate] = useLocation()
  const overlay = useOverlay()
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
          <span className={styles.title}>
            <h1 dir="auto">{title}</h1>
            <MutedMark view={view} />
          </span>
          <Subtitle view={view} presence={presence} />
        </span>
      </button>
      <IconButton
        label={t('conversation.search')}
        icon={<SearchIcon />}
        aria-keyshortcuts={ariaKeys('search-here')}
        onClick={() => overlay('search-here')}
      />
      <IconButton
        label={t(hasDetails ? 'conversation.details.close' : 'conversation.details')}
        icon={<PanelIcon />}
        aria-pressed={hasDetails}
        onClick={toggle}
      />
    </header>
  )
}

function MutedMark({ view }: { view: ConversationView }) {
  const { t } = useLanguage()
  const preferences = useObservable(useAccount().preferences)
  if (!isMuted(preferences, view.id, Date.now())) return null
  return (
    <span
      role="img"
      aria-label={t('conversation.muted')}
      title={t('conversation.muted')}
      className={styles.muted}
    >
      <BellOffIcon size={15} />
    </span>
  )
}

/** What the conversation is about and who is there; where one cannot take part, why. */
function Subtitle({ view, presence }: { view: ConversationView; presence: Presence }) {
  const { t } = useLanguage()
  const standing = standingWords(view)
  if (standing !== undefined) return <span className={styles.subtitle}>{t(standing)}</span>
  if (view.other !== undefined) return <OtherLine user={view.other} />
  return <GroupLine view={view} presence={presence} />
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
      <span>
        {online === 0
          ? members
          : t('conversation.members.online', {
              members,
              online: t('conversation.online', { count: online }),
            })}
      </span>
      {view.topic !== '' && (
        <span className={styles.topic} title={view.topic}>
          <bdi>{view.topic}</bdi>
        </span>
      )}
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
