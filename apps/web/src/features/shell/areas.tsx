import type { ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { BellIcon, HashIcon, PeopleIcon } from '../../ui/icons.tsx'
import { tip } from '../../ui/tip.ts'
import { useRequestCount } from '../friends/use-request-count.ts'
import { useWaitingCount } from '../notifications/use-waiting-count.ts'
import styles from './areas.module.css'

/** The ways to all that is no conversation, below the list of them. */
export function Areas() {
  const { t } = useLanguage()
  const me = useObservable(useAccount().me)
  const requests = useRequestCount()
  const waiting = useWaitingCount()
  return (
    <nav className={styles.areas} aria-label={t('areas.title')}>
      <Area
        to="/friends"
        icon={<PeopleIcon />}
        label={t('friends.title')}
        count={requests}
        countWords={t('areas.requests', { count: requests })}
      />
      <Area
        to="/notifications"
        icon={<BellIcon />}
        label={t('notifications.title')}
        count={waiting}
        countWords={t('areas.waiting', { count: waiting })}
      />
      <Area to="/channels" icon={<HashIcon />} label={t('areas.channels')} />
      <Area
        to="/settings"
        icon={<Avatar id={me.id} name={me.name} size="small" />}
        label={t('inbox.settings')}
      />
    </nav>
  )
}

interface AreaProps {
  readonly to: string
  readonly icon: ReactNode
  readonly label: string
  readonly count?: number
  readonly countWords?: string
}

function Area({ to, icon, label, count = 0, countWords }: AreaProps) {
  const { formats } = useLanguage()
  const [path] = useLocation()
  const isOpen = path === to || path.startsWith(`${to}/`)
  return (
    <Link
      href={to}
      className={styles.area}
      aria-current={isOpen ? 'page' : undefined}
      {...tip(label, 'above')}
    >
      <span className={styles.icon}>
        {icon}
        {count > 0 && (
          <span className={styles.count} aria-hidden="true">
            {count > 99 ? `${formats.number(99)}+` : formats.number(count)}
          </span>
        )}
      </span>
      <span className={styles.label}>{label}</span>
      {count > 0 && <span className="visually-hidden">{countWords}</span>}
    </Link>
  )
}
