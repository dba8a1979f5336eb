import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { Empty } from '../../ui/empty.tsx'
import { ForwardIcon, HashIcon, PeopleIcon, PersonIcon } from '../../ui/icons.tsx'
import { Logo } from '../../ui/logo.tsx'
import { useOverlay } from '../shell/overlays.ts'
import { KeyHint } from '../keys/key-hint.tsx'
import styles from './welcome.module.css'

/** Beside the list when nothing is open; on the first visit it says how to begin. */
export default function Welcome() {
  const { t } = useLanguage()
  const account = useAccount()
  const me = useObservable(account.me)
  const list = useObservable(account.conversations)
  if (list.state === 'loading') return null
  const isFirst = list.conversations.length === 0
  return (
    <main className={styles.welcome}>
      <Empty
        icon={<Logo size={56} />}
        title={isFirst ? t('welcome.first.title', { name: me.name }) : t('welcome.title')}
        body={isFirst ? t('welcome.first.body') : t('welcome.body')}
      >
        {isFirst ? <Beginnings /> : <Hints />}
      </Empty>
      {isFirst && (
        <p className={styles.handle}>
          {t('welcome.your-name')} <b dir="ltr">@{me.username}</b>
        </p>
      )}
    </main>
  )
}

function Beginnings() {
  const { t } = useLanguage()
  const overlay = useOverlay()
  const [, navigate] = useLocation()
  return (
    <ul className={styles.beginnings}>
      <Beginning
        icon={<PersonIcon />}
        title={t('welcome.friends')}
        body={t('welcome.friends.body')}
        onClick={() => navigate('/friends')}
      />
      <Beginning
        icon={<PeopleIcon />}
        title={t('inbox.new-group')}
        body={t('welcome.group.body')}
        onClick={() => overlay('new-group')}
      />
      <Beginning
        icon={<HashIcon />}
        title={t('channels.title')}
        body={t('welcome.channels.body')}
        onClick={() => navigate('/channels')}
      />
    </ul>
  )
}

interface BeginningProps {
  readonly icon: ReactNode
  readonly title: string
  readonly body: string
  readonly onClick: () => void
}

const Beginning = ({ icon, title, body, onClick }: BeginningProps) => (
  <li>
    <button type="button" className={styles.beginning} onClick={onClick}>
      <span className={styles.icon}>{icon}</span>
      <span className={styles.words}>
        <strong>{title}</strong>
        <span>{body}</span>
      </span>
      <ForwardIcon size={16} />
    </button>
  </li>
)

/** For those who have been here before. */
function Hints() {
  const { t } = useLanguage()
  return (
    <ul className={styles.hints}>
      <li>
        {t('keys.search')} <KeyHint id="search" />
      </li>
      <li>
        {t('keys.next')} <KeyHint id="next" />
      </li>
      <li>
        {t('keys.help')} <KeyHint id="help" />
      </li>
    </ul>
  )
}
